package handlers

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// showApproval handles GET /approvals/:no.
func (h *Handlers) showApproval(c *gin.Context) error {
	page, err := h.approval(c)
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(c.Request.Context(), "decide.title", "Amount", page.Payout.Amount(), "Payee", page.Payout.PayeeName), "approvals")
	page.Shell.Deciding = page.Cannot == ""
	return h.show(c, http.StatusOK, views.ApprovalCard(page))
}

// confirmApproval handles GET /approvals/:no/approve, for phones.
func (h *Handlers) confirmApproval(c *gin.Context) error { return h.askDecision(c, "approve") }

// askRejection handles GET /approvals/:no/reject.
func (h *Handlers) askRejection(c *gin.Context) error { return h.askDecision(c, "reject") }

// askQuestion handles GET /approvals/:no/question.
func (h *Handlers) askQuestion(c *gin.Context) error { return h.askDecision(c, "question") }

func (h *Handlers) askDecision(c *gin.Context, verdict string) error {
	page, err := h.approval(c)
	if err != nil {
		return err
	}
	page.Verdict = verdict
	return h.showDecision(c, http.StatusOK, page)
}

func (h *Handlers) showDecision(c *gin.Context, status int, page views.Approval) error {
	page.Shell = h.shell(c, i18n.T(c.Request.Context(), "decide.title_"+page.Verdict), "approvals")
	page.Shell.Errors, page.Shell.Deciding = len(page.Errors) > 0, page.Cannot == ""
	return h.show(c, status, views.Decide(page))
}

// approval reads an order as its approver does.
func (h *Handlers) approval(c *gin.Context) (page views.Approval, err error) {
	ctx, by := c.Request.Context(), person(c)
	r, err := h.readPayout(ctx, c.Param("no"))
	if err != nil {
		return page, err
	}
	p := r.payout
	page = views.Approval{
		Payout: p, Gateway: r.account.Name + ", " + i18n.T(ctx, r.rail.Key), Bank: r.version.BankName, Version: r.version.Number, VersionAt: r.version.CreatedAt,
		Status: ui.StatusArgs{Badge: r.badge(), Contradicted: p.Clash, Grade: int(p.Grade), ByHand: p.ByHand}, Signed: r.deciders(ctx, by),
		Extra: r.numbersCard().Fields, Files: orderFiles(r.files), Digest: hex.EncodeToString(p.Digest), Asked: r.askedMaker(), Changed: r.lastEdit(),
	}
	page.Cannot = cannotDecide(ctx, p, by, r.signers())
	if page.Wire, err = h.wire(ctx, p); err != nil {
		return page, err
	}
	return page, h.weighApproval(ctx, by, r, &page)
}

// cannotDecide is why somebody may not decide, "" if they may. A maker is told so
// whatever their roles are.
func cannotDecide(ctx context.Context, p models.Payout, by models.Person, signed []models.PersonID) string {
	err := p.CheckDecide(by, signed)
	if err != nil && p.MakerID == by.ID && p.Stage == models.AwaitingApproval {
		err = models.Refuse(models.Forbidden, "payout.own_approval")
	}
	return refusalText(ctx, err)
}

// weighApproval adds what has to be looked up beyond the order itself.
func (h *Handlers) weighApproval(ctx context.Context, by models.Person, r *payoutRows, page *views.Approval) error {
	db, p := h.Store.Read(ctx), r.payout
	policy, err := submittedUnder(db, p)
	if err != nil {
		return err
	}
	page.Types = policy.TypesAmount(p.Amount())
	page.Why = policyWords(ctx, policy, p) + " " + signedWords(ctx, r.approvals, r.names)
	if page.Cannot == "" {
		page.After = afterWords(ctx, p.Needed-p.Approvals-1)
	}
	if page.Place, err = placeInInbox(ctx, db, by, p); err != nil {
		return err
	}
	if err := h.weighUnusual(ctx, db, r, page); err != nil {
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
	page.Limits = r.meters
	page.Like, err = replacedOrder(ctx, db, p)
	return err
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

// submittedUnder is the policy that the order is held to; a draft is held to none.
func submittedUnder(db *gorm.DB, p models.Payout) (models.Policy, error) {
	if p.PolicyVersion == 0 {
		return models.CurrentPolicy(db)
	}
	return models.FindPolicy(db, p.PolicyVersion)
}

func afterWords(ctx context.Context, missing int) string {
	if missing <= 0 {
		return i18n.T(ctx, "why.last")
	}
	return i18n.N(ctx, "why.not_last", missing)
}

// weighUnusual adds the flags, details that changed, and the past of the account.
func (h *Handlers) weighUnusual(ctx context.Context, db *gorm.DB, r *payoutRows, page *views.Approval) error {
	unusual, err := models.FindUnusual(db, r.payout, r.account.Location(), h.Now())
	if err != nil {
		return err
	}
	page.Flags = flagWords(ctx, unusual)
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

// placeInInbox says which of the reader's orders this is, for the way back.
func placeInInbox(ctx context.Context, db *gorm.DB, by models.Person, p models.Payout) (string, error) {
	all, err := models.CountToDecide(db, by)
	if err != nil {
		return "", err
	}
	at, err := models.PlaceToDecide(db, by, p)
	if err != nil || at == 0 {
		return i18n.T(ctx, "nav.approvals"), err
	}
	return i18n.T(ctx, "decide.place", "At", i18n.Number(at), "All", i18n.Number(all)), nil
}

// deciders are the signatures as the card shows them, the reader's own line by name.
func (r *payoutRows) deciders(ctx context.Context, by models.Person) []ui.Signature {
	lines := r.signatures(ctx, by)
	for i := range lines {
		if lines[i].You {
			lines[i].Name = i18n.T(ctx, "decide.your_signature")
		}
	}
	return lines
}

// lastEdit is the change after which an order was submitted again, nil if it was
// submitted once.
func (r *payoutRows) lastEdit() *models.Event {
	at := slices.IndexFunc(r.events, func(e models.Event) bool { return e.Verb == string(models.MoveSubmit) })
	edit := r.last(string(models.MoveEdit))
	if at < 0 || edit == nil || edit.Seq < r.events[at].Seq {
		return nil
	}
	return edit
}

// askedMaker is the question that an approver has put to the maker last.
func (r *payoutRows) askedMaker() *views.AskedMaker {
	notice := r.askedNotice()
	if notice == nil {
		return nil
	}
	return &views.AskedMaker{Name: notice.Name, At: notice.At, Text: notice.Words}
}
