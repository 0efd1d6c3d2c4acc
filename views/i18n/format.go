package i18n

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number groups a count for people: 184,220.
func Number(n int) string {
	text := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(text) - 3; i > start; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// City names a zone as people do: "Taipei" for Asia/Taipei.
func City(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

// Day writes a date without its year where the year is the present one: 13 Nov.
func Day(ctx context.Context, at time.Time) string {
	at = at.In(Zone(ctx))
	key := "time.day"
	if at.Year() != Now(ctx).In(Zone(ctx)).Year() {
		key = "time.day_year"
	}
	return day(ctx, key, at)
}

// FullDay writes a date with its year: 13 Nov 2026.
func FullDay(ctx context.Context, at time.Time) string {
	return day(ctx, "time.day_year", at.In(Zone(ctx)))
}

// DayIn writes the date that a moment has in a zone, with its year: 13 Nov 2026.
func DayIn(ctx context.Context, at time.Time, zone *time.Location) string {
	return day(ctx, "time.day_year", at.In(zone))
}

func day(ctx context.Context, key string, at time.Time) string {
	months := strings.Fields(T(ctx, "time.months"))
	month := at.Format("Jan")
	if len(months) == 12 {
		month = months[at.Month()-1]
	}
	return T(ctx, key, "Day", at.Day(), "Month", month, "Year", at.Year())
}

// Month writes a month with its year: Nov 2026.
func Month(ctx context.Context, at time.Time) string { return day(ctx, "time.month_year", at) }

// Weekday is the short name of a day of the week: Thu.
func Weekday(ctx context.Context, at time.Time) string {
	return weekday(ctx, "time.weekdays", at.Weekday())
}

// LongWeekday is its name in full: Thursday.
func LongWeekday(ctx context.Context, day time.Weekday) string {
	return weekday(ctx, "time.weekdays_long", day)
}

// ShortWeekday is Weekday of a day of any week.
func ShortWeekday(ctx context.Context, day time.Weekday) string {
	return weekday(ctx, "time.weekdays", day)
}

func weekday(ctx context.Context, key string, day time.Weekday) string {
	names := strings.Fields(T(ctx, key))
	if len(names) != 7 {
		return day.String()
	}
	return names[day]
}

// NearDay is "today" for the present day of the reader, and the date for others.
func NearDay(ctx context.Context, at time.Time) string {
	if FullDay(ctx, at) == FullDay(ctx, Now(ctx)) {
		return T(ctx, "time.today")
	}
	return Day(ctx, at)
}

// Span writes a length of time with at most two units: 8 s, 48 min, 5 h 12 min, 3 d 2 h.
func Span(ctx context.Context, d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return T(ctx, "time.seconds", "N", int(d/time.Second))
	case d < time.Hour:
		return T(ctx, "time.minutes", "N", int(d/time.Minute))
	case d < 24*time.Hour:
		return twoUnits(ctx, "time.hours", int(d/time.Hour), "time.minutes", int(d%time.Hour/time.Minute), 2)
	}
	return twoUnits(ctx, "time.days", int(d/(24*time.Hour)), "time.hours", int(d%(24*time.Hour)/time.Hour), 1)
}

// twoUnits leaves the smaller unit out where it is nothing; minutes after hours
// have two digits, so that ages stand under one another.
func twoUnits(ctx context.Context, big string, n int, small string, rest int, digits int) string {
	text := T(ctx, big, "N", n)
	if rest == 0 {
		return text
	}
	return text + " " + T(ctx, small, "N", fmt.Sprintf("%0*d", digits, rest))
}
