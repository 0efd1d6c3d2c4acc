package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// newPause handles GET /gateways/:id/pause.
func (h *Handlers) newPause(c *gin.Context) error {
	return h.askPause(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askPause(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.showSwitch(c, status, views.SwitchPage{
		Title: i18n.T(ctx, "account.pause_title", "Account", account.Name), Action: views.AccountPath(account.ID, "pause"),
		Means:  []string{i18n.T(ctx, "account.pause_means"), i18n.T(ctx, "cord.asking_goes_on"), i18n.T(ctx, "account.pause_end")},
		Submit: i18n.T(ctx, "account.pause_submit", "Account", account.Name), Kind: "danger", Icon: "player-pause", Reason: form.Reason, Errors: errs,
	})
}

// pauseAccount handles POST /gateways/:id/pause.
func (h *Handlers) pauseAccount(c *gin.Context) error {
	return h.switchAccount(c, func(a models.GatewayAccount, form switchForm) error {
		return h.Accounts.Pause(c.Request.Context(), person(c), a.ID, form.Reason)
	}, h.askPause, "account.is_paused")
}

// newReopening handles GET /gateways/:id/reopening.
func (h *Handlers) newReopening(c *gin.Context) error {
	return h.askReopening(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askReopening(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.askToSend(c, status, services.AccountSubject(account.ID), views.SwitchPage{
		Title: i18n.T(ctx, "account.reopen_title", "Account", account.Name), Action: views.AccountPath(account.ID, "reopening"),
		Means:  []string{i18n.T(ctx, "account.reopen_means"), i18n.T(ctx, "sending.takes_two")},
		Submit: i18n.T(ctx, "sending.ask"), Kind: "primary", Reason: form.Reason, Errors: errs,
	})
}

// reopenAccount handles POST /gateways/:id/reopening: it asks another controller.
func (h *Handlers) reopenAccount(c *gin.Context) error {
	return h.switchAccount(c, func(a models.GatewayAccount, form switchForm) error {
		_, err := h.Accounts.ProposeReopening(c.Request.Context(), person(c), a.ID, form.Reason, proof(c))
		return err
	}, h.askReopening, "account.reopen_asked")
}

type askAgain func(c *gin.Context, status int, form switchForm, errs views.Errors) error

func (h *Handlers) switchAccount(c *gin.Context, act func(models.GatewayAccount, switchForm) error, again askAgain, done string) error {
	var form switchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	if err = services.CheckReason(form.Reason); err == nil {
		err = act(account, form)
	}
	return afterSwitch(c, form, err, again, done, account.Name)
}

// afterSwitch shows the form again if its reason was refused, and says what was
// done otherwise.
func afterSwitch(c *gin.Context, form switchForm, err error, again askAgain, done, account string) error {
	if errs, ok := formErrors(c, err); ok {
		return again(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	sayIn(c, "amber", done, "Account", account)
	return redirect(c, "/gateways")
}

func (h *Handlers) showSwitch(c *gin.Context, status int, page views.SwitchPage) error {
	page.Shell = h.shell(c, page.Title, "gateways")
	page.Shell.Errors = len(page.Errors) > 0
	return h.show(c, status, views.Switch(page))
}
