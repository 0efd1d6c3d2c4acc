package models

import (
	"slices"
	"time"
)

// CutOff is how a moment stands to the cut-offs of a calendar. The zero value is that of no
// calendar.
type CutOff struct {
	At      time.Time      // the next one
	Zone    *time.Location // of the calendar
	Missed  bool           // that of today has passed, by the clock of the zone
	Closed  bool           // today the gateway does not pay
	Holiday string         // why not, where it is a holiday
}

// CutOffSoon is how near a cut-off is that whoever is reminded is told of (features.md O3).
const CutOffSoon = time.Hour

// None says whether there is no cut-off.
func (c CutOff) None() bool { return c.At.IsZero() }

// Soon says whether the cut-off is within the hour.
func (c CutOff) Soon(now time.Time) bool { return !c.None() && c.At.Sub(now) <= CutOffSoon }

// NextCutOff is the first cut-off after now. What happens at the very moment of a cut-off is
// after it: nothing is promised that the gateway may refuse.
func NextCutOff(c Calendar, now time.Time) CutOff {
	if c.None() {
		return CutOff{}
	}
	next := CutOff{Zone: zone(c.Zone)}
	today := dateOf(now.In(next.Zone))
	pays, holiday := c.pays(today)
	next.Closed, next.Holiday = !pays, holiday
	next.Missed = pays && !c.cutOffOn(today, next.Zone).After(now)
	// Every holiday costs one day at most, and every week has a day on which it pays.
	for range 7*(len(c.Holidays)+1) + 1 {
		if pays, _ := c.pays(today); pays {
			if at := c.cutOffOn(today, next.Zone); at.After(now) {
				next.At = at.UTC()
				return next
			}
		}
		today = today.AddDate(0, 0, 1)
	}
	return CutOff{}
}

// dateOf is the date that a clock shows, without a zone.
func dateOf(at time.Time) time.Time {
	year, month, day := at.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// pays says whether the gateway pays on a date, and which holiday it is if it does not for
// that.
func (c Calendar) pays(date time.Time) (pays bool, holiday string) {
	if !slices.Contains(c.Days, date.Weekday()) {
		return false, ""
	}
	day := date.Format(time.DateOnly)
	at := slices.IndexFunc(c.Holidays, func(h Holiday) bool { return h.Day == day })
	if at < 0 {
		return true, ""
	}
	return false, c.Holidays[at].Name
}

// cutOffOn is the moment of the cut-off of a date: the first at which the clock of the zone
// shows that time or a later one. Where the clock is set back over it that is the earlier of
// two, where it is set forward over it the moment at which it is.
func (c Calendar) cutOffOn(date time.Time, zone *time.Location) time.Time {
	clock, err := time.Parse(clockShape, c.CutOff)
	if err != nil {
		return time.Time{}
	}
	wanted := date.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	at := time.Date(date.Year(), date.Month(), date.Day(), clock.Hour(), clock.Minute(), 0, 0, zone)
	from, to := at.ZoneBounds()
	switch shown := wallClock(at); {
	case shown.After(wanted):
		return from
	case shown.Before(wanted):
		return to
	case from.IsZero():
		return at
	}
	_, was := from.Add(-time.Second).Zone()
	_, is := at.Zone()
	if earlier := at.Add(time.Duration(is-was) * time.Second); earlier.Before(from) && wallClock(earlier).Equal(wanted) {
		return earlier
	}
	return at
}

// wallClock is what a clock shows, as if it were UTC.
func wallClock(at time.Time) time.Time {
	_, offset := at.Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}
