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
	page.Opened = h.openedStamp(c, page.Payout.OrderNo, "")
	if page.StepUp, err = h.askDecider(c, page, models.ActApprove); err != nil {
		return err
	}
	mayFrame(c, page.Files)
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
	page.Verdict, page.Opened = verdict, c.Query("opened")
	return h.showDecision(c, http.StatusOK, page)
}

func (h *Handlers) showDecision(c *gin.Context, status int, page views.Approval) error {
	page.Shell = h.shell(c, i18n.T(c.Request.Context(), "decide.title_"+page.Verdict), "approvals")
	page.Shell.Errors, page.Shell.Deciding = len(page.Errors) > 0, page.Cannot == ""
	page.Opened = h.openedStamp(c, page.Payout.OrderNo, page.Opened)
	if act, signed := signedActs[page.Verdict]; signed {
		var err error
		if page.StepUp, err = h.askDecider(c, page, act); err != nil {
			return err
		}
	}
	return h.show(c, status, views.Decide(page))
}

// signedActs are the decisions that are signed.
var signedActs = map[string]models.ActVerb{"approve": models.ActApprove, "reject": models.ActReject}

// askDecider asks whoever may decide to prove that they are there, for what they see.
func (h *Handlers) askDecider(c *gin.Context, page views.Approval, verb models.ActVerb) (views.StepUp, error) {
	if page.Cannot != "" {
		return views.StepUp{}, nil
	}
	return h.askStepUp(c, page.Payout.Act(verb, page.Payout.Digest))
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
		Extra: r.numbersCard().Fields, Digest: hex.EncodeToString(p.Digest), Asked: r.askedMaker(), Changed: r.lastEdit(),
	}
	page.Cannot, page.OnList = cannotDecide(ctx, p, by, r.signers()), refusalText(ctx, r.blocked)
	if page.Cannot == "" {
		if page.Cannot, err = h.ownPayout(ctx, p, by); err != nil {
			return page, err
		}
	}
	if page.Wire, err = h.wire(ctx, p); err != nil {
		return page, err
	}
	return page, h.weighApproval(ctx, by, r, &page)
}

// cannotDecide is why somebody may not decide, "" if they may. A maker is told so
// whatever their roles are.
func cannotDecide(ctx context.Context, p models.Payout, by models.Person, signed []models.PersonID) string {
	err := p.CheckDecide(by, signed)
	if err != nil && p.MadeBy(by.ID) && p.Stage == models.AwaitingApproval {
		err = models.Refuse(models.Forbidden, "payout.own_approval")
	}
	return refusalText(ctx, err)
}

// placeInInbox says which of the reader's orders this is, for the way back.
func (h *Handlers) placeInInbox(ctx context.Context, db *gorm.DB, by models.Person, p models.Payout) (string, error) {
	all, err := models.CountToDecide(db, by)
	if err != nil {
		return "", err
	}
	inbox, err := models.NewInbox(db, h.Now())
	if err != nil {
		return "", err
	}
	at, err := inbox.Place(db, by, p)
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
