package services

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

const (
	sweepAtOnce = 8               // of one account's sends or questions, under way at the same time
	claimLength = 3 * time.Minute // longer than any exchange may take
)

// Sweep claims what is due and does it, some at a time; it returns when all of
// it is done.
func (s *Sender) Sweep(ctx context.Context) (worked int, err error) {
	due, err := s.claim(ctx)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	s.reach(PointClaimed)
	var group sync.WaitGroup
	for _, p := range due {
		group.Go(func() { s.serve(ctx, p) })
	}
	group.Wait()
	return len(due), nil
}

// serve does what one claimed order wants, by its stage. A panic is one order's
// own; if it was being sent, the next round finds it.
func (s *Sender) serve(ctx context.Context, p models.Payout) {
	defer func() {
		if fault := recover(); fault != nil {
			slog.Error("panic while serving an order", "payout", p.ID, "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	if ctx.Err() != nil {
		return // we are closing: nothing more is started
	}
	var err error
	if p.Stage == models.Approved {
		err = s.Send(ctx, p.ID)
	} else {
		_, err = s.ask(ctx, p.ID, models.Machine(asSender))
	}
	logUnlessRefused("the sender could not serve an order", p.ID, err)
}

// claim leases the orders that are due, the oldest due first, or the newest would
// starve the rest (I13). Only who leads may (I21).
func (s *Sender) claim(ctx context.Context) (claimed []models.Payout, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		held, err := models.HoldsLease(tx, senderLease, s.Holder, s.fence)
		if err != nil || !held {
			return err
		}
		due, err := models.Due(tx, s.Now(), cmp.Or(s.AtOnce, sweepAtOnce))
		if err != nil {
			return err
		}
		if s.AtOnce > 0 {
			due = due[:min(len(due), s.AtOnce)]
		}
		claimed = claimed[:0]
		for _, p := range due {
			taken, err := s.take(tx, &p)
			if err != nil {
				return err
			}
			if taken {
				claimed = append(claimed, p)
			}
		}
		return nil
	})
	return claimed, err
}

// take leases one order. One that may not leave now stays where it is and waits a
// little; one that may not leave before people have looked, at it or at another, is
// held.
func (s *Sender) take(tx *gorm.DB, p *models.Payout) (taken bool, err error) {
	var refusal models.Refusal
	var reason stuck
	var none noRoom
	var window windowOpen
	var rest later
	if p.Stage == models.Approved {
		if err = s.mayLeave(tx, *p); err == nil {
			err = s.findRoom(tx, p)
		}
	}
	switch {
	case err == nil:
		p.LeasedBy, p.LeasedUntil = s.Holder, s.Now().Add(claimLength)
		p.NextActionAt = p.LeasedUntil
		return true, p.Keep(tx)
	case errors.As(err, &refusal) && refusal.Key == "payout.predecessor_open":
		return false, hold(tx, p, models.Machine(asSender), s.Now(), models.HeldPredecessor, models.Details{})
	case errors.As(err, &window):
		p.LeasedBy, p.LeasedUntil, p.NextActionAt = "", never, window.until
		return false, p.Keep(tx)
	case errors.As(err, &none):
		p.LeasedBy, p.LeasedUntil = "", never
		if err := s.waitForRoom(tx, p); err != nil {
			return false, err
		}
		return false, p.Keep(tx)
	case errors.As(err, &rest):
		p.LeasedBy, p.LeasedUntil, p.NextActionAt = "", never, rest.until
		return false, p.Keep(tx)
	case errors.As(err, &reason):
		slog.Error("an approved order cannot leave", "payout", p.ID, "why", reason.why, "error", reason.fault)
		return false, s.stop(tx, p, reason)
	}
	logUnlessRefused("an approved order may not leave", p.ID, err)
	p.LeasedBy, p.LeasedUntil, p.NextActionAt = "", never, s.Now().Add(retryAfter)
	return false, p.Keep(tx)
}
