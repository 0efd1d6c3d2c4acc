package handlers

import (
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// reviewPayout handles GET /payouts/:no/review.
func (h *Handlers) reviewPayout(c *gin.Context) error {
	p, err := h.underReview(c)
	if err != nil {
		return err
	}
	if p.Stage != models.Draft {
		leave(c, "/payouts/"+p.OrderNo)
		return nil
	}
	return h.showReview(c, http.StatusOK, p, nil)
}

// underReview is the draft that the address names, for its maker alone: the page
// shows what they typed in full.
func (h *Handlers) underReview(c *gin.Context) (models.Payout, error) {
	p, err := models.FindOrder(h.Store.Read(c.Request.Context()), c.Param("no"))
	if err != nil {
		return p, err
	}
	if p.Drafter() != person(c).ID {
		return p, models.Refuse(models.Forbidden, "payout.not_yours")
	}
	return p, nil
}

type submissionForm struct {
	Digest   string `form:"digest"`
	Compared bool   `form:"compared"`
}

// submitPayout handles POST /payouts/:no/submission.
func (h *Handlers) submitPayout(c *gin.Context) error {
	var form submissionForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	p, err := h.underReview(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if !form.Compared && p.CheckSubmit(person(c)) == nil {
		return h.showReview(c, http.StatusUnprocessableEntity, p, views.Errors{{ID: "compared", Text: i18n.T(ctx, "review.compare_first")}})
	}
	digest, err := hex.DecodeString(form.Digest)
	if err != nil {
		return models.Refuse(models.Conflict, "payout.content_changed")
	}
	if err := h.Payouts.Submit(ctx, person(c), p.OrderNo, digest); err != nil {
		return err
	}
	return h.afterSubmission(c, p.OrderNo)
}

// afterSubmission leads to the order and says how many signatures it needs.
func (h *Handlers) afterSubmission(c *gin.Context, no string) error {
	p, err := models.FindOrder(h.Store.Read(c.Request.Context()), no)
	if err != nil {
		return err
	}
	if p.Needed == 1 {
		say(c, "draft.submitted_one")
	} else {
		say(c, "draft.submitted", "Needed", strconv.Itoa(p.Needed))
	}
	return redirect(c, "/payouts/"+no)
}

func (h *Handlers) showReview(c *gin.Context, status int, p models.Payout, errs views.Errors) error {
	page, err := h.review(c, p)
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(c.Request.Context(), "review.title", "Amount", p.Amount(), "Payee", p.PayeeName), "payouts")
	page.Errors, page.Shell.Errors = errs, len(errs) > 0
	return h.show(c, status, views.CheckAnswers(page))
}

// review gathers what is known of a draft.
func (h *Handlers) review(c *gin.Context, p models.Payout) (page views.Review, err error) {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	account, err := models.FindAccount(db, p.AccountID)
	if err != nil {
		return page, err
	}
	page.Payout, page.Digest, page.Gateway = p, hex.EncodeToString(p.Digest), account.Name
	form, err := h.Payouts.Answers(ctx, person(c), p)
	if err != nil {
		return page, err
	}
	checked, err := h.Payouts.Check(ctx, form, p.ID)
	if err != nil {
		return page, err
	}
	for _, w := range checked.Warnings {
		page.Warnings = append(page.Warnings, refusalText(ctx, w))
	}
	_, rail, _ := families.Rail(p.Rail)
	page.Through = i18n.T(ctx, "draft.through", "Account", account.Name, "Currency", p.Currency)
	page.Answers = answerLines(ctx, rail, form, p)
	if err := h.reviewRecords(ctx, db, &page, p); err != nil {
		return page, err
	}
	return page, h.reviewSigners(c, db, &page, account)
}
