package services

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"countersign/models"
)

// sendingChanges let sending go on that was stopped (invariants.md 3). The subject is
// models.AllSending or an account, the content a models.Standstill. A stop that came after
// the proposal is another one, so that the proposal is overtaken.
type sendingChanges struct{ *Core }

// Subject is the account; it concerns nobody more than others.
func (k sendingChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	if subject == models.AllSending {
		return "", nil, nil
	}
	a, err := subjectAccount(db, subject)
	return a.Name, nil, err
}

// Now is how sending stands.
func (k sendingChanges) Now(tx *gorm.DB, subject string) (any, error) {
	if subject == models.AllSending {
		return models.CordStands(tx)
	}
	a, err := subjectAccount(tx, subject)
	return a.Standstill(), err
}

// Check refuses anything but that sending goes on.
func (k sendingChanges) Check(_ *gorm.DB, c models.Change) error {
	if to, err := readSending(c.Content); err != nil || to != (models.Standstill{}) {
		return orRefuse(err, models.Refuse(models.Conflict, "change.nothing"))
	}
	return nil
}

func readSending(text string) (s models.Standstill, err error) {
	if err = json.Unmarshal([]byte(text), &s); err != nil {
		err = fmt.Errorf("read how sending stands: %w", err)
	}
	return s, err
}

// Apply lets what waits leave, and says so in the log.
func (k sendingChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	accounts, details := &Accounts{Core: k.Core}, models.Details{"reason_text": c.Reason, "proposed_by": proposer.Name}
	if c.Subject != models.AllSending {
		return accounts.reopen(tx, c.Subject, by, details)
	}
	if err := models.LetGo(tx, 0, k.Core.Now()); err != nil {
		return err
	}
	return accounts.turnCord(tx, by, "cord_released", "", details)
}

// Lines say why it stands still, and that it goes on.
func (k sendingChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readSending(c.Before)
	var why any = before.Stopped
	if c.Subject != models.AllSending || slices.Contains(Stops, before.Stopped) {
		why = models.Word(before.Stopped) // a reason of the machine
	}
	return []models.ChangeLine{{Name: "sending.stands", Before: why, After: models.Word("sending.goes_on")}}, err
}

// ProposeRestart asks another controller to let all sending go on.
func (s *Accounts) ProposeRestart(ctx context.Context, by models.Person, reason string, signed Signed) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbRestart); err != nil {
			return err
		}
		if err := by.CheckWhole(); err != nil {
			return err
		}
		stands, err := models.CordStands(tx)
		if err != nil || stands.Stopped == "" {
			return orRefuse(err, models.Refuse(models.Conflict, "cord.already"))
		}
		c, err = s.proposeSending(tx, by, models.AllSending, reason, signed)
		return err
	})
	return c, err
}

// ProposeReopening asks another controller to let an account send again.
func (s *Accounts) ProposeReopening(ctx context.Context, by models.Person, id models.AccountID, reason string, signed Signed) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbRestart); err != nil {
			return err
		}
		a, err := models.FindAccount(tx, id)
		if err != nil {
			return err
		}
		if err := a.CheckScope(by); err != nil {
			return err
		}
		if a.Paused == "" {
			return models.Refuse(models.Conflict, "account.open_already")
		}
		c, err = s.proposeSending(tx, by, AccountSubject(id), reason, signed)
		return err
	})
	return c, err
}

func (s *Accounts) proposeSending(tx *gorm.DB, by models.Person, subject, reason string, signed Signed) (models.Change, error) {
	return (&Changes{s.Core}).ProposeIn(tx, by.As(models.VerbRestart), models.ChangeSending, subject, models.Standstill{}, reason, signed)
}

// stillStopped ends a proposal to let sending go on, because it was stopped again.
func (s *Accounts) stillStopped(tx *gorm.DB, by models.Actor, subject string) (ended bool, err error) {
	c, waits, err := models.WaitingChange(tx, models.ChangeSending, subject)
	if err != nil || !waits {
		return false, err
	}
	return true, (&Changes{s.Core}).end(tx, c, models.ChangeOvertaken, by, "", unsigned)
}

// reopen lets an account send again.
func (s *Accounts) reopen(tx *gorm.DB, subject string, by models.Actor, details models.Details) error {
	a, err := subjectAccount(tx, subject)
	if err != nil {
		return err
	}
	a.Paused, a.PausedAt, a.NotSentStreak, a.TurnedAway = "", never, 0, 0
	if err := models.UpdateAccount(tx, &a, "paused", "paused_at", "not_sent_streak", "turned_away"); err != nil {
		return err
	}
	if err := models.LetGo(tx, a.ID, s.Now()); err != nil {
		return err
	}
	return models.Append(tx, accountEvent("account_reopened", a, by, s.Now(), details))
}
