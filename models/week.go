package models

import (
	"fmt"
	"time"
)

// Week is a week of somebody's zone, from Monday on: what an address calls 2026-W47.
type Week struct {
	Monday time.Time
	Zone   *time.Location
}

// WeekOf is the week of a moment.
func WeekOf(at time.Time, zone *time.Location) Week {
	at = at.In(zone)
	year, month, day := at.Date()
	back := (int(at.Weekday()) + 6) % 7
	return Week{time.Date(year, month, day-back, 0, 0, 0, 0, zone), zone}
}

// ReadWeek reads one; "" is the week of now.
func ReadWeek(text string, now time.Time, zone *time.Location) (Week, error) {
	if text == "" {
		return WeekOf(now, zone), nil
	}
	var year, number int
	if _, err := fmt.Sscanf(text, "%d-W%d", &year, &number); err != nil || year < 2000 || year > 9999 || number < 1 || number > 53 {
		return Week{}, Refuse(Invalid, "week.unreadable")
	}
	week := WeekOf(time.Date(year, 1, 4, 12, 0, 0, 0, zone), zone).Shift(number - 1) // the fourth of January is in the first week
	if week.String() != text {
		return Week{}, Refuse(Invalid, "week.unreadable")
	}
	return week, nil
}

// Shift is the week so many weeks later.
func (w Week) Shift(weeks int) Week { return Week{w.Monday.AddDate(0, 0, 7*weeks), w.Zone} }

// Span is from when to when it lasts.
func (w Week) Span() (from, to time.Time) { return w.Monday, w.Shift(1).Monday }

// String is the week as an address has it.
func (w Week) String() string {
	year, number := w.Monday.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, number)
}
