package handlers

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
)

// secondStep is where a sign-in goes on after the password.
func secondStep(next string) string {
	if localPath(next) == "/" {
		return "/sign-in/factor"
	}
	return "/sign-in/factor?" + url.Values{"next": {next}}.Encode()
}

// askFactor handles GET /sign-in/factor: it is there for whoever gave a password in this
// browser, and leads everybody else to the door.
func (h *Handlers) askFactor(c *gin.Context) error {
	next := localPath(c.Query("next"))
	if person(c).ID != 0 {
		leave(c, next)
		return nil
	}
	return h.showFactor(c, http.StatusOK, views.FactorPage{Next: next})
}

func (h *Handlers) showFactor(c *gin.Context, status int, page views.FactorPage) error {
	p, err := h.SignIn.Waiting(c.Request.Context(), digestOf(visitOf(c).session.ID))
	if isMissing(err) {
		leave(c, "/sign-in?ended=step")
		return nil
	}
	if err != nil {
		return err
	}
	factors, err := models.FactorsOf(h.Store.Read(c), p.ID)
	if err != nil {
		return err
	}
	page.Codes, page.Recovery = factors.Code != nil, factors.CodesLeft > 0
	if len(factors.Passkeys) > 0 {
		page.Passkey, err = h.askPasskey(c, inTwoSteps, factors.Passkeys)
	}
	if err != nil {
		return err
	}
	return h.show(c, status, views.Factor(page))
}

type codeForm struct {
	Code string `form:"code"`
	Next string `form:"next"`
}

// finishWithCode handles POST /sign-in/code.
func (h *Handlers) finishWithCode(c *gin.Context) error {
	var form codeForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	step := digestOf(visitOf(c).session.ID)
	err := h.enterAnew(c, func(stored models.Session) error {
		return h.SignIn.FinishWithCode(c.Request.Context(), step, form.Code, stored)
	})
	return h.afterFactor(c, err, form.Next)
}

type passkeyForm struct {
	Answer string `form:"answer,raw"`
	Next   string `form:"next"`
}

// finishWithPasskey handles POST /sign-in/factor.
func (h *Handlers) finishWithPasskey(c *gin.Context) error {
	var form passkeyForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	said, err := h.ceremony(c, inTwoSteps, form.Answer)
	if err == nil {
		step := digestOf(visitOf(c).session.ID)
		err = h.enterAnew(c, func(stored models.Session) error {
			return h.SignIn.FinishWithPasskey(c.Request.Context(), step, said, stored)
		})
	}
	return h.afterFactor(c, err, form.Next)
}

// afterFactor lets somebody go where they wanted, or asks again.
func (h *Handlers) afterFactor(c *gin.Context, err error, next string) error {
	switch {
	case err == nil:
		return redirect(c, localPath(next))
	case isMissing(err):
		return redirect(c, "/sign-in?ended=step")
	case !isRefusal(err):
		return err
	}
	return h.showFactor(c, statuses[refusalsIn(err)[0].Kind], views.FactorPage{
		Next: localPath(next), Wrong: refusalText(c.Request.Context(), err),
	})
}

// signInWithPasskey handles POST /sign-in/passkey: a passkey that its owner unlocked
// stands for login, password and second factor.
func (h *Handlers) signInWithPasskey(c *gin.Context) error {
	var form passkeyForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	said, err := h.ceremony(c, atDoor, form.Answer)
	if err == nil {
		err = h.enterAnew(c, func(stored models.Session) error { return h.SignIn.Enter(c.Request.Context(), said, stored) })
	}
	if isRefusal(err) {
		return h.showSignIn(c, statuses[refusalsIn(err)[0].Kind], views.SignInPage{
			Next: localPath(form.Next), Wrong: refusalText(c.Request.Context(), err),
		})
	}
	if err != nil {
		return err
	}
	return redirect(c, localPath(form.Next))
}

// lacksFactor says whether this installation asks everyone for a second factor, and this
// session was opened without one. What cannot be read counts as asked for.
func (h *Handlers) lacksFactor(c *gin.Context) bool {
	if visitOf(c).stored.Factor != "" {
		return false
	}
	demanded, err := models.ReadSetting(h.Store.Read(c), models.SettingFactor)
	return err != nil || demanded != ""
}
