package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// promisesAtOnce bounds how many cases come back in one round.
const promisesAtOnce = 100

// BringBack returns the cases that two people agreed to look at again by now: nobody's
// any more, asked about at once, and first in the queue.
func (s *Verdicts) BringBack(ctx context.Context) error {
	due, err := models.PromisesDue(s.Store.Read(ctx), s.Now(), promisesAtOnce)
	if err != nil {
		return err
	}
	var faults error
	for _, v := range due {
		if err := s.Store.Write(ctx, func(tx *gorm.DB) error { return s.bringBack(tx, v) }); err != nil {
			faults = errors.Join(faults, fmt.Errorf("bring verdict %d back: %w", v.ID, err))
		}
	}
	return faults
}

// bringBack does nothing to an order that was settled meanwhile, or about which
// somebody has proposed anew.
func (s *Verdicts) bringBack(tx *gorm.DB, v models.Verdict) error {
	kept, err := models.KeepPromise(tx, v, s.Now())
	if err != nil || !kept {
		return err
	}
	p, err := models.FindPayout(tx, v.PayoutID)
	if err != nil || p.Outcome != models.Unclear {
		return err
	}
	past, err := models.Verdicts(tx, p.ID)
	if err != nil || models.CameBack(past).IsZero() {
		return err
	}
	p.OwnerID = 0
	if p.NextActionAt.IsZero() || p.NextActionAt.After(s.Now()) {
		p.NextActionAt = s.Now()
	}
	if err := p.Keep(tx); err != nil {
		return err
	}
	return models.Remark(tx, p, "came_back", models.Machine("timetable"), s.Now(), models.Details{
		"verdict": fmt.Sprint(v.ID), "look_again_at": v.LookAgainAt.UTC().Format(time.RFC3339),
	})
}

// escalate says on the order that its case is the controller's from now on.
func (s *Verdicts) escalate(tx *gorm.DB, p models.Payout, before models.Escalation) error {
	past, err := models.Verdicts(tx, p.ID)
	if err != nil {
		return err
	}
	because := models.EscalationOf(p, past)
	if because == "" || because == before {
		return nil
	}
	return models.Remark(tx, p, "escalated", models.Machine("countersign"), s.Now(), models.Details{"why": "escalated." + string(because)})
}
