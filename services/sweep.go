package services

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

const (
	sweepEvery   = time.Second
	sweepAtOnce  = 8                // exchanges under way at the same time
	claimLength  = 3 * time.Minute  // longer than any exchange may take
	noteEvery    = 10 * time.Second // how often the sweeper says that it is alive
	balanceEvery = 5 * time.Minute
)

// Run leads, recovers what a crash left, and then does what orders want, the
// oldest due first, until ctx ends. It returns when no exchange is under way.
func (s *Sender) Run(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	recovered := false
	for ctx.Err() == nil {
		if held, err := s.Lead(ctx); err != nil {
			slog.Error("the sender cannot take its lease", "error", err)
		} else if held {
			recovered = recovered || s.recoverOnce(ctx)
			if recovered {
				s.SweepAll(ctx)
				s.housekeep(ctx)
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
	if err := s.Resign(context.WithoutCancel(ctx)); err != nil {
		slog.Error("the sender could not give its lease back", "error", err)
	}
}

func (s *Sender) recoverOnce(ctx context.Context) bool {
	found, err := s.Recover(ctx)
	if err != nil {
		slog.Error("the start-up sweep failed; nothing is sent", "error", err)
		return false
	}
	if found > 0 {
		slog.Warn("orders were found sending; they are unclear now and will not be sent again", "orders", found)
	}
	return true
}

// SweepAll works on what is due until nothing is.
func (s *Sender) SweepAll(ctx context.Context) {
	for ctx.Err() == nil {
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

// Sweep claims what is due and does it, some at a time; it returns when all of
// it is done.
func (s *Sender) Sweep(ctx context.Context) (worked int, err error) {
	due, err := s.claim(ctx)
	if err != nil {
		return 0, err
	}
	var group sync.WaitGroup
	for _, p := range due {
		group.Go(func() { s.serve(ctx, p) })
	}
	group.Wait()
	return len(due), nil
}

// serve does what one claimed order wants, by its stage.
func (s *Sender) serve(ctx context.Context, p models.Payout) {
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
// starve the rest (I13). Orders that may not leave now stay where they are and
// wait a little.
func (s *Sender) claim(ctx context.Context) (claimed []models.Payout, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		due, err := models.Due(tx, s.Now(), cmp.Or(s.AtOnce, sweepAtOnce))
		if err != nil {
			return err
		}
		claimed = claimed[:0]
		for _, p := range due {
			p.LeasedBy, p.LeasedUntil = s.Holder, s.Now().Add(claimLength)
			p.NextActionAt = p.LeasedUntil
			if p.Stage == models.Approved && s.mayLeave(tx, p) != nil {
				p.LeasedBy, p.LeasedUntil, p.NextActionAt = "", never, s.Now().Add(retryAfter)
			} else {
				claimed = append(claimed, p)
			}
			if err := p.Keep(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return claimed, err
}

// housekeep notes that the sweeper is alive, and looks at balances now and then.
func (s *Sender) housekeep(ctx context.Context) {
	now := s.Now()
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
		return
	}
	if now.Sub(s.weighed) >= balanceEvery {
		s.weighed = now
		if err := s.Balances(ctx); err != nil {
			slog.Warn("balances could not be read", "error", err)
		}
	}
}
