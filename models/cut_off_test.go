package models_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

var workdays = models.Weekdays{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

func calendarIn(zone, cutOff string, holidays ...models.Holiday) models.Calendar {
	return models.Calendar{Zone: zone, Days: workdays, CutOff: cutOff, Holidays: holidays}
}

func TestB5_TheNextCutOffIsTheFirstAfterNow(t *testing.T) {
	t.Parallel()
	taipei, york := calendarIn("Asia/Taipei", "15:30"), calendarIn("America/New_York", "17:00")
	night := calendarIn("America/New_York", "02:30")
	night.Days = append(models.Weekdays{time.Saturday, time.Sunday}, workdays...)
	twice := night
	twice.CutOff = "01:30"
	beirut := night
	beirut.Zone, beirut.CutOff = "Asia/Beirut", "00:00"
	holidays := calendarIn("Asia/Taipei", "15:30", models.Holiday{Day: "2026-10-09", Name: "National Day"}, models.Holiday{Day: "2026-10-12", Name: "Bridge"})
	for _, c := range []struct {
		name          string
		calendar      models.Calendar
		now, want     string // UTC
		missed, close bool
		holiday       string
	}{
		{"before it", taipei, "2026-11-19T07:00:00Z", "2026-11-19T07:30:00Z", false, false, ""},
		{"a moment before it", taipei, "2026-11-19T07:29:59.999Z", "2026-11-19T07:30:00Z", false, false, ""},
		{"at its very moment it is past", taipei, "2026-11-19T07:30:00Z", "2026-11-20T07:30:00Z", true, false, ""},
		{"after Friday's comes Monday's", taipei, "2026-11-20T08:00:00Z", "2026-11-23T07:30:00Z", true, false, ""},
		{"Saturday is closed", taipei, "2026-11-21T03:00:00Z", "2026-11-23T07:30:00Z", false, true, ""},
		{"Sunday by UTC is Monday in Taipei", taipei, "2026-11-22T16:30:00Z", "2026-11-23T07:30:00Z", false, false, ""},
		{"a holiday has its name", holidays, "2026-10-09T02:00:00Z", "2026-10-13T07:30:00Z", false, true, "National Day"},
		{"a weekend between two holidays", holidays, "2026-10-08T07:30:00Z", "2026-10-13T07:30:00Z", true, false, ""},
		{"New York in winter", york, "2026-01-15T21:59:00Z", "2026-01-15T22:00:00Z", false, false, ""},
		{"New York in summer", york, "2026-07-15T20:59:00Z", "2026-07-15T21:00:00Z", false, false, ""},
		{"over the change of the clocks", york, "2026-03-06T22:00:00Z", "2026-03-09T21:00:00Z", true, false, ""},
		{"a time that the clock jumps over is when it jumps", night, "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z", false, false, ""},
		{"a time that comes twice is the first of the two", twice, "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", false, false, ""},
		{"and past by the second", twice, "2026-11-01T06:10:00Z", "2026-11-02T06:30:00Z", true, false, ""},
		{"a midnight that the clock jumps over", beirut, "2026-03-28T20:00:00Z", "2026-03-28T22:00:00Z", true, false, ""},
	} {
		got := models.NextCutOff(c.calendar, parse(t, c.now))
		if want := parse(t, c.want); !got.At.Equal(want) || got.Missed != c.missed || got.Closed != c.close || got.Holiday != c.holiday {
			t.Errorf("%s: %+v, want %s", c.name, got, want)
		}
	}
	if got := models.NextCutOff(models.Calendar{}, parse(t, "2026-11-19T07:00:00Z")); !got.None() || got.Missed || got.Closed {
		t.Errorf("without a calendar: %+v", got)
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// nextByMinutes looks for the next cut-off by walking: the first minute after now from which
// on the clock shows the time, or a later one, on a day on which the gateway pays.
func nextByMinutes(c models.Calendar, now time.Time) time.Time {
	zone, _ := time.LoadLocation(c.Zone)
	passed := func(at time.Time) bool { return at.In(zone).Format("15:04") >= c.CutOff }
	at := now.Truncate(24 * time.Hour).Add(-48 * time.Hour)
	day, reached := "", false
	for ; ; at = at.Add(time.Minute) {
		local := at.In(zone)
		if today := local.Format(time.DateOnly); today != day {
			day, reached = today, false
		}
		pays := slices.Contains(c.Days, local.Weekday()) && !slices.ContainsFunc(c.Holidays, func(h models.Holiday) bool { return h.Day == day })
		if reached || !passed(at) {
			continue
		}
		reached = true
		if pays && at.After(now) {
			return at
		}
	}
}

// anyCalendar has its moments near the changes of the clocks more often than not.
func anyCalendar(r *rand.Rand) (c models.Calendar, now time.Time) {
	zones := []string{"Asia/Taipei", "America/Lima", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago", "UTC"}
	changes := []string{"2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2026-09-06", "2026-06-10"}
	near, _ := time.Parse(time.DateOnly, changes[r.IntN(len(changes))])
	now = near.Add(time.Duration(r.IntN(4*24*60)-2*24*60) * time.Minute)
	c = models.Calendar{Zone: zones[r.IntN(len(zones))], CutOff: time.Time{}.Add(time.Duration(r.IntN(24*60)) * time.Minute).Format("15:04")}
	if r.IntN(2) == 0 {
		c.CutOff = time.Time{}.Add(time.Duration(r.IntN(4*60)) * time.Minute).Format("15:04")
	}
	for day := range time.Weekday(7) {
		if len(c.Days) == 0 || r.IntN(3) > 0 {
			c.Days = append(c.Days, day)
		}
	}
	for range r.IntN(4) {
		c.Holidays = append(c.Holidays, models.Holiday{Day: now.AddDate(0, 0, r.IntN(9)-2).Format(time.DateOnly), Name: "closed"})
	}
	return c, now
}

// Over changes of the clocks, weekends and holidays it is what a walk minute by minute finds.
func TestB5_TheNextCutOffIsWhatAWalkMinuteByMinuteFinds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(30, 15))
	wrong := 0
	for range 400 {
		c, now := anyCalendar(r)
		want := nextByMinutes(c, now)
		if got := models.NextCutOff(c, now); !got.At.Equal(want) {
			t.Fatalf("%+v at %s: %s, want %s", c, now, got.At, want)
		}
		zone, _ := time.LoadLocation(c.Zone)
		if naive := naiveCutOff(c, now.In(zone)); !naive.Equal(want) {
			wrong++
		}
	}
	if wrong == 0 {
		t.Error("the walk does not tell a cut-off that forgets weekends and holidays")
	}
}

// naiveCutOff is the known-bad one: today at that time, or tomorrow.
func naiveCutOff(c models.Calendar, now time.Time) time.Time {
	clock, _ := time.Parse("15:04", c.CutOff)
	at := time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

func TestB5_ACalendarThatCannotBeKeptIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	good := calendarIn("Asia/Taipei", "15:30", models.Holiday{Day: "2026-10-09", Name: "National Day"})
	with := func(change func(*models.Calendar)) models.Calendar {
		c := good
		c.Holidays = slices.Clone(good.Holidays)
		change(&c)
		return c
	}
	for _, c := range []struct {
		name     string
		calendar models.Calendar
		field    string
	}{
		{"as it should be", good, ""},
		{"none at all", models.Calendar{}, ""},
		{"a zone that nobody knows", with(func(c *models.Calendar) { c.Zone = "Asia/Nowhere" }), "zone"},
		{"no day", with(func(c *models.Calendar) { c.Days = nil }), "days"},
		{"a day that is none", with(func(c *models.Calendar) { c.Days = models.Weekdays{7} }), "days"},
		{"no time", with(func(c *models.Calendar) { c.CutOff = "" }), "cut_off"},
		{"a time that is none", with(func(c *models.Calendar) { c.CutOff = "25:00" }), "cut_off"},
		{"a time in other words", with(func(c *models.Calendar) { c.CutOff = "3:30" }), "cut_off"},
		{"a date that is none", with(func(c *models.Calendar) { c.Holidays[0].Day = "2026-02-30" }), "holidays"},
		{"a holiday without a name", with(func(c *models.Calendar) { c.Holidays[0].Name = "" }), "holidays"},
		{"a name that is too long", with(func(c *models.Calendar) { c.Holidays[0].Name = strings.Repeat("x", 61) }), "holidays"},
		{"a date twice", with(func(c *models.Calendar) { c.Holidays = append(c.Holidays, c.Holidays[0]) }), "holidays"},
	} {
		if got := fieldOf(c.calendar.Check()); got != c.field {
			t.Errorf("%s: refused at %q, want %q", c.name, got, c.field)
		}
	}
}

func fieldOf(err error) string {
	wrong, _ := err.(models.Refusals)
	if len(wrong) == 0 {
		return ""
	}
	return wrong[0].Field
}
