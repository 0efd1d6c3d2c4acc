package handlers

import (
	"context"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// knownPayeesMost bounds the list that is offered; who has more finds the rest in the
// book.
const knownPayeesMost = 200

// showPayoutForm draws the form with everything that stands around it.
func (h *Handlers) showPayoutForm(c *gin.Context, status int, f filling) error {
	ctx := c.Request.Context()
	checked, err := h.Payouts.Check(ctx, f.form, f.order.ID)
	if err != nil {
		return err
	}
	page := h.payoutFormPage(c, f)
	if len(f.errs) > 0 || f.order.ID != 0 {
		page.Twins = twinLines(checked.Twins)
		page.Warnings = inPageOrder(f.rail, warningWords(ctx, checked.Warnings))
	}
	if err := h.fillAround(c, &page, f, checked); err != nil {
		return err
	}
	return h.show(c, status, views.FillPayout(page))
}

// payoutFormPage is the form as far as it follows from what was typed.
func (h *Handlers) payoutFormPage(c *gin.Context, f filling) views.PayoutForm {
	ctx := c.Request.Context()
	title := i18n.T(ctx, "draft.title_rail", "Rail", i18n.T(ctx, f.rail.Key))
	if f.order.ID != 0 {
		title = i18n.T(ctx, "draft.title_edit", "Rail", i18n.T(ctx, f.rail.Key))
	}
	page := views.PayoutForm{
		Shell: h.shell(c, title, "payouts"), Title: title, OrderNo: f.order.OrderNo, Voids: f.order.Approvals,
		Through:      i18n.T(ctx, "draft.through", "Account", f.account.Name, "Currency", f.rail.Currency),
		Hidden:       hiddenOf(f),
		Errors:       f.errs,
		SomebodyElse: f.form.SomebodyElse, TwinReason: f.form.TwinReason, WarningReason: f.form.WarningReason,
		Payee:  questions(ctx, f.rail, f.form.Values, f.errs, true),
		Extra:  questions(ctx, f.rail, f.form.Values, f.errs, false),
		Amount: f.form.Amount, Currency: f.rail.Currency, Reference: f.form.Reference, Purpose: f.form.Purpose,
		FilesLost: f.files,
	}
	if f.account.Paused != "" {
		page.Paused = i18n.T(ctx, f.account.Paused)
	}
	page.Shell.Errors = len(f.errs) > 0
	return page
}

func hiddenOf(f filling) []views.HiddenField {
	hidden := []views.HiddenField{{Name: "account", Value: accountValue(f.account.ID)}, {Name: "rail", Value: f.rail.ID}}
	if f.form.Replaces != "" {
		hidden = append(hidden, views.HiddenField{Name: "replaces", Value: f.form.Replaces})
	}
	return hidden
}

// fillAround adds what the database knows: other ways, known payees, the past.
func (h *Handlers) fillAround(c *gin.Context, page *views.PayoutForm, f filling, checked services.Checked) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	if checked.Picked != nil {
		picked := knownPayee(*checked.Picked, true)
		page.Picked = &picked
	}
	if f.order.ID == 0 && f.like.ID == 0 {
		if err := h.offer(c, db, page, f); err != nil {
			return err
		}
	}
	if f.like.ID != 0 {
		like := likeOrder(ctx, f.like)
		page.Like = &like
	}
	files, err := models.Files(db, f.order.ID)
	if err != nil {
		return err
	}
	page.Files = orderFiles(files)
	page.Aside, err = h.formAside(ctx, db, person(c).ID, f, checked)
	return err
}

// offer lists the ways of paying, and the payees whose details may be filled in.
func (h *Handlers) offer(c *gin.Context, db *gorm.DB, page *views.PayoutForm, f filling) error {
	all, err := waysOfPaying(db)
	if err != nil {
		return err
	}
	page.Ways = wayLinks(c, all, f.way)
	known, err := models.LatestPayeeVersions(db, f.rail.ID, knownPayeesMost)
	for _, v := range known {
		page.Known = append(page.Known, knownPayee(v, v.ID == f.form.PayeeVersion))
	}
	return err
}

func knownPayee(v models.PayeeVersion, picked bool) views.KnownPayee {
	return views.KnownPayee{Version: v.ID, Name: v.Name, Bank: v.BankName, Last4: v.Last4, Picked: picked, Book: views.PayeePath(v.PayeeID)}
}

func (h *Handlers) formAside(ctx context.Context, db *gorm.DB, by models.PersonID, f filling, checked services.Checked) (views.FormAside, error) {
	aside := views.FormAside{Least: f.rail.Min, Most: f.rail.Max, Usual: f.rail.NormalTime}
	policy, err := models.CurrentPolicy(db)
	if err != nil {
		return aside, err
	}
	sum := checked.Amount
	if sum.IsZero() {
		sum.Currency = f.rail.Currency
	}
	aside.Policy, aside.Bands = policy.Version, bandLines(ctx, policy, sum)
	if aside.Limits, err = h.Payouts.Meters(ctx, by, checked); err != nil {
		return aside, err
	}
	number := checked.Form.Values[f.rail.AccountField]
	if number == "" {
		return aside, nil
	}
	past, err := h.Payouts.SentTo(ctx, number, f.rail.Currency, f.order.ID)
	for _, p := range past {
		aside.Past = append(aside.Past, twinLine(models.Twin{Payout: p}))
	}
	return aside, err
}

// bandLines are the policy's bands of a currency, the one of the sum marked.
func bandLines(ctx context.Context, policy models.Policy, sum models.Money) (lines []views.BandLine) {
	at, bands := policy.BandOf(sum)
	for i := range bands {
		lines = append(lines, views.BandLine{Text: views.BandWords(ctx, bands, i), Here: i == at})
	}
	return lines
}

func warningWords(ctx context.Context, warnings models.Refusals) (found views.Errors) {
	for _, w := range warnings {
		found = append(found, ui.FieldError{ID: w.Field, Text: refusalText(ctx, w)})
	}
	return found
}

func twinLines(twins []models.Twin) (lines []views.TwinLine) {
	for _, twin := range twins {
		lines = append(lines, twinLine(twin))
	}
	return lines
}

func twinLine(twin models.Twin) views.TwinLine {
	return views.TwinLine{Twin: twin, Href: views.PayoutPath(twin.OrderNo), Status: statusOf(twin.Payout)}
}

// statusOf is an order's badge with its proof.
func statusOf(p models.Payout) ui.StatusArgs {
	return ui.StatusArgs{Badge: p.Badge(models.Flags{HeldWhy: p.HeldWhy}), Contradicted: p.Clash, Grade: int(p.Grade), ByHand: p.ByHand}
}

// likeOrder is the order that a form begins with, and of one that failed its proof.
func likeOrder(ctx context.Context, p models.Payout) views.LikeOrder {
	like := views.LikeOrder{
		OrderNo: p.OrderNo, Href: views.PayoutPath(p.OrderNo), Amount: p.Amount(), Status: statusOf(p), Replaces: p.Outcome == models.Failed,
		Proof: failureProof(ctx, p), At: p.StateSince,
	}
	family, _, _ := families.Rail(p.Rail)
	if words := explain(ctx, family, p.CodeText, p.Code); like.Replaces && words != "" {
		like.Words = i18n.T(ctx, "draft.gateway_words", "Words", words)
	}
	return like
}

// failureProof is what an order's failure stands on.
func failureProof(ctx context.Context, p models.Payout) string {
	switch {
	case p.ByHand:
		return i18n.T(ctx, "draft.proof_by_hand")
	case p.Grade == models.E1:
		return i18n.T(ctx, "draft.proof_refused")
	}
	return i18n.T(ctx, "proof.grade_"+strconv.Itoa(int(p.Grade)))
}
