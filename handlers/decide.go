package handlers

import (
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

type approvalForm struct {
	Digest string `form:"digest"`
	Whole  string `form:"whole"`
	Opened string `form:"opened"`
	proofForm
}

// approvePayout handles POST /payouts/:no/approval: a signature over the content
// that the approver has seen.
func (h *Handlers) approvePayout(c *gin.Context) error {
	var form approvalForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	digest, err := hex.DecodeString(form.Digest)
	if err != nil {
		return models.Refuse(models.Conflict, "payout.content_changed")
	}
	mistyped, err := h.mistyped(c, form, digest)
	if mistyped || err != nil {
		return err
	}
	no := c.Param("no")
	err = h.decide(c, models.ActApprove, digest, form.proofForm, func(signed services.Signed) error {
		return h.Payouts.Approve(c.Request.Context(), person(c), no, digest, signed.Reading(h.openedAt(c, no, form.Opened)))
	})
	if errs, ok := formErrors(c, err); ok {
		return h.decideAgain(c, views.Approval{Verdict: "approve", Typed: form.Whole, Opened: form.Opened, Errors: errs})
	}
	if isConflict(err) {
		return h.notRecorded(c, no, digest)
	}
	if err != nil {
		return err
	}
	return h.afterApproval(c, no)
}

// decide lets somebody decide who has just proven that they are there, over the content
// that they saw. Content that is another by now is not worth a proof.
func (h *Handlers) decide(c *gin.Context, verb models.ActVerb, digest []byte, proof proofForm, act func(services.Signed) error) error {
	p, err := models.FindOrder(h.Store.Read(c), c.Param("no"))
	if err != nil {
		return err
	}
	signers, err := models.Approvers(h.Store.Read(c), p)
	if err != nil {
		return err
	}
	err = p.CheckApproval(person(c), signers, digest)
	if err != nil {
		h.notDone(c, err)
		return err
	}
	return h.sign(c, p.Act(verb, digest), proof, act)
}

// decideAgain shows the decision's page again, with what was typed and what is wrong.
func (h *Handlers) decideAgain(c *gin.Context, typed views.Approval) error {
	page, err := h.approval(c)
	if err != nil {
		return err
	}
	page.Verdict, page.Typed, page.Opened, page.Errors = typed.Verdict, typed.Typed, typed.Opened, typed.Errors
	page.Because, page.Reason = typed.Because, typed.Reason
	return h.showDecision(c, http.StatusUnprocessableEntity, page)
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
	page.Verdict, page.Typed, page.Opened = "approve", form.Whole, form.Opened
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
	case p.InWindow(h.Now()):
		say(c, "decide.approved_window", "Amount", amount, "Payee", p.PayeeName, "Minutes", strconv.Itoa(int(p.LeavesAt.Sub(h.Now()).Round(time.Minute).Minutes())))
	case missing <= 0 && p.Stage == models.Approved && p.Room == "":
		say(c, "decide.approved_no_room", "Amount", amount, "Payee", p.PayeeName)
	case missing <= 0:
		say(c, "decide.approved_last", "Amount", amount, "Payee", p.PayeeName)
	case missing == 1:
		say(c, "decide.approved_one_more", "Amount", amount, "Payee", p.PayeeName)
	default:
		say(c, "decide.approved_more", "Amount", amount, "Payee", p.PayeeName, "Missing", strconv.Itoa(missing))
	}
	return h.nextToDecide(c)
}

// nextToDecide leads to the first order of this person's inbox, or to the inbox.
func (h *Handlers) nextToDecide(c *gin.Context) error {
	db := h.Store.Read(c.Request.Context())
	inbox, err := models.NewInbox(db, h.Now())
	if err != nil {
		return err
	}
	inbox.Limit = 1
	next, err := inbox.Find(models.ToDecide(db, person(c)))
	if err != nil {
		return err
	}
	if len(next) == 0 {
		return redirect(c, "/approvals")
	}
	return redirect(c, string(views.ApprovalPath(next[0].OrderNo)))
}

type questionForm struct {
	Reason string `form:"reason"`
}

// askMaker handles POST /payouts/:no/question.
func (h *Handlers) askMaker(c *gin.Context) error {
	var form questionForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Payouts.AskMaker(c.Request.Context(), person(c), c.Param("no"), form.Reason)
	return h.afterReason(c, views.Approval{Verdict: "question", Reason: form.Reason}, err, func(p models.Payout) error {
		say(c, "decide.was_asked")
		return redirect(c, string(views.ApprovalPath(p.OrderNo)))
	})
}

// afterReason goes on after a decision in somebody's own words, or shows them again
// where they will not do.
func (h *Handlers) afterReason(c *gin.Context, typed views.Approval, err error, after func(models.Payout) error) error {
	no := c.Param("no")
	if errs, ok := formErrors(c, err); ok {
		typed.Errors = errs
		return h.decideAgain(c, typed)
	}
	if isConflict(err) {
		return h.notRecorded(c, no, nil)
	}
	if err != nil {
		return err
	}
	p, err := models.FindOrder(h.Store.Read(c), no)
	if err != nil {
		return err
	}
	return after(p)
}
