package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// remindAtOnce bounds of how many orders people are told in one round.
const remindAtOnce = 100

// Remind tells the next person of each order that has waited long enough with the last one
// (features.md E10). It moves no order and signs none: time alone approves nothing.
func (s *Payouts) Remind(ctx context.Context) error {
	due, err := models.ToRemind(s.Store.Read(ctx), s.Now(), remindAtOnce)
	if err != nil {
		return err
	}
	var faults error
	for _, p := range due {
		if err := s.Store.Write(ctx, func(tx *gorm.DB) error { return s.remind(tx, p.ID) }); err != nil {
			faults = errors.Join(faults, fmt.Errorf("remind of payout %d: %w", p.ID, err))
		}
	}
	return faults
}

// remind looks again inside the write: somebody may have signed meanwhile.
func (s *Payouts) remind(tx *gorm.DB, id models.PayoutID) error {
	p, err := models.FindPayout(tx, id)
	if err != nil || p.Stage != models.AwaitingApproval {
		return err
	}
	last, err := models.FindReminder(tx, id)
	if err != nil {
		return err
	}
	hours, err := workingHours(tx)
	if err != nil {
		return err
	}
	if due := last.Due(p, hours); due.IsZero() || due.After(s.Now()) {
		return nil
	}
	people, err := models.ActivePeople(tx)
	if err != nil {
		return err
	}
	line, err := s.inLine(tx, p, people)
	if err != nil {
		return err
	}
	next := last.Next(p, line, hours, s.Now())
	if err := models.KeepReminder(tx, next); err != nil {
		return err
	}
	details := reminderDetails(next, people)
	if err := s.nameCutOff(tx, p, details); err != nil {
		return err
	}
	return models.Remark(tx, p, reminderVerb(next), models.Machine("timetable"), s.Now(), details)
}

// nameCutOff says in a reminder until when a signature counts for today, where that is within
// the hour (features.md O3).
func (s *Payouts) nameCutOff(tx *gorm.DB, p models.Payout, d models.Details) error {
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil {
		return err
	}
	if next := models.NextCutOff(account.Calendar(), s.Now()); next.Soon(s.Now()) {
		d["cut_off"], d["cut_off_zone"] = next.At.Format(time.RFC3339), next.Zone.String()
	}
	return nil
}

func workingHours(tx *gorm.DB) (h models.Hours, err error) {
	policy, err := models.CurrentPolicy(tx)
	if err != nil {
		return h, err
	}
	limits, err := models.CurrentLimits(tx)
	return models.WorkingHours(policy, limits.Content), err
}

// inLine are who may sign the order, as they are to be told.
func (s *Payouts) inLine(tx *gorm.DB, p models.Payout, people []models.Person) ([]models.PersonID, error) {
	signed, err := models.Approvers(tx, p)
	if err != nil {
		return nil, err
	}
	standing, err := models.StandIns(tx, people, s.Now())
	if err != nil {
		return nil, err
	}
	left, err := models.HandedOn(tx, p)
	return p.InLine(people, signed, standing, left, s.Now()), err
}

func reminderVerb(r models.Reminder) string {
	switch {
	case r.PersonID == 0:
		return "told_controllers"
	case len(r.ToldTo()) > 1:
		return "passed_on"
	}
	return "reminded"
}

func reminderDetails(r models.Reminder, people []models.Person) models.Details {
	names := map[models.PersonID]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	d := models.Details{}
	told := r.ToldTo()
	if r.PersonID != 0 {
		d["to"] = names[r.PersonID]
		told = told[:len(told)-1]
	}
	if len(told) > 0 {
		d["from"] = names[told[len(told)-1]]
	}
	return d
}
