package handlers

import (
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
)

type confirmationForm struct {
	Digest string `form:"digest"` // of what was looked at
	proofForm
}

// confirmChange handles POST /changes/:id/confirmation.
func (h *Handlers) confirmChange(c *gin.Context) error {
	var form confirmationForm
	id, err := changeWith(c, &form)
	if err != nil {
		return err
	}
	seen, err := hex.DecodeString(form.Digest)
	if err != nil {
		return models.Refuse(models.Conflict, "change.seen_otherwise")
	}
	change, code, err := h.decideChange(c, id, seen, form.proofForm)
	if errs, ok := formErrors(c, err); ok {
		return h.drawChange(c, http.StatusUnprocessableEntity, refusalForm{}, errs)
	}
	if err == nil && code != "" {
		return h.showCode(c, change, code)
	}
	return afterDecision(c, err, "change.was_confirmed")
}

// decideChange confirms as its person has just signed. What is not theirs to decide is not
// worth a proof. Of a link its code is told, to be shown to them this once.
func (h *Handlers) decideChange(c *gin.Context, id int64, seen []byte, proof proofForm) (change models.Change, code services.Code, err error) {
	if change, err = askedChange(c, h.Store.Read(c)); err != nil {
		return change, "", err
	}
	if err := change.CheckDecide(person(c)); err != nil {
		return change, "", err
	}
	err = h.sign(c, change.ConfirmAct(seen), proof, func(signed services.Signed) (err error) {
		if change.Kind == models.ChangeLink {
			code, err = h.changes.ConfirmLink(c.Request.Context(), actor(c), id, seen, signed)
			return err
		}
		_, err = h.changes.Confirm(c.Request.Context(), actor(c), id, seen, signed)
		return err
	})
	return change, code, err
}

type refusalForm struct {
	Reason string `form:"reason"`
}

// refuseChange handles POST /changes/:id/refusal.
func (h *Handlers) refuseChange(c *gin.Context) error {
	var form refusalForm
	id, err := changeWith(c, &form)
	if err != nil {
		return err
	}
	_, err = h.changes.Refuse(c.Request.Context(), actor(c), id, form.Reason)
	if errs, ok := formErrors(c, err); ok {
		return h.drawChange(c, http.StatusUnprocessableEntity, form, errs)
	}
	return afterDecision(c, err, "change.was_refused")
}

// withdrawChange handles POST /changes/:id/withdrawal.
func (h *Handlers) withdrawChange(c *gin.Context) error {
	id, err := changeWith(c, &struct{}{})
	if err != nil {
		return err
	}
	_, err = h.changes.Withdraw(c.Request.Context(), actor(c), id)
	return afterDecision(c, err, "change.was_withdrawn")
}

// changeWith reads the form and the change that the address names.
func changeWith(c *gin.Context, form any) (int64, error) {
	if err := readForm(c, form); err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, models.Refuse(models.Missing, "change.missing")
	}
	return id, nil
}

func afterDecision(c *gin.Context, err error, done string) error {
	if err != nil {
		return err
	}
	say(c, done)
	return redirect(c, "/changes/"+c.Param("id"))
}
