package handlers

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// M7: every number is a count of events, this month's beside the one before.
func TestM07_TheExceptionsOfAMonthStandBesideThoseOfTheMonthBefore(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	held := func(serial int) {
		p := a.town.Submitted(a.town.Form("apay.taiwan", serial))
		a.town.Must(a.Payouts.Hold(t.Context(), a.town.Maker, p.OrderNo, "wait"))
		a.town.Must(a.Payouts.Resume(t.Context(), a.town.Controller, p.OrderNo, "the contract came", servicestest.Click(a.Payouts.Core, a.town.Controller)))
	}
	held(1)
	last := a.town.Now().In(time.UTC).Format("2006-01")
	for a.town.Now().In(time.UTC).Format("2006-01") == last {
		a.town.Pass(24 * time.Hour)
	}
	held(2)
	held(3)
	b := a.as(models.Auditor)
	page := b.get("/audit/exceptions").is(http.StatusOK).says("Holds let go", "the contract came", "Sign-ins from new devices", "Approved off hours")
	if row := rowOf(page, "Holds let go"); !strings.HasSuffix(row, " 2 1") {
		t.Errorf("holds let go: %q", row)
	}
	b.get("/audit/exceptions?month=" + last).is(http.StatusOK).says("the contract came")
	b.get("/audit/exceptions?month=1999-01").is(http.StatusOK).keepsQuiet("the contract came")
	b.get("/audit/exceptions?month=never").is(http.StatusNotFound)
	a.as(models.Maker).get("/audit/exceptions").is(http.StatusForbidden)
	e := readExport(t, b.get("/audit/exceptions.csv"))
	let := 0
	for _, kind := range e.column("kind") {
		if kind == "let_go" {
			let++
		}
	}
	if let != 2 || len(a.events("exported")) != 1 {
		t.Errorf("the file has %d holds: %v", let, e.column("kind"))
	}
	b.get("/audit?question=let_go").is(http.StatusOK).says("the contract came")
}

// rowOf is the text of the table's row that begins with these words.
func rowOf(p page, name string) string {
	for _, row := range strings.Split(p.body, "<tr") {
		if text := strings.Join(strings.Fields(tags.ReplaceAllString("<tr"+row, " ")), " "); strings.HasPrefix(text, name) {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

func TestM07_WhoDecidesOnTheirOwnIsRefusedAndListed(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Auditor)
	for _, why := range []string{"payout.own_approval", "change.about_you", "role"} {
		must(t, a.SignIn.Refused(t.Context(), a.town.Controller, services.Attempt{Verb: models.VerbApprove, Route: "POST /payouts/:no/approval", Why: why}))
	}
	if row := rowOf(b.get("/audit/exceptions").is(http.StatusOK), "Refused: one’s own"); !strings.HasSuffix(row, " 2 0") {
		t.Errorf("on their own: %q", row)
	}
	b.get("/audit?question=own").is(http.StatusOK).says("2 of 2 entries", "You submitted this payout, so somebody else has to approve it")
}

func TestM07_ADeviceIsNewOnceAndOfHoursIsWhatThePolicySays(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	if events := a.events("signed_in"); len(events) != 0 {
		t.Fatal(events)
	}
	a.as(models.Auditor)
	events := a.events("signed_in")
	if len(events) != 1 || events[0].Details["new_device"] != "yes" {
		t.Errorf("the first sign-in: %+v", events)
	}
	d := models.Details{}
	hours := models.Hours{Zone: "UTC", Opens: 9, Closes: 18}
	at := time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC)
	s := models.Signature{Method: models.FactorPasskey, IssuedAt: at.Add(-12 * time.Second), MadeAt: at}
	s.MarkApproval(d, hours, at)
	if d["off_hours"] != "yes" || d["quick"] != "12" {
		t.Errorf("marks: %v", d)
	}
	d = models.Details{}
	s.Method, s.MadeAt = models.FactorPassword, s.IssuedAt
	if s.MarkApproval(d, hours, at.Add(-10*time.Hour)); len(d) != 0 {
		t.Errorf("marks at noon, by password: %v", d)
	}
}
