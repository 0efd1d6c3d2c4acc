package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
)

// life is one order of the story, planned step by step.
type life struct {
	s     *story
	at    time.Time // of the step that was planned last
	maker string
	payee *payee

	amount, reference, purpose string
	twin                       string // why a near-duplicate is right
	replaces                   *life
	invoiced                   bool // the maker attaches the invoice

	play sandbox.Scenario // what the platform does with it
	late bool             // the answer to its create call does not reach us in time

	no string // once it is drafted
}

// order begins a life with its draft.
func (s *story) order(at time.Time, maker string, p *payee, amount, purpose string) *life {
	l := &life{s: s, at: at, maker: maker, payee: p, amount: amount, purpose: purpose, play: pays(4 * time.Minute)}
	return l.then(0, l.draft)
}

// then plans the next step, some time after the one before.
func (l *life) then(after time.Duration, do func(context.Context) error) *life {
	l.at = l.at.Add(after)
	l.s.plan(l.at, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return fmt.Errorf("%s %s to %s: %w", l.no, l.amount, l.payee.name, said(err))
		}
		return nil
	})
	return l
}

// said names every refusal, since their first word alone tells little.
func said(err error) error {
	var many models.Refusals
	if errors.As(err, &many) {
		return fmt.Errorf("%+v", []models.Refusal(many))
	}
	return err
}

// is chooses what the platform does with the order.
func (l *life) is(play sandbox.Scenario) *life {
	l.play = play
	return l
}

// unheard lets the answer to the create call come too late.
func (l *life) unheard() *life {
	l.late = true
	return l
}

func (l *life) by(key string) models.Person { return l.s.people[key] }

// click is how a person of the story signs.
func (l *life) click(who string) services.Signed { return l.s.stepUp.Click(l.by(who)) }

func (l *life) draft(ctx context.Context) error {
	l.reference = l.s.invoice(l.payee.desk)
	form := l.form()
	p, err := l.s.payouts.Draft(ctx, l.by(l.maker), form, l.papers())
	if wantsTwinReason(err) {
		form.TwinReason = "Another delivery for the same price; see the second invoice"
		p, err = l.s.payouts.Draft(ctx, l.by(l.maker), form, l.papers())
	}
	if err != nil {
		return err
	}
	l.no = p.OrderNo
	l.s.platform.Script(l.no, l.play)
	if l.late {
		l.s.late[l.no] = true
	}
	return nil
}

// form is what the maker types.
func (l *life) form() services.PayoutForm {
	form := services.PayoutForm{
		AccountID: l.s.desks[l.payee.desk].ID, Rail: l.payee.rail, Amount: l.amount, Values: l.payee.answers(),
		Reference: l.reference, Purpose: l.purpose, TwinReason: l.twin,
	}
	if l.payee.desk == atLima {
		form.Values["remark"] = l.purpose
	}
	if l.replaces != nil {
		form.Replaces = l.replaces.no
	}
	return form
}

func wantsTwinReason(err error) bool {
	var many models.Refusals
	return errors.As(err, &many) && len(many) == 1 && many[0].Key == "payout.twin_reason"
}

// invoice is the next invoice number of a desk.
func (s *story) invoice(desk string) string {
	s.serial[desk]++
	shape := map[string]string{atTaipei: "HP-%05d", atShanghai: "SH26-%04d", atLima: "F001-%06d"}[desk]
	first := map[string]int{atTaipei: 20411, atShanghai: 1180, atLima: 4417}[desk]
	return fmt.Sprintf(shape, first+s.serial[desk])
}

// order reads the order as it stands.
func (l *life) order() (models.Payout, error) {
	return models.FindOrder(l.s.core.Store.Read(context.Background()), l.no)
}

func (l *life) submitted(after time.Duration) *life {
	return l.then(after, func(ctx context.Context) error {
		p, err := l.order()
		if err != nil {
			return err
		}
		return l.s.payouts.Submit(ctx, l.by(l.maker), l.no, p.Digest)
	})
}

// signed is one signature over what stands there then.
func (l *life) signed(who string, after time.Duration) *life {
	return l.then(after, func(ctx context.Context) error {
		p, err := l.order()
		if err != nil {
			return err
		}
		return l.s.payouts.Approve(ctx, l.by(who), l.no, p.Digest, l.click(who))
	})
}

func (l *life) rejected(who string, after time.Duration, why models.Rejection) *life {
	return l.then(after, func(ctx context.Context) error {
		p, err := l.order()
		if err != nil {
			return err
		}
		return l.s.payouts.Reject(ctx, l.by(who), l.no, why, p.Digest, l.click(who))
	})
}

func (l *life) askedMaker(who string, after time.Duration, question string) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.AskMaker(ctx, l.by(who), l.no, question) })
}

func (l *life) withdrawn(after time.Duration, reason string) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.Withdraw(ctx, l.by(l.maker), l.no, reason) })
}

func (l *life) held(who string, after time.Duration, reason string) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.Hold(ctx, l.by(who), l.no, reason) })
}

func (l *life) resumed(who string, after time.Duration, reason string) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.Resume(ctx, l.by(who), l.no, reason, l.click(who)) })
}

func (l *life) noted(who string, after time.Duration, text string) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.Note(ctx, l.by(who), l.no, text, nil) })
}

// enquired is a letter to the gateway's staff, marked as sent.
func (l *life) enquired(who string, after time.Duration, sent services.SentEnquiry) *life {
	return l.then(after, func(ctx context.Context) error {
		sent.Text, sent.SentAt = fmt.Sprintf(sent.Text, l.no), l.s.clock.now()
		return l.s.verdicts.Enquire(ctx, l.by(who), l.no, sent)
	})
}

func (l *life) claimed(who string, after time.Duration) *life {
	return l.then(after, func(ctx context.Context) error { return l.s.payouts.Claim(ctx, l.by(who), l.no) })
}

// corrected edits the order after the invoice was read again.
func (l *life) corrected(after time.Duration, amount string) *life {
	return l.then(after, func(ctx context.Context) error {
		l.amount = amount
		return l.s.payouts.Edit(ctx, l.by(l.maker), l.no, l.form())
	})
}

// proposed is the first half of a verdict. A %s in the text is the order number.
func (l *life) proposed(who string, after time.Duration, v services.Proposal) *life {
	return l.then(after, func(ctx context.Context) error {
		v.Text = fmt.Sprintf(v.Text, l.no)
		return l.s.verdicts.Propose(ctx, l.by(who), l.no, v, l.click(who))
	})
}

// confirmed is the second half: the same choice by another person.
func (l *life) confirmed(who string, after time.Duration, words string) *life {
	return l.then(after, func(ctx context.Context) error {
		p, err := l.order()
		if err != nil {
			return err
		}
		v, _, err := models.OpenVerdict(l.s.core.Store.Read(ctx), p.ID)
		if err != nil {
			return err
		}
		_, err = l.s.verdicts.Confirm(ctx, l.by(who), l.no, v.ID, v.Says, words, l.click(who))
		return err
	})
}

// told is a notice of the platform's that its scenario does not know of.
func (l *life) told(after time.Duration, t sandbox.Tell) *life {
	return l.then(after, func(context.Context) error { return l.s.platform.Tell(l.no, t) })
}

// again is the order that replaces this one after it has failed.
func (l *life) again(after time.Duration) *life {
	next := &life{
		s: l.s, at: l.at, maker: l.maker, payee: l.payee, amount: l.amount, purpose: l.purpose, replaces: l,
		play: pays(5 * time.Minute),
	}
	return next.then(after, next.draft)
}
