package services

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

func accountEvent(verb string, a models.GatewayAccount, by models.Actor, at time.Time, details models.Details) models.Event {
	return models.Event{
		At: at, Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "account", SubjectID: a.Name, Details: details,
	}
}

// pause stops sending through an account; questions go on.
func (s *Accounts) pause(tx *gorm.DB, a *models.GatewayAccount, by models.Actor, why, words string) error {
	a.Paused, a.PausedAt = why, s.Now()
	if err := models.UpdateAccount(tx, a, "paused", "paused_at"); err != nil {
		return err
	}
	details := models.Details{"why": why, "reason_text": words}
	trim(details)
	return models.Append(tx, accountEvent("account_paused", *a, by, s.Now(), details))
}

// Pause stops sending through one account. Paused again it ends what somebody has asked
// for, to reopen it.
func (s *Accounts) Pause(ctx context.Context, by models.Person, id models.AccountID, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbCord); err != nil {
			return err
		}
		a, err := models.FindAccount(tx, id)
		if err != nil {
			return err
		}
		if err := a.CheckScope(by); err != nil {
			return err
		}
		ended, err := s.stillStopped(tx, by.As(models.VerbCord), AccountSubject(id))
		if err != nil {
			return err
		}
		if a.Paused != "" && !ended {
			return models.Refuse(models.Conflict, "account.paused_already")
		}
		return s.pause(tx, &a, by.As(models.VerbCord), cmp.Or(a.Paused, "paused.by_person"), reason)
	})
}

// PullCord stops all sending at once; anybody who works with money may. Pulled again it
// ends what somebody has asked for, to let sending go on.
func (s *Accounts) PullCord(ctx context.Context, by models.Person, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbCord); err != nil {
			return err
		}
		standing, err := models.ReadSetting(tx, models.SettingCord)
		if err != nil {
			return err
		}
		ended, err := s.stillStopped(tx, by.As(models.VerbCord), models.AllSending)
		if err != nil {
			return err
		}
		if standing != "" && !ended {
			return models.Refuse(models.Conflict, "cord.already")
		}
		return s.turnCord(tx, by.As(models.VerbCord), "cord_pulled", cmp.Or(standing, by.Name+": "+reason), models.Details{"reason_text": reason})
	})
}

// StopAll pulls the cord from the machine itself; pulled already is well.
func (s *Accounts) StopAll(ctx context.Context, by models.Actor, reason string) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		standing, err := models.ReadSetting(tx, models.SettingCord)
		if err != nil || standing != "" {
			return err
		}
		return s.turnCord(tx, by, "cord_pulled", by.Name+": "+reason, models.Details{"reason_text": reason})
	})
}

func (s *Accounts) turnCord(tx *gorm.DB, by models.Actor, verb, value string, details models.Details) error {
	if err := models.WriteSetting(tx, models.SettingCord, value); err != nil {
		return err
	}
	return models.Append(tx, settingEvent(verb, "cord", by, s.Now(), details))
}

func settingEvent(verb, name string, by models.Actor, at time.Time, details models.Details) models.Event {
	return models.Event{
		At: at, Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "settings", SubjectID: name, Details: details,
	}
}
