package services

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Verdicts settle by two people what no evidence of the gateway has settled.
type Verdicts struct{ *Core }

// Proposal is what the first of the two fills in.
type Proposal struct {
	Says        models.Said
	Evidence    models.EvidenceKind
	Text        string // the reply or statement line itself
	Reason      string
	Received    string // for paid: what arrived, in whole units
	LookAgainAt time.Time
	Files       []Upload
}

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
		return models.Remark(tx, *p, "verdict_proposed", s.actor(*p, by), s.Now(), signature.Note(verdictDetails(v).With(models.Details{
			models.VerdictText: gateway.MaskSentence(v.Text), models.VerdictReason: gateway.MaskSentence(v.Reason),
		})))
	})
}

func (s *Verdicts) actor(p models.Payout, by models.Person) models.Actor {
	return by.As(p.Judging())
}

func verdictDetails(v models.Verdict) models.Details {
	return models.Details{"verdict": fmt.Sprint(v.ID), "said": string(v.Says), "evidence": string(v.Evidence), "about": string(v.About)}
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

// read makes the verdict that is proposed, and lists all that is wrong with it; notPaid is
// why the order may not be called not paid yet.
func (f Proposal) read(p models.Payout, notPaid error, now time.Time, files int) (models.Verdict, models.Refusals) {
	v := models.Verdict{
		About: p.Doubt(), Says: f.Says, Evidence: f.Evidence, Text: strings.TrimSpace(f.Text), Reason: strings.TrimSpace(f.Reason),
	}
	switch f.Says {
	case models.SaidLookAgain:
		v.Evidence, v.LookAgainAt = models.EvidenceNone, f.LookAgainAt
	case models.SaidPaid:
		// What cannot be read is zero, which the check refuses in words.
		received, _ := models.ParseMoney(f.Received, p.Currency)
		v.ReceivedMinor = received.Minor
	}
	wrong := v.Check(p, files, now)
	if no, ok := notPaid.(models.Refusal); ok && v.Says == models.SaidNotPaid {
		wrong = append(wrong, no.On("says"))
	}
	return v, wrong
}

// Confirm is the second person's own choice of verdict. The same choice settles
// the order; another one closes the proposal and leaves the order in doubt.
func (s *Verdicts) Confirm(ctx context.Context, by models.Person, orderNo string, id int64, choice models.Said, words string, signed Signed) (agreed bool, err error) {
	words, err = needReason(words)
	if err != nil {
		return false, err
	}
	if !choice.Known() {
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
		v.ConfirmerID, v.ConfirmedAt, v.Answer, v.State = &by.ID, s.Now(), words, models.VerdictConfirmed
		if agreed = choice == v.Says; !agreed {
			v.State = models.VerdictDisagreed
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
	if v.Says != models.SaidNotPaid {
		return nil
	}
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil {
		return err
	}
	why, err := s.checkNotPaid(tx, p, account)
	return cmp.Or(err, why)
}

func (s *Verdicts) settle(tx *gorm.DB, p *models.Payout, v models.Verdict, by models.Person, choice models.Said, signature models.Signature) error {
	details := signature.Note(verdictDetails(v).With(models.Details{models.VerdictAnswer: gateway.MaskSentence(v.Answer)}))
	if v.State == models.VerdictDisagreed {
		details["chose"] = string(choice)
		return models.Remark(tx, *p, "verdict_disagreed", s.actor(*p, by), s.Now(), details)
	}
	move, decides := v.Move()
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
	case models.SaidPaid:
		p.ReceivedMinor = v.ReceivedMinor
	case models.SaidNotPaid:
		p.NextActionAt = models.SecondLook(s.Now(), s.Now())
	}
	if err := models.Record(tx, p, move, models.Effect{}, actor, s.Now(), details); err != nil {
		return err
	}
	if v.About == models.Contradicted {
		return models.CloseContradiction(tx, p.ID, s.Now())
	}
	return nil
}
