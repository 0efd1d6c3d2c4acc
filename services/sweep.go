package services

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

const (
	sweepEvery = time.Second
	noteEvery  = 10 * time.Second // how often the sweeper says that it is alive
	clockSlack = time.Second      // by so much a clock may be corrected unnoticed
)

// Run does what orders want, the oldest due first, while it leads, until ctx ends.
// It returns when no exchange is under way.
func (s *Sender) Run(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	letGo := s.keepLead(ctx)
	for ctx.Err() == nil {
		s.SweepAll(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
	letGo()
	if err := s.Resign(context.WithoutCancel(ctx)); err != nil {
		slog.Error("the sender could not give its lease back", "error", err)
	}
}

// keepLead renews the lease while exchanges take their time, also the last one
// before we close; it gives the function that ends this.
func (s *Sender) keepLead(ctx context.Context) (letGo func()) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	var renewing sync.WaitGroup
	renewing.Go(func() {
		ticker := time.NewTicker(leaseLength / 3)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.leads(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
	return func() { stop(); renewing.Wait() }
}

func (s *Sender) leads(ctx context.Context) bool {
	held, err := s.Lead(ctx)
	if err != nil && ctx.Err() == nil {
		slog.Error("the sender cannot take its lease", "error", err)
	}
	return held
}

// SweepAll leads and works on what is due until nothing is. Each time it first looks
// for what was left behind.
func (s *Sender) SweepAll(ctx context.Context) {
	for ctx.Err() == nil && s.leads(ctx) && s.lookBehind(ctx) {
		s.housekeep(ctx) // before the round, in which we may end
		worked, err := s.Sweep(ctx)
		if err != nil {
			slog.Error("sweep", "error", err)
			return
		}
		if worked == 0 {
			return
		}
	}
}

// lookBehind finds what was left sending, and minds the clock. If it fails nothing is
// sent.
func (s *Sender) lookBehind(ctx context.Context) bool {
	found, err := s.Recover(ctx)
	if err != nil {
		slog.Error("orders that were found sending could not be made unclear; nothing is sent", "error", err)
		return false
	}
	if found > 0 {
		slog.Warn("orders were found sending; they are unclear now and will not be sent again", "orders", found)
	}
	if err := s.freeClaims(ctx); err != nil {
		slog.Error("the sender could not free what another had claimed", "error", err)
	}
	if err := s.mindClock(ctx); err != nil {
		slog.Error("the sender could not mind the clock", "error", err)
		return false
	}
	return true
}

// freeClaims makes due what a former holder of the lease had claimed and not done,
// or it would wait until the claim runs out (I13). Of our own claims none is open
// between two sweeps.
func (s *Sender) freeClaims(ctx context.Context) error {
	fence := s.fence
	if s.freed == fence {
		return nil
	}
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		claimed, err := models.Claimed(tx)
		if err != nil {
			return err
		}
		for _, p := range claimed {
			p.LeasedBy, p.LeasedUntil, p.NextActionAt = "", never, s.Now()
			if err := p.Keep(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.freed = fence
	}
	return err
}

// mindClock brings the plans of orders along when the clock was set back, while we
// ran or before (I20), and sees when it ran on without us. Who takes the lease goes
// by what its last holder saw of the clock: what we saw when we led before is long
// past.
func (s *Sender) mindClock(ctx context.Context) error {
	if fence := s.fence; s.minded != fence {
		duties, err := models.Duties(s.Store.Read(ctx))
		if err != nil {
			return err
		}
		s.seen, s.minded = duties["sweeper"].At, fence
	}
	now := s.Now().Round(0) // the clock on the wall: the other one stands still while the machine sleeps
	if back := s.seen.Sub(now); !s.seen.IsZero() && back > clockSlack {
		slog.Warn("the clock was set back; what orders wait for comes along", "by", back)
		err := s.Store.Write(ctx, func(tx *gorm.DB) error { return models.BringForward(tx, now, back) })
		if err != nil {
			return err
		}
	}
	if err := s.mindOutage(ctx, now); err != nil {
		return err
	}
	s.seen = now
	return nil
}

// housekeep notes that the sweeper is alive.
func (s *Sender) housekeep(ctx context.Context) {
	now := s.Now().Round(0)
	if now.Sub(s.noted) < noteEvery && !now.Before(s.noted) {
		return
	}
	s.noted = now
	planned, err := models.Planned(s.Store.Read(ctx))
	if err == nil {
		err = s.Store.Write(ctx, func(tx *gorm.DB) error {
			return models.Did(tx, models.Duty{Name: "sweeper", At: now, OK: true, Note: planned})
		})
	}
	if err != nil {
		slog.Error("the sweeper could not note that it is alive", "error", err)
	}
}
