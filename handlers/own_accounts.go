package handlers

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
)

// ownAccounts are those that somebody has declared, and where another is.
func (h *Handlers) ownAccounts(c *gin.Context, of models.PersonID, action string) (own views.OwnAccounts, err error) {
	own.Action, own.Now = templ.SafeURL(action), h.Now()
	db := h.Store.Read(c)
	all, err := models.OwnAccountsOf(db, of)
	if err != nil {
		return own, err
	}
	ends, err := models.EndsOf(db, of)
	for _, a := range all {
		line := views.OwnAccount{OwnAccount: a}
		if end, ended := ends[a.ID]; ended {
			line.CountsUntil = end.CountsUntil
		} else if line.Waits, err = h.waitingChange(c, db, models.ChangeOwnAccount, services.OwnSubject(a.ID)); err != nil {
			return own, err
		}
		own.All = append(own.All, line)
	}
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

type endAccountForm struct {
	Account string `form:"own_account"`
	Reason  string `form:"own_reason"`
}

// endAccount handles POST /profile/accounts/end.
func (h *Handlers) endAccount(c *gin.Context) error {
	var form endAccountForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	errs, err := h.askEnd(c, person(c).ID, form)
	if errs != nil {
		return h.drawProfile(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	say(c, "own.end_proposed")
	return redirect(c, "/profile")
}

// endTheirAccount handles POST /people/:id/accounts/end.
func (h *Handlers) endTheirAccount(c *gin.Context) error {
	var form endAccountForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	errs, err := h.askEnd(c, shown.ID, form)
	if errs != nil {
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, rolesOf(shown), errs)
	}
	if err != nil {
		return err
	}
	say(c, "own.end_proposed")
	return redirect(c, personPath(shown.ID))
}

// askEnd asks for a declaration of somebody to end; errs say what of the form was wrong.
func (h *Handlers) askEnd(c *gin.Context, of models.PersonID, form endAccountForm) (errs views.Errors, err error) {
	id, _ := strconv.ParseInt(form.Account, 10, 64) // 0 is nobody's, and missing
	_, err = h.Payees.EndAccount(c.Request.Context(), person(c), of, id, form.Reason, proof(c))
	errs, ok := formErrors(c, err)
	if !ok {
		return nil, err
	}
	errs[0].ID = "own_reason"
	return errs, nil
}
