package handlers

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// weighApproval adds what has to be looked up beyond the order itself.
func (h *Handlers) weighApproval(ctx context.Context, by models.Person, r *payoutRows, page *views.Approval) error {
	db, p := h.Store.Read(ctx), r.payout
	policy, err := models.PolicyOf(db, p)
	if err != nil {
		return err
	}
	asked, err := askPolicy(db, policy, p)
	if err != nil {
		return err
	}
	page.Types = asked.Answer.Band > 0
	if page.For, err = h.forWhom(ctx, db, r, by); err != nil {
		return err
	}
	page.Why = joinedWords(asked.whyWords(ctx, r.names[p.MakerID], map[models.AccountID]models.GatewayAccount{r.account.ID: r.account}), signedWords(ctx, r.approvals, r.names))
	if page.Chain, err = asked.chain(ctx, db, p); err != nil {
		return err
	}
	if page.Cannot == "" {
		page.After = afterWords(ctx, p, by, r.approvals)
	}
	if page.Place, err = h.placeInInbox(ctx, db, by, p); err != nil {
		return err
	}
	if err := h.weighUnusual(ctx, db, r, asked.Answer, page); err != nil {
		return err
	}
	twins, err := h.Payouts.TwinsOf(ctx, p)
	if err != nil {
		return err
	}
	page.Twins = twinLines(twins)
	if page.Funds, err = h.orderFunds(db, r); err != nil {
		return err
	}
	if page.Files, err = papers(db, r.files); err != nil {
		return err
	}
	page.Limits, page.Expires, page.Blocked = r.meters, r.expires, r.blockedWords(ctx)
	r.weighCutOff(page)
	page.Like, err = replacedOrder(ctx, db, p)
	return err
}

// weighCutOff says how an order that waits for signatures stands to the cut-off of its gateway.
// It informs alone: nothing that is signed waits for it (decision 16).
func (r *payoutRows) weighCutOff(page *views.Approval) {
	if r.payout.Stage != models.AwaitingApproval {
		return
	}
	calendar := r.account.Calendar()
	page.CutOff, page.Window = models.NextCutOff(calendar, r.now), r.window
	page.Later = models.NextCutOff(calendar, page.CutOff.At)
}

// orderFunds are those of the order's account, nil once the order waits for no
// signature: then it is in the sums itself.
func (h *Handlers) orderFunds(db *gorm.DB, r *payoutRows) (*views.OrderFunds, error) {
	if r.payout.Stage != models.AwaitingApproval {
		return nil, nil
	}
	cells, err := models.PayoutCounts(db)
	if err != nil {
		return nil, err
	}
	f, err := models.FundsOf(db, cells, r.account)
	return &views.OrderFunds{Funds: f, Old: r.account.BalanceOld(h.Now())}, err
}

// afterWords say what is missing once the reader has signed.
func afterWords(ctx context.Context, p models.Payout, by models.Person, signed []models.Approval) string {
	missing := p.Asks().Unsigned(append(models.SignersOf(signed), by.Signer()))
	if missing.People() == 0 {
		return i18n.T(ctx, "why.last")
	}
	return i18n.T(ctx, "why.not_last", "Need", views.WayWords(ctx, missing))
}

// weighUnusual adds the flags, details that changed, and the past of the account.
func (h *Handlers) weighUnusual(ctx context.Context, db *gorm.DB, r *payoutRows, answer models.Answer, page *views.Approval) error {
	unusual, err := models.FindUnusual(db, r.payout, r.account.Location(), h.Now())
	if err != nil {
		return err
	}
	page.Flags = flagWords(ctx, unusual, answer)
	if unusual.NewDetails != nil {
		before, ok, err := models.VersionBefore(db, *unusual.NewDetails)
		if err != nil {
			return err
		}
		page.NewDetails = newDetails(*unusual.NewDetails, before, ok, r.names)
	}
	past, err := models.SentTo(db, r.payout.AccountHash, r.payout.Currency, r.payout.ID, models.HistoryLength)
	page.History = history(ctx, r.payout, past)
	return err
}

func newDetails(v, before models.PayeeVersion, known bool, names map[models.PersonID]string) *views.NewDetails {
	details := &views.NewDetails{At: v.CreatedAt, To: v.Last4, By: names[v.CreatedBy]}
	if known && string(before.AccountHash) != string(v.AccountHash) {
		details.From = before.Last4
	}
	return details
}
