package handlers

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
)

// ownAccounts are those that somebody has declared, and where another is.
func (h *Handlers) ownAccounts(c *gin.Context, of models.PersonID, action string) (own views.OwnAccounts, err error) {
	own.Action = templ.SafeURL(action)
	own.All, err = models.OwnAccountsOf(h.Store.Read(c), of)
	return own, err
}

type ownAccountForm struct {
	Number string `form:"number"`
}

// declareAccount handles POST /profile/accounts.
func (h *Handlers) declareAccount(c *gin.Context) error {
	var form ownAccountForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Payees.DeclareAccount(c.Request.Context(), person(c), person(c).ID, form.Number)
	if errs, ok := formErrors(c, err); ok {
		return h.drawProfile(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	say(c, "own.declared")
	return redirect(c, "/profile")
}

// declareTheirAccount handles POST /people/:id/accounts.
func (h *Handlers) declareTheirAccount(c *gin.Context) error {
	var form ownAccountForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	err = h.Payees.DeclareAccount(c.Request.Context(), person(c), shown.ID, form.Number)
	return h.afterChange(c, shown, rolesOf(shown), err, "own.declared")
}
