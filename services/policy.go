package services

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// Policy is who must sign what. Two controllers change it; a command on the machine
// acts at once, and the log says so.
type Policy struct{ *Core }

// Set adds a version of the policy; orders that are submitted from now on are
// held to it. The note says why.
func (s *Policy) Set(ctx context.Context, by models.Actor, p models.Policy, note string) (models.Policy, error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n < 3 || n > 500 {
		return models.Policy{}, models.Refuse(models.Invalid, "policy.note_shape").On("note")
	}
	if by.ID != 0 {
		return models.Policy{}, models.Refuse(models.Forbidden, "policy.two_people")
	}
	p.Note, p.CreatedBy, p.CreatedAt = note, by.Name, s.Now()
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		return s.add(tx, by, &p)
	})
	return p, err
}

// Begin gives a new installation its first policy, so that nothing can be
// submitted without one.
func (s *Policy) Begin(ctx context.Context) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		all, err := models.Policies(tx)
		if err != nil || len(all) > 0 {
			return err
		}
		by := models.Machine("countersign")
		p := models.DefaultPolicy()
		p.Note, p.CreatedBy, p.CreatedAt = "The policy that Countersign begins with", by.Name, s.Now()
		return s.add(tx, by, &p)
	})
}

func (s *Policy) add(tx *gorm.DB, by models.Actor, p *models.Policy) error {
	all, err := models.Policies(tx)
	if err != nil {
		return err
	}
	if err := models.AddPolicy(tx, p); err != nil {
		return err
	}
	details := models.Details{"after": p.Terms(), "note": p.Note, "policy_digest": fmt.Sprintf("%x", p.Digest())}
	if len(all) > 0 {
		details["before"] = all[0].Terms()
	}
	if p.ConfirmedBy != "" {
		details["proposed_by"] = p.CreatedBy
	}
	return models.Append(tx, models.Event{
		At: p.CreatedAt, Verb: "policy_changed", ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "policy", SubjectID: strconv.Itoa(p.Version), Details: details,
	})
}

// everyone is the value of the setting that demands a second factor.
const everyone = "everyone"

// DemandFactor says whether everybody needs a second factor (S3), or whoever wants one.
// Those who have none can do nothing but add one from their next request on.
func (s *Policy) DemandFactor(ctx context.Context, by models.Actor, demanded bool) error {
	value := ""
	if demanded {
		value = everyone
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return s.demandFactor(tx, by, value) })
}

func (c *Core) demandFactor(tx *gorm.DB, by models.Actor, value string) error {
	before, err := models.ReadSetting(tx, models.SettingFactor)
	if err != nil || before == value {
		return err
	}
	if err := models.WriteSetting(tx, models.SettingFactor, value); err != nil {
		return err
	}
	return models.Append(tx, settingEvent("setting_changed", models.SettingFactor, by, c.Now(), models.Details{"before": before, "after": value}))
}
