package demo

import (
	"context"
	"time"

	"countersign/models"
	"countersign/services"
)

// workdays are those of banks.
var workdays = models.Weekdays{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// calendars are when the gateways pay, as they wrote to us.
var calendars = map[string]models.Calendar{
	atTaipei: {Zone: taipei, CutOff: "15:30", Days: workdays, Holidays: []models.Holiday{
		{Day: "2026-09-25", Name: "Mid-Autumn Festival"}, {Day: "2026-10-09", Name: "National Day, in lieu"}, {Day: "2027-01-01", Name: "New Year"},
		{Day: "2027-02-05", Name: "Lunar New Year's Eve"}, {Day: "2027-02-08", Name: "Lunar New Year"}, {Day: "2027-02-09", Name: "Lunar New Year"}, {Day: "2027-02-10", Name: "Lunar New Year"},
		{Day: "2027-03-01", Name: "Peace Memorial Day, in lieu"}, {Day: "2027-04-05", Name: "Tomb Sweeping Day"},
	}},
	atLima: {Zone: lima, CutOff: "17:00", Days: workdays, Holidays: []models.Holiday{
		{Day: "2026-10-08", Name: "Battle of Angamos"}, {Day: "2026-12-08", Name: "Immaculate Conception"}, {Day: "2026-12-09", Name: "Battle of Ayacucho"},
		{Day: "2026-12-25", Name: "Christmas"}, {Day: "2027-01-01", Name: "New Year"}, {Day: "2027-03-25", Name: "Maundy Thursday"}, {Day: "2027-03-26", Name: "Good Friday"},
	}},
}

// keepHours sets the calendars: one proposes, another confirms. Shanghai has none, for it pays
// at all hours.
func (s *story) keepHours(ctx context.Context) error {
	for _, d := range desks {
		calendar, has := calendars[d.key]
		if !has {
			continue
		}
		c, err := s.changes.Propose(ctx, s.people[huang].As(models.VerbGateway), models.ChangeCalendar, services.AccountSubject(s.desks[d.key].ID), calendar,
			"As in the gateway's letter about cut-off times and holidays", s.stepUp.Click(s.people[huang]))
		if err != nil {
			return err
		}
		if _, err := s.changes.Confirm(ctx, s.people[tsai].As(models.VerbKeys), c.ID, c.Digest, s.stepUp.Click(s.people[tsai])); err != nil {
			return err
		}
	}
	return nil
}
