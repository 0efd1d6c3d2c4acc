package services

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// calendarChanges are changes of when a gateway pays (features.md B5). The subject is the
// account, the content a models.Calendar; an empty one is a gateway without a cut-off.
type calendarChanges struct{ *Core }

// Subject is the account; it concerns nobody more than others.
func (k calendarChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	a, err := subjectAccount(db, subject)
	return a.Name, nil, err
}

// Now is the calendar as it stands.
func (k calendarChanges) Now(tx *gorm.DB, subject string) (any, error) {
	a, err := subjectAccount(tx, subject)
	return a.Calendar(), err
}

// Check refuses a calendar that cannot be kept.
func (k calendarChanges) Check(tx *gorm.DB, c models.Change) error {
	if _, err := subjectAccount(tx, c.Subject); err != nil {
		return err
	}
	calendar, err := readCalendar(c.Content)
	if err != nil {
		return err
	}
	return calendar.Check()
}

func readCalendar(text string) (c models.Calendar, err error) {
	if err = json.Unmarshal([]byte(text), &c); err != nil {
		err = fmt.Errorf("read a calendar: %w", err)
	}
	return c, err
}

// Apply puts the calendar in its place. It moves no order: a cut-off is something to know.
func (k calendarChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	a, err := subjectAccount(tx, c.Subject)
	if err != nil {
		return err
	}
	calendar, err := readCalendar(c.Content)
	if err != nil {
		return err
	}
	if a, err = a.WithCalendar(calendar); err != nil {
		return err
	}
	if err := models.UpdateAccount(tx, &a, "calendar"); err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	lines, err := k.Lines(tx, c)
	if err != nil {
		return err
	}
	details := models.Details{"proposed_by": proposer.Name, "reason_text": c.Reason}
	details["before"], details["after"] = plainLines(lines)
	return models.Append(tx, accountEvent("calendar_changed", a, by, k.Core.Now(), details))
}

// Lines are what differs.
func (k calendarChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readCalendar(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readCalendar(c.Content)
	return models.DiffCalendars(before, after), err
}
