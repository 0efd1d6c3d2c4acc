package services

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// expireAtOnce bounds how many orders go back in one round.
const expireAtOnce = 100

// Expire gives submitted orders that have waited too long for signatures back to their
// makers as drafts, with every signature void (features.md E10). Nothing is ever approved
// because time has passed.
func (s *Payouts) Expire(ctx context.Context) error {
	limits, err := models.CurrentLimits(s.Store.Read(ctx))
	if err != nil {
		return err
	}
	due, err := limits.Content.Expired(s.Store.Read(ctx), s.Now(), expireAtOnce)
	if err != nil {
		return err
	}
	var faults error
	for _, p := range due {
		if err := s.Store.Write(ctx, func(tx *gorm.DB) error { return s.expire(tx, p.ID) }); err != nil {
			faults = errors.Join(faults, fmt.Errorf("give payout %d back: %w", p.ID, err))
		}
	}
	return faults
}

// expire looks again inside the write: somebody may have signed meanwhile.
func (s *Payouts) expire(tx *gorm.DB, id models.PayoutID) error {
	p, err := models.FindPayout(tx, id)
	if err != nil || p.Stage != models.AwaitingApproval {
		return err
	}
	limits, err := models.CurrentLimits(tx)
	if err != nil || limits.Content.Expires(p).After(s.Now()) {
		return err
	}
	return models.Record(tx, &p, models.MoveExpire, models.Effect{}, models.Machine("timetable"), s.Now(), models.Details{
		"days": strconv.Itoa(limits.Content.WaitsFor()), "signatures": strconv.Itoa(p.Approvals),
	})
}
