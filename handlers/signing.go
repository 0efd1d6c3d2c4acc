package handlers

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// proofPageForm are the fields of the page that comes between a form and its deed.
type proofPageForm struct {
	Typed string `form:"typed"`
	proofForm
}

// typedForm is what somebody typed before they are asked to sign it, and the act that
// they are shown. It travels sealed: keys and numbers stand in no page (I24), and what is
// done is what was typed.
type typedForm struct {
	Form url.Values
	Act  models.Act
	At   time.Time
}

// proven lets a deed of a Signed route be done by whoever proves to be there for it. A
// deed that lacks nothing but the proof is shown to its person on a page of its own, with
// what they typed; their proof comes back to the same route.
func (h *Handlers) proven(action Action) Action {
	return func(c *gin.Context) error {
		errs, err := h.takeProof(c)
		if err != nil {
			return err
		}
		typed := c.Request.PostForm
		err = action(c)
		var needed services.ProofNeeded
		if !errors.As(err, &needed) {
			h.notDone(c, unlessProofless(c, err))
			return err
		}
		if !visitOf(c).signed.Missing() {
			h.notDone(c, err)
			errs, _ = formErrors(c, needed.Why)
		}
		return h.askProof(c, typed, needed.Deed, errs)
	}
}

// unlessProofless is the error of a deed that was signed; others are on record by
// themselves where they have to be.
func unlessProofless(c *gin.Context, err error) error {
	if visitOf(c).signed.Missing() {
		return nil
	}
	return err
}

// takeProof puts back what was typed before the proof was asked for, and checks the proof.
// A proof that does not hold leaves none, and errs say why.
func (h *Handlers) takeProof(c *gin.Context) (errs views.Errors, err error) {
	if c.Request.PostForm.Get("typed") == "" {
		return nil, nil
	}
	var form proofPageForm
	if err := readForm(c, &form); err != nil {
		return nil, err
	}
	typed, err := h.openTyped(c, form.Typed)
	if err != nil {
		return nil, err
	}
	v := visitOf(c)
	c.Request.PostForm, v.typedAt = typed.Form, typed.At
	v.signed, err = h.signed(c, typed.Act, form.proofForm)
	errs, bad := formErrors(c, err)
	if bad {
		v.signed, err = services.Signed{}, nil
	}
	return errs, err
}

// proof is what the person of this request has proven; nothing on a route that is not
// Signed, and before they are asked.
func proof(c *gin.Context) services.Signed { return visitOf(c).signed }

// typed is when the form of this request was typed: before the proof was asked for.
func (v *visit) typed() time.Time {
	if v.typedAt.IsZero() {
		return v.began
	}
	return v.typedAt
}

// askProof shows what is about to be done, and asks for the proof.
func (h *Handlers) askProof(c *gin.Context, typed url.Values, deed services.Deed, errs views.Errors) (err error) {
	ctx := c.Request.Context()
	page := views.SignPage{Act: deed.Verb, Action: c.Request.URL.Path, Name: deed.Name, Reason: deed.Reason, Errors: errs}
	if deed.Kind != "" {
		page.Name = changeTitle(ctx, deed.Kind, deed.Name)
	}
	accounts, err := accountsByID(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	for _, line := range deed.Lines {
		page.Lines = append(page.Lines, kindLine(ctx, deed.Kind, line, accounts))
	}
	if page.Typed, err = h.sealTyped(c, typedForm{typed, deed.Act, visitOf(c).typed()}); err != nil {
		return err
	}
	if page.StepUp, err = h.askStepUp(c, deed.Act); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "sign.title"), visitOf(c).route.section())
	page.Shell.Errors = len(errs) > 0
	return h.show(c, http.StatusUnprocessableEntity, views.Sign(page))
}

// typedPlace binds what was typed to the session and to the address that it is for.
func (h *Handlers) typedPlace(c *gin.Context) string {
	return "typed for " + c.Request.URL.Path + " in " + visitOf(c).session.ID
}

func (h *Handlers) sealTyped(c *gin.Context, typed typedForm) (string, error) {
	text, err := json.Marshal(typed)
	return base64.RawURLEncoding.EncodeToString(h.Vault.Seal(h.typedPlace(c), text)), err
}

func (h *Handlers) openTyped(c *gin.Context, sealed string) (typed typedForm, err error) {
	bytes, err := base64.RawURLEncoding.DecodeString(sealed)
	if err == nil {
		bytes, err = h.Vault.Open(h.typedPlace(c), bytes)
	}
	if err != nil {
		return typed, models.Refuse(models.Forbidden, "form.foreign")
	}
	return typed, json.Unmarshal(bytes, &typed)
}
