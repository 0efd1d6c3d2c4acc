package handlers

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

type approvalForm struct {
	Digest string `form:"digest"`
	Whole  string `form:"whole"`
}

// approvePayout handles POST /payouts/:no/approval: a signature over the content
// that the approver has seen.
func (h *Handlers) approvePayout(c *gin.Context) error {
	var form approvalForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	digest, err := hex.DecodeString(form.Digest)
	if err != nil {
		return models.Refuse(models.Conflict, "payout.content_changed")
	}
	mistyped, err := h.mistyped(c, form, digest)
	if mistyped || err != nil {
		return err
	}
	err = h.Payouts.Approve(ctx, person(c), no, digest)
	if isConflict(err) {
		return h.notRecorded(c, no, digest)
	}
	if err != nil {
		return err
	}
	return h.afterApproval(c, no)
}

// mistyped answers with the form again where the amount has to be typed and was
// not: the digest says that the reader saw this content, the amount that they
// looked at it.
func (h *Handlers) mistyped(c *gin.Context, form approvalForm, digest []byte) (bool, error) {
	page, err := h.approval(c)
	if err != nil || page.Cannot != "" || !page.Types || string(digest) != string(page.Payout.Digest) {
		return false, err
	}
	if sameAmount(form.Whole, page.Payout.Amount()) {
		return false, nil
	}
	ctx := c.Request.Context()
	page.Verdict, page.Typed = "approve", form.Whole
	page.Errors = views.Errors{{ID: "whole", Text: i18n.T(ctx, "decide.amount_differs", "Currency", page.Payout.Currency)}}
	return true, h.showDecision(c, http.StatusUnprocessableEntity, page)
}

// sameAmount compares what was typed with the whole units of a sum, or with all
// of it.
func sameAmount(typed string, sum models.Money) bool {
	typed = strings.ReplaceAll(typed, " ", "")
	grouped, _ := sum.Grouped()
	whole := strings.ReplaceAll(grouped, ",", "")
	if typed == grouped || typed == whole {
		return true
	}
	read, err := models.ParseMoney(typed, sum.Currency)
	return err == nil && read == sum
}

func isConflict(err error) bool {
	var refusal models.Refusal
	return errors.As(err, &refusal) && refusal.Kind == models.Conflict
}

// afterApproval says how many signatures are still needed, and goes on to the
// next order that waits for this person.
func (h *Handlers) afterApproval(c *gin.Context, no string) error {
	p, err := models.FindOrder(h.Store.Read(c.Request.Context()), no)
	if err != nil {
		return err
	}
	amount, missing := p.Amount().String(), p.Needed-p.Approvals
	switch {
	case missing <= 0:
		say(c, "decide.approved_last", "Amount", amount, "Payee", p.PayeeName)
	case missing == 1:
		say(c, "decide.approved_one_more", "Amount", amount, "Payee", p.PayeeName)
	default:
		say(c, "decide.approved_more", "Amount", amount, "Payee", p.PayeeName, "Missing", strconv.Itoa(missing))
	}
	return h.nextToDecide(c)
}

// nextToDecide leads to the order that has waited longest for this person, or to
// the inbox.
func (h *Handlers) nextToDecide(c *gin.Context) error {
	next, err := models.Inbox{Limit: 1}.Find(models.ToDecide(h.Store.Read(c.Request.Context()), person(c)))
	if err != nil {
		return err
	}
	if len(next) == 0 {
		return redirect(c, "/approvals")
	}
	return redirect(c, string(views.ApprovalPath(next[0].OrderNo)))
}

type reasonedForm struct {
	Reason string `form:"reason"`
}

// rejectPayout handles POST /payouts/:no/rejection.
func (h *Handlers) rejectPayout(c *gin.Context) error {
	return h.decideWithReason(c, "reject", h.Payouts.Reject, func(p models.Payout) error {
		say(c, "decide.rejected", "Amount", p.Amount().String(), "Payee", p.PayeeName)
		return h.nextToDecide(c)
	})
}

// askMaker handles POST /payouts/:no/question.
func (h *Handlers) askMaker(c *gin.Context) error {
	return h.decideWithReason(c, "question", h.Payouts.AskMaker, func(p models.Payout) error {
		say(c, "decide.was_asked")
		return redirect(c, string(views.ApprovalPath(p.OrderNo)))
	})
}

// decideWithReason decides in somebody's own words, and shows them again where
// they will not do.
func (h *Handlers) decideWithReason(
	c *gin.Context, verdict string, decide func(context.Context, models.Person, string, string) error, after func(models.Payout) error,
) error {
	var form reasonedForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	err := decide(ctx, person(c), no, form.Reason)
	if errs, ok := formErrors(c, err); ok {
		page, err := h.approval(c)
		if err != nil {
			return err
		}
		page.Verdict, page.Reason, page.Errors = verdict, form.Reason, errs
		return h.showDecision(c, http.StatusUnprocessableEntity, page)
	}
	if isConflict(err) {
		return h.notRecorded(c, no, nil)
	}
	if err != nil {
		return err
	}
	p, err := models.FindOrder(h.Store.Read(ctx), no)
	if err != nil {
		return err
	}
	return after(p)
}
