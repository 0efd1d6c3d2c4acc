package services

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// Verdicts settle by two people what no evidence of the gateway has settled.
type Verdicts struct{ *Core }

// Proposal is what the first of the two fills in.
type Proposal struct {
	Says        string // paid, not_paid, look_again; for a contradiction also returned
	Evidence    string // gateway_reply, statement, payee_reply, none
	Text        string // the reply or statement line itself
	Reason      string
	Received    string // for paid: what arrived, in whole units
	LookAgainAt time.Time
	Files       []Upload
}

// evidenceFor lists the kinds of evidence that each verdict accepts (screens.md
// 4): the payee's word alone is never enough for "not paid".
var evidenceFor = map[string][]string{
	"paid":       {"gateway_reply", "statement", "payee_reply"},
	"not_paid":   {"gateway_reply", "statement"},
	"returned":   {"gateway_reply", "statement"},
	"look_again": {"none"},
}

// EvidenceFor gives the kinds of evidence that a verdict accepts.
func EvidenceFor(says string) []string { return evidenceFor[says] }

// Propose records what one person believes and on what evidence. Nothing moves
// until another confirms.
func (s *Verdicts) Propose(ctx context.Context, by models.Person, orderNo string, proposal Proposal, signed Signed) error {
	files, refused := checkUploads(proposal.Files)
	if len(refused) > 0 {
		return refused
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		past, err := models.Verdicts(tx, p.ID)
		if err != nil {
			return err
		}
		if err := p.CheckProposal(by, past); err != nil {
			return err
		}
		account, err := models.FindAccount(tx, p.AccountID)
		if err != nil {
			return err
		}
		notPaid, err := s.checkNotPaid(tx, *p, account)
		if err != nil {
			return err
		}
		v, refused := proposal.read(*p, notPaid, s.Now(), len(files))
		if len(refused) > 0 {
			return refused
		}
		signature, err := signed.take(tx, by.ID, p.VerdictAct(models.ActPropose, p.CaseDigest(nil), v.Says), s.Now())
		if err != nil {
			return err
		}
		v.PayoutID, v.ProposerID, v.ProposedAt = p.ID, by.ID, s.Now()
		if err := models.AddVerdict(tx, &v); err != nil {
			return err
		}
		if err := s.attach(tx, *p, by, &v.ID, files); err != nil {
			return err
		}
		if p.OwnerID == 0 && !p.Clash {
			p.OwnerID = by.ID
			if err := p.Keep(tx); err != nil {
				return err
			}
		}
		return models.Remark(tx, *p, "verdict_proposed", s.actor(*p, by), s.Now(), signature.Note(verdictDetails(v)))
	})
}

func (s *Verdicts) actor(p models.Payout, by models.Person) models.Actor {
	if p.Clash && by.May(models.VerbClose) {
		return by.As(models.VerbClose)
	}
	return by.As(models.VerbVerdict)
}

func verdictDetails(v models.Verdict) models.Details {
	d := models.Details{"verdict": fmt.Sprint(v.ID), "said": v.Says, "evidence": v.Evidence, "about": v.About}
	return d
}

// checkNotPaid says whether two people may call the order not paid yet; why is nil
// if they may.
func (s *Verdicts) checkNotPaid(tx *gorm.DB, p models.Payout, account models.GatewayAccount) (why, err error) {
	if !p.Clash {
		return p.CheckNotPaid(account, s.Now()), nil
	}
	open, _, err := models.OpenContradictionOf(tx, p.ID)
	if err != nil {
		return nil, err
	}
	asked, err := models.QuestionsOf(tx, p.ID)
	return p.CheckSettleFailed(account, open, asked, s.Now()), err
}

// read checks a proposal against the order, all errors at once; notPaid is why it
// may not be called not paid yet.
func (f Proposal) read(p models.Payout, notPaid error, now time.Time, files int) (models.Verdict, models.Refusals) {
	v := models.Verdict{
		About: "unclear", Says: f.Says, Evidence: f.Evidence,
		Text: strings.TrimSpace(f.Text), Reason: strings.TrimSpace(f.Reason),
	}
	if p.Clash {
		v.About = "contradiction"
	}
	var errs models.Refusals
	bad := func(field, key string, args ...any) {
		errs = append(errs, models.Refuse(models.Invalid, key, args...).On(field))
	}
	if evidenceFor[f.Says] == nil || (f.Says == "returned") && !p.Clash || f.Says == "look_again" && p.Clash {
		bad("says", "verdict.says_needed")
		return v, errs
	}
	if f.Says == "look_again" {
		v.Evidence = "none"
		f.readLookAgain(&v, now, bad)
		return v, errs
	}
	f.readEvidence(&v, p, files, bad)
	if f.Says == "paid" {
		f.readReceived(&v, p, bad)
	}
	if no, ok := notPaid.(models.Refusal); ok && f.Says == "not_paid" {
		errs = append(errs, no.On("says"))
	}
	if v.Reason == "" {
		bad("reason", "reason.needed")
	}
	return v, errs
}

func (f Proposal) readLookAgain(v *models.Verdict, now time.Time, bad func(string, string, ...any)) {
	if v.Reason == "" {
		bad("reason", "reason.needed")
	}
	if !f.LookAgainAt.After(now) || f.LookAgainAt.After(now.Add(14*24*time.Hour)) {
		bad("look_again_at", "verdict.look_again_range")
	}
	v.LookAgainAt = f.LookAgainAt
}

func (f Proposal) readEvidence(v *models.Verdict, p models.Payout, files int, bad func(string, string, ...any)) {
	accepted := false
	for _, kind := range evidenceFor[f.Says] {
		accepted = accepted || kind == f.Evidence
	}
	if !accepted {
		bad("evidence", "verdict.evidence_kind")
	}
	switch length := utf8.RuneCountInString(v.Text); {
	case length == 0:
		bad("text", "verdict.evidence_needed")
	case length > 4*maxReason:
		bad("text", "text.too_long", "Length", length, "Limit", 4*maxReason)
	case f.Says == "not_paid" && f.Evidence == "gateway_reply" && !strings.Contains(v.Text, p.OrderNo):
		bad("text", "verdict.names_order", "OrderNo", p.OrderNo)
	}
	if f.Evidence == "payee_reply" && files == 0 {
		bad("files", "verdict.file_needed")
	}
}

func (f Proposal) readReceived(v *models.Verdict, p models.Payout, bad func(string, string, ...any)) {
	received, err := models.ParseMoney(f.Received, p.Currency)
	switch {
	case err != nil:
		bad("received", "verdict.received_needed")
	case received != p.Amount() && !p.Clash:
		bad("received", "verdict.received_differs")
	}
	v.ReceivedMinor = received.Minor
}

// Confirm is the second person's own choice of verdict. The same choice settles
// the order; another one closes the proposal and leaves the order in doubt.
func (s *Verdicts) Confirm(ctx context.Context, by models.Person, orderNo string, id int64, choice, words string, signed Signed) (agreed bool, err error) {
	words, err = needReason(words)
	if err != nil {
		return false, err
	}
	if evidenceFor[choice] == nil {
		return false, models.Refuse(models.Invalid, "verdict.says_needed").On("says")
	}
	err = s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		v, ok, err := models.OpenVerdict(tx, p.ID)
		if err != nil || !ok || v.ID != id {
			return orRefuse(err, models.Refuse(models.Conflict, "verdict.closed"))
		}
		approvers, err := models.Approvers(tx, *p)
		if err != nil {
			return err
		}
		if err := p.CheckConfirm(by, v, approvers); err != nil {
			return err
		}
		signature, err := signed.take(tx, by.ID, p.VerdictAct(models.ActConfirm, p.CaseDigest(&v), choice), s.Now())
		if err != nil {
			return err
		}
		v.ConfirmerID, v.ConfirmedAt, v.Answer, v.State = &by.ID, s.Now(), words, "confirmed"
		if agreed = choice == v.Says; !agreed {
			v.State = "disagreed"
		} else if err := s.stillNotPaid(tx, *p, v); err != nil {
			return err
		}
		past, err := models.Verdicts(tx, p.ID)
		if err != nil {
			return err
		}
		if err := models.CloseVerdict(tx, &v); err != nil {
			return err
		}
		if err := s.settle(tx, p, v, by, choice, signature); err != nil {
			return err
		}
		return s.escalate(tx, *p, models.EscalationOf(*p, past))
	})
	return agreed && err == nil, err
}

// stillNotPaid asks once more whether "not paid" may be said: the gateway may have
// shown a sign of life since it was proposed (I9).
func (s *Verdicts) stillNotPaid(tx *gorm.DB, p models.Payout, v models.Verdict) error {
	if v.Says != "not_paid" {
		return nil
	}
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil {
		return err
	}
	why, err := s.checkNotPaid(tx, p, account)
	return cmp.Or(err, why)
}

// settled are the moves that two people make together.
var settled = map[string]map[string]models.Move{
	"unclear": {"paid": models.MoveVerdictPaid, "not_paid": models.MoveVerdictFailed},
	"contradiction": {
		"paid": models.MoveSettlePaid, "not_paid": models.MoveSettleFailed, "returned": models.MoveSettleReturned,
	},
}

func (s *Verdicts) settle(tx *gorm.DB, p *models.Payout, v models.Verdict, by models.Person, choice string, signature models.Signature) error {
	details := signature.Note(verdictDetails(v))
	if v.State == "disagreed" {
		details["chose"] = choice
		return models.Remark(tx, *p, "verdict_disagreed", s.actor(*p, by), s.Now(), details)
	}
	move, decides := settled[v.About][v.Says]
	if !decides {
		p.NextActionAt = s.Now()
		if err := p.Keep(tx); err != nil {
			return err
		}
		details["look_again_at"] = v.LookAgainAt.UTC().Format(time.RFC3339)
		return models.Remark(tx, *p, "look_again", s.actor(*p, by), s.Now(), details)
	}
	actor := s.actor(*p, by)
	p.NextActionAt = never
	switch v.Says {
	case "paid":
		p.ReceivedMinor = v.ReceivedMinor
	case "not_paid":
		p.NextActionAt = models.SecondLook(s.Now(), s.Now())
	}
	if err := models.Record(tx, p, move, models.Effect{}, actor, s.Now(), details); err != nil {
		return err
	}
	if v.About == "contradiction" {
		return models.CloseContradiction(tx, p.ID, s.Now())
	}
	return nil
}
