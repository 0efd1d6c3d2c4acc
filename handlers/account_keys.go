package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

type keysForm struct {
	Key           string `form:"key"`
	Authorization string `form:"authorization"`
	Overlap       string `form:"overlap"`
	Reason        string `form:"reason"`
}

// newKeys handles GET /gateways/:id/keys.
func (h *Handlers) newKeys(c *gin.Context) error {
	return h.askKeys(c, http.StatusOK, keysForm{Overlap: "24"}, nil)
}

// askKeys shows what the keys are called and the form that proposes others. What was typed
// of a secret is never written into a page.
func (h *Handlers) askKeys(c *gin.Context, status int, form keysForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	page := views.AccountKeysPage{Account: account, Overlap: form.Overlap, Overlaps: services.Overlaps, Reason: form.Reason, Errors: errs}
	if page.Waits, err = h.waitingChange(c, h.Store.Read(ctx), models.ChangeKeys, services.AccountSubject(account.ID)); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "account.keys_title", "Account", account.Name), "gateways")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.AccountKeys(page))
}

// proposeKeys handles POST /gateways/:id/keys.
func (h *Handlers) proposeKeys(c *gin.Context) error {
	var form keysForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	overlap, err := strconv.Atoi(form.Overlap)
	if err != nil {
		overlap = -1 // said about the field
	}
	change, err := h.Sender.ProposeKeys(c.Request.Context(), person(c), account.ID, services.NewKeys{
		Keys:    services.Keys{Key: strings.TrimSpace(form.Key), Authorization: strings.TrimSpace(form.Authorization)},
		Overlap: overlap, Reason: form.Reason,
	}, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.askKeys(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "account.keys_proposed")
	return redirect(c, views.ChangePath(change.ID))
}
