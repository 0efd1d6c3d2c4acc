package views

import (
	"context"
	"slices"
	"strconv"
	"time"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// AccountCalendarPage is where somebody proposes when a gateway pays (features.md B5).
type AccountCalendarPage struct {
	Shell    Shell
	Account  models.GatewayAccount
	None     bool // as typed, from here on
	Zone     string
	CutOff   string
	Days     []string // numbers of weekdays
	Holidays string
	Reason   string
	Zones    []ui.Option
	Waits    *Change
	Past     []Change
	Errors   Errors
}

// weekdays are the days of a week as it is written here.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func weekdayValue(day time.Weekday) string { return strconv.Itoa(int(day)) }

func (p AccountCalendarPage) chosen(day time.Weekday) bool {
	return slices.Contains(p.Days, weekdayValue(day))
}

// dayID gives the first box the id that the error summary leads to.
func dayID(day time.Weekday) string {
	if day == weekdays[0] {
		return "days"
	}
	return "days-" + weekdayValue(day)
}

// calendarWords are the cut-off and its days: 15:30 Taipei, Mon to Fri.
func calendarWords(ctx context.Context, c models.Calendar) string {
	if c.None() {
		return i18n.T(ctx, "calendar.stands_none")
	}
	return i18n.T(ctx, "calendar.words", "Clock", c.CutOff, "City", i18n.City(c.Location()), "Days", WeekdayWords(ctx, c.Days))
}

// holidayWords count what is still to come of the holidays.
func holidayWords(ctx context.Context, c models.Calendar) string {
	left := c.HolidaysFrom(i18n.Now(ctx))
	if len(left) == 0 {
		return i18n.T(ctx, "calendar.no_holidays")
	}
	next := left[0].Day
	if day, err := time.Parse(time.DateOnly, next); err == nil {
		next = i18n.DayIn(ctx, day, time.UTC)
	}
	return i18n.N(ctx, "calendar.holidays_to_come", len(left), "Next", i18n.T(ctx, "calendar.holiday_named", "Day", next, "Name", left[0].Name))
}
