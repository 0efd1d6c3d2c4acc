package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/models"
)

var calendarOfLima = url.Values{
	"zone": {"America/Lima"}, "cut_off": {"17:00"}, "days": {"1", "2", "3", "4", "5"}, "holidays": {"2026-12-25 Christmas\n2026-12-08 Immaculate Conception"}, "reason": {"CASHY wrote on 2 November"},
}

// B5: a gateway's calendar is changed by two people, and everything about it is on record.
func TestB5_ACalendarIsChangedByTwoPeople(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	admin, controller := a.as(models.GatewayAdmin), a.as(models.Controller)
	lima := a.account("cashy.peru")
	admin.get("/gateways").says("No cut-off is set")
	admin.get(path(lima, "calendar")).is(http.StatusOK).says("No cut-off is set", "Nobody has changed it yet")
	form := url.Values{}
	for name, values := range calendarOfLima {
		form[name] = values
	}
	admin.post(path(lima, "calendar"), form).leadsTo("/changes/1")
	if now := a.account("cashy.peru").Calendar(); !now.None() {
		t.Fatalf("one person has set it: %+v", now)
	}
	admin.get(path(lima, "calendar")).says("CASHY wrote on 2 November").keepsQuiet("Propose the calendar")
	admin.confirm(1).is(http.StatusForbidden)
	controller.get("/changes/1").says("Calendar of CASHY Lima", "Cut-off 17:00", "America/Lima", "Mon to Fri", "2026-12-08 Immaculate Conception", "2026-12-25 Christmas")
	controller.confirms(1)
	want := models.Calendar{Zone: "America/Lima", CutOff: "17:00", Days: usualDays,
		Holidays: []models.Holiday{{Day: "2026-12-08", Name: "Immaculate Conception"}, {Day: "2026-12-25", Name: "Christmas"}}}
	if lines := models.DiffCalendars(want, a.account("cashy.peru").Calendar()); len(lines) > 0 {
		t.Fatalf("it differs: %+v", lines)
	}
	set := a.events("calendar_changed")
	if len(set) != 1 || set[0].SubjectID != "CASHY Lima" || set[0].ActorID != controller.person.ID || set[0].Details["proposed_by"] != admin.person.Name ||
		!strings.Contains(set[0].Details["after"], "cut_off: 17:00") || set[0].Details["reason_text"] != "CASHY wrote on 2 November" {
		t.Fatalf("on record: %+v", set)
	}
	admin.get("/gateways").says("17:00 Lima, Mon to Fri")
	admin.get(path(lima, "calendar")).says("Confirmed, and done", "2026-12-25 Christmas")
	admin.post(path(lima, "calendar"), form).is(http.StatusConflict).says("That is how it stands already")
	admin.post(path(lima, "calendar"), url.Values{"none": {"on"}, "reason": {"CASHY pays at all times"}}).leadsTo("/changes/2")
	controller.get("/changes/2").says("instead of: 17:00")
	controller.confirms(2)
	if now := a.account("cashy.peru"); !now.Calendar().None() || now.CalendarText != "" {
		t.Fatalf("it is still there: %q", now.CalendarText)
	}
}

func TestB5_ACalendarThatCannotBeReadComesBackAsTyped(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	admin, lima := a.as(models.GatewayAdmin), a.account("cashy.peru")
	for _, c := range []struct {
		field, value, says string
	}{
		{"cut_off", "half past three", "Write the cut-off as hours and minutes"},
		{"days", "9", "Choose at least one day of the week"},
		{"holidays", "25 December Christmas", "“25 December Christmas” does not begin with a date"},
		{"zone", "Lima", "The time zone is not known"},
	} {
		form := url.Values{}
		for name, values := range calendarOfLima {
			form[name] = values
		}
		form.Set(c.field, c.value)
		admin.post(path(lima, "calendar"), form).is(http.StatusUnprocessableEntity).says(c.says, "CASHY wrote on 2 November")
	}
	a.as(models.Maker).post(path(lima, "calendar"), calendarOfLima).is(http.StatusForbidden)
	if len(a.events("change_proposed")) != 0 {
		t.Error("something was proposed")
	}
}

// pays lets the gateway pay on every day until a time.
func (a *townApp) pays(account models.GatewayAccount, zone, cutOff string) {
	a.t.Helper()
	a.town.Pays(account, models.Calendar{Zone: zone, CutOff: cutOff, Days: models.Weekdays{1, 2, 3, 4, 5, 6, 0}})
}

// cutOffIn is the time of day so long from now, in UTC.
func (a *townApp) cutOffIn(span time.Duration) string {
	return a.town.Now().UTC().Add(span).Format("15:04")
}
