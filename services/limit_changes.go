package services

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// limitChanges are changes of one limit. The subject is its scope and currency, the
// content a models.LimitPart.
type limitChanges struct{ *Core }

// Subject is the limit; it concerns nobody more than others.
func (k limitChanges) Subject(_ *gorm.DB, subject string) (string, *models.PersonID, error) {
	_, _, err := models.ReadLimitSubject(subject)
	return subject, nil, err
}

// Now is the limit as it stands.
func (k limitChanges) Now(tx *gorm.DB, subject string) (any, error) {
	limits, err := models.CurrentLimits(tx)
	if err != nil {
		return nil, err
	}
	return limits.Content.Part(subject)
}

// Check refuses a limit that cannot be kept.
func (k limitChanges) Check(tx *gorm.DB, c models.Change) error {
	_, err := k.changed(tx, c)
	return err
}

// changed are the limits once the change is carried out.
func (k limitChanges) changed(tx *gorm.DB, c models.Change) (models.Limits, error) {
	limits, err := models.CurrentLimits(tx)
	if err != nil {
		return limits.Content, err
	}
	part, err := readLimitPart(c.Content)
	if err != nil {
		return limits.Content, err
	}
	return limits.Content.With(c.Subject, part)
}

func readLimitPart(text string) (p models.LimitPart, err error) {
	if err = json.Unmarshal([]byte(text), &p); err != nil {
		err = fmt.Errorf("read a limit: %w", err)
	}
	return p, err
}

// Apply puts the next version of the limits in force.
func (k limitChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	changed, err := k.changed(tx, c)
	if err != nil {
		return err
	}
	_, err = (&Limits{Core: k.Core}).add(tx, by, changed, c.Reason, unsigned)
	return err
}

// Lines are the sum, and the raise with its last day.
func (k limitChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readLimitPart(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readLimitPart(c.Content)
	return models.DiffLimitPart(c.Subject, before, after), err
}

// Change sets one limit. What lets more leave waits for a second person; what holds more
// back acts at once.
func (s *Limits) Change(ctx context.Context, by models.Actor, subject string, part models.LimitPart, reason string, signed Signed) (waits bool, err error) {
	reason, err = needReason(reason)
	if err != nil {
		return false, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbLimits); err != nil {
			return err
		}
		limits, err := models.CurrentLimits(tx)
		if err != nil {
			return err
		}
		now, err := limits.Content.Part(subject)
		if err != nil {
			return err
		}
		if waits = part == now || !part.Within(now); waits {
			_, err := (&Changes{Core: s.Core}).ProposeIn(tx, by, models.ChangeLimits, subject, part, reason, signed)
			return err
		}
		changed, err := limits.Content.With(subject, part)
		if err != nil {
			return err
		}
		signature, err := (&Changes{Core: s.Core}).Alone(tx, by, models.ChangeLimits, subject, part, reason, signed)
		if err == nil {
			_, err = s.add(tx, by, changed, reason, signature)
		}
		return err
	})
	return waits, err
}
