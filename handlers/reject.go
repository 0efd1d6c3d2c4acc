package handlers

import (
	"encoding/hex"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
)

type rejectionForm struct {
	Digest  string `form:"digest"`
	Because string `form:"because"`
	Reason  string `form:"reason"`
	proofForm
}

func (f rejectionForm) why() models.Rejection {
	return models.Rejection{For: models.RejectionReason(f.Because), Text: f.Reason}
}

// rejectPayout handles POST /payouts/:no/rejection.
func (h *Handlers) rejectPayout(c *gin.Context) error {
	var form rejectionForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	digest, err := hex.DecodeString(form.Digest)
	if err != nil {
		return models.Refuse(models.Conflict, "payout.content_changed")
	}
	if err = services.CheckRejection(form.why()); err == nil {
		err = h.decide(c, models.ActReject, digest, form.proofForm, func(signed services.Signed) error {
			return h.Payouts.Reject(c.Request.Context(), person(c), c.Param("no"), form.why(), digest, signed)
		})
	}
	return h.afterReason(c, views.Approval{Verdict: "reject", Because: form.Because, Reason: form.Reason}, err, func(p models.Payout) error {
		say(c, "decide.rejected", "Amount", p.Amount().String(), "Payee", p.PayeeName)
		return h.nextToDecide(c)
	})
}
