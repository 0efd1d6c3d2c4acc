package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// move is a payee whose account changes: a maker asks for it, somebody calls, another
// person confirms.
type move struct {
	s     *story
	at    time.Time
	maker string
	payee *payee
}

// move begins one with the request.
func (s *story) move(at time.Time, maker string, p *payee, reason string) *move {
	m := &move{s: s, at: at, maker: maker, payee: p}
	return m.then(0, func(ctx context.Context) error { return s.askForMove(ctx, maker, p, reason) })
}

func (m *move) then(after time.Duration, do func(context.Context) error) *move {
	m.at = m.at.Add(after)
	m.s.plan(m.at, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return fmt.Errorf("details of %s: %w", m.payee.name, said(err))
		}
		return nil
	})
	return m
}

// called puts a call to the payee on record.
func (m *move) called(who string, after time.Duration, source string) *move {
	return m.then(after, func(ctx context.Context) error {
		c, err := m.s.waitingMove(ctx, m.payee)
		if err != nil {
			return err
		}
		now := m.s.clock.now()
		return m.s.payees.KeepCall(ctx, m.s.people[who], c.ID, services.NewCall{
			Number: "+886 2 2712 0419", Source: models.FromContract, SourceNote: source, KnownSince: now.AddDate(-2, 0, 0),
			CalledAt: now.Add(-3 * time.Minute), Reached: m.payee.name, ReadBack: true,
		})
	})
}

// confirmed is the second person's word.
func (m *move) confirmed(who string, after time.Duration) *move {
	return m.then(after, func(ctx context.Context) error { return m.s.confirmMove(ctx, who, m.payee) })
}

// entered is somebody whom a maker asks to enter in the book before there is a payout to
// them.
func (s *story) entered(at time.Time, maker string, p *payee, reason string) {
	s.plan(at, func(ctx context.Context) error {
		by := s.people[maker]
		_, err := s.payees.Enter(ctx, by, services.NewPayee{Rail: p.rail, Values: p.answers(), Reason: reason}, s.stepUp.Click(by))
		return err
	})
}

// askForMove asks for the payee's next number, unless that was asked for already.
func (s *story) askForMove(ctx context.Context, maker string, p *payee, reason string) error {
	id, err := s.idOf(ctx, p)
	if err != nil {
		return err
	}
	_, err = s.payees.Change(ctx, s.people[maker], id, services.NewDetails{Values: map[string]string{p.field: p.number(p.moved + 1)}, Reason: reason}, s.stepUp.Click(s.people[maker]))
	var no models.Refusal
	if errors.As(err, &no) && no.Key == "change.waits_already" {
		return nil
	}
	return err
}

// confirmMove confirms what waits, and lets go on what that has held: it was made before,
// and the account before still takes money.
func (s *story) confirmMove(ctx context.Context, who string, p *payee) error {
	c, err := s.waitingMove(ctx, p)
	if err != nil || c.ID == 0 {
		return err
	}
	by := s.people[who]
	if _, err := s.changes.Confirm(ctx, by.As(models.VerbPayeeOK), c.ID, c.Digest, s.stepUp.Click(by)); err != nil {
		return err
	}
	p.moved++
	var held []models.Payout
	err = s.core.Store.Read(ctx).Where("payee_id = ? AND stage = ? AND held_why = ?", models.PayeeSubject(c.Subject), models.Held, models.HeldPayeeChanged).Find(&held).Error
	for _, order := range held {
		if err := s.payouts.Resume(ctx, by, order.OrderNo, "They asked for this one on the account before, which stays open this month", s.stepUp.Click(by)); err != nil {
			return err
		}
	}
	return err
}

// waitingMove is the change that waits; without an id where none does.
func (s *story) waitingMove(ctx context.Context, p *payee) (c models.Change, err error) {
	id, err := s.idOf(ctx, p)
	if err == nil {
		c, _, err = models.WaitingChange(s.core.Store.Read(ctx), models.ChangePayee, id.Value())
	}
	return c, err
}

// idOf finds the payee in the book; each name stands there once.
func (s *story) idOf(ctx context.Context, p *payee) (models.PayeeID, error) {
	var found models.Payee
	err := s.core.Store.Read(ctx).Where("folded = ?", models.FoldName(p.name)).Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = fmt.Errorf("%s is not in the book", p.name)
	}
	return found.ID, err
}

// seconds are who confirms what a maker asks for.
var seconds = map[string]string{chen: lin, wang: lin, ramos: ortega}

func (l *life) asksForChange(ctx context.Context) error {
	return l.s.askForMove(ctx, l.maker, l.payee, "The payout failed; asked on the telephone, they gave another number")
}

func (l *life) confirmsChange(ctx context.Context) error {
	return l.s.confirmMove(ctx, seconds[l.maker], l.payee)
}

// payeeRules puts rules in force. The past of the story was told without any.
func (s *story) payeeRules(ctx context.Context, r models.PayeeRules) error {
	return s.core.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.WritePayeeRules(tx, r, models.Machine("countersign demo"), s.clock.now())
	})
}

func nothing(context.Context) error { return nil }
