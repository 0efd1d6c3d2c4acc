package models

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Calendar is when a gateway pays: on which days of the week, what reaches it before which
// time of the day, and on which dates it does not (features.md B5). It informs, and holds no
// order back (decision 16). The zero value is none.
type Calendar struct {
	Zone     string    `json:"zone"`
	Days     Weekdays  `json:"days"`
	CutOff   string    `json:"cut_off"` // 15:30, by the clock of the zone
	Holidays []Holiday `json:"holidays,omitempty"`
}

// Holiday is a date on which a gateway does not pay, though its weekday is one on which it does.
type Holiday struct {
	Day  string `json:"day"` // 2026-10-10
	Name string `json:"name"`
}

// Weekdays are days of the week, from Monday on.
type Weekdays []time.Weekday

// String writes them as the log keeps them: Mon Tue Wed.
func (w Weekdays) String() string {
	var names []string
	for _, day := range w {
		names = append(names, day.String()[:3])
	}
	return strings.Join(names, " ")
}

// sinceMonday is how many days of the week come before it.
func sinceMonday(day time.Weekday) int { return (int(day) + 6) % 7 }

// String writes a holiday as it is typed: 2026-10-10 National Day.
func (h Holiday) String() string { return h.Day + " " + h.Name }

// The bounds of a calendar.
const (
	mostHolidays   = 200
	longestHoliday = 60
	clockShape     = "15:04"
)

// None says whether there is no calendar, and so no cut-off.
func (c Calendar) None() bool { return c.Zone == "" }

// Location is the zone of the calendar.
func (c Calendar) Location() *time.Location { return zone(c.Zone) }

// HolidaysFrom are those of today and later, the next first.
func (c Calendar) HolidaysFrom(now time.Time) []Holiday {
	today := now.In(c.Location()).Format(time.DateOnly)
	return slices.DeleteFunc(c.InOrder().Holidays, func(h Holiday) bool { return h.Day < today })
}

// InOrder is the same calendar, written in one way.
func (c Calendar) InOrder() Calendar {
	if c.None() {
		return Calendar{}
	}
	days, holidays := slices.Clone(c.Days), slices.Clone(c.Holidays)
	slices.SortFunc(days, func(a, b time.Weekday) int { return cmp.Compare(sinceMonday(a), sinceMonday(b)) })
	slices.SortStableFunc(holidays, func(a, b Holiday) int { return strings.Compare(a.Day, b.Day) })
	c.Days, c.Holidays = slices.Compact(days), holidays
	return c
}

// Check refuses a calendar that cannot be kept; all of it at once.
func (c Calendar) Check() error {
	if c.None() {
		return nil
	}
	var wrong Refusals
	refuse := func(field, key string, args ...any) {
		wrong = append(wrong, Refuse(Invalid, key, args...).On(field))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		refuse("zone", "account.zone_unknown")
	}
	if len(c.Days) == 0 || slices.ContainsFunc(c.Days, func(d time.Weekday) bool { return d < time.Sunday || d > time.Saturday }) {
		refuse("days", "calendar.days_needed")
	}
	if at, err := time.Parse(clockShape, c.CutOff); err != nil || at.Format(clockShape) != c.CutOff {
		refuse("cut_off", "calendar.cut_off_shape")
	}
	if err := checkHolidays(c.Holidays); err != nil {
		wrong = append(wrong, *err)
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

func checkHolidays(all []Holiday) *Refusal {
	refuse := func(key string, args ...any) *Refusal {
		r := Refuse(Invalid, key, args...).On("holidays")
		return &r
	}
	if len(all) > mostHolidays {
		return refuse("calendar.holidays_many", "Most", mostHolidays)
	}
	seen := map[string]bool{}
	for _, h := range all {
		switch day, err := time.Parse(time.DateOnly, h.Day); {
		case err != nil || day.Year() < 2000:
			return refuse("calendar.holiday_shape", "Line", h.String())
		case h.Name == "" || len(h.Name) > longestHoliday || strings.ContainsFunc(h.Name, unicode.IsControl):
			return refuse("calendar.holiday_name", "Day", h.Day, "Most", longestHoliday)
		case seen[h.Day]:
			return refuse("calendar.holiday_twice", "Day", h.Day)
		}
		seen[h.Day] = true
	}
	return nil
}

// ReadHolidays reads a holiday a line: its date, and what it is called.
func ReadHolidays(text string) (all []Holiday) {
	for line := range strings.Lines(text) {
		day, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if day != "" {
			all = append(all, Holiday{Day: day, Name: strings.TrimSpace(name)})
		}
	}
	return all
}

// Calendar is when the gateway of the account pays; none where nobody has set one. What
// cannot be read something else than this program wrote: verify finds it in the row, and an
// account that only tells no cut-off goes on sending.
func (a GatewayAccount) Calendar() (c Calendar) {
	if a.CalendarText == "" || json.Unmarshal([]byte(a.CalendarText), &c) != nil {
		return Calendar{}
	}
	return c
}

// WithCalendar is the account with another calendar, or without one.
func (a GatewayAccount) WithCalendar(c Calendar) (GatewayAccount, error) {
	if a.CalendarText = ""; c.None() {
		return a, nil
	}
	text, err := json.Marshal(c.InOrder())
	a.CalendarText = string(text)
	return a, err
}

// DiffCalendars are what differs between two calendars, line by line.
func DiffCalendars(before, after Calendar) (lines []ChangeLine) {
	add := func(name string, was, is any) {
		lines = append(lines, ChangeLine{Name: "calendar.line." + name, Before: was, After: is})
	}
	if before.CutOff != after.CutOff {
		add("cut_off", orNil(before.CutOff, len(before.CutOff)), orNil(after.CutOff, len(after.CutOff)))
	}
	if before.Zone != after.Zone {
		add("zone", orNil(before.Zone, len(before.Zone)), orNil(after.Zone, len(after.Zone)))
	}
	if !slices.Equal(before.Days, after.Days) {
		add("days", orNil(before.Days, len(before.Days)), orNil(after.Days, len(after.Days)))
	}
	for _, h := range before.Holidays {
		if !slices.Contains(after.Holidays, h) {
			add("holiday", h.String(), nil)
		}
	}
	for _, h := range after.Holidays {
		if !slices.Contains(before.Holidays, h) {
			add("holiday", nil, h.String())
		}
	}
	return lines
}
