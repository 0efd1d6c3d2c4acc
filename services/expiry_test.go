package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

// A submitted order waits five business days, Monday to Friday; then its maker has it
// back, no signature counts, and it never leaves by itself.
func TestASubmittedOrderThatWaitsTooLongIsADraftAgain(t *testing.T) {
	town := servicestest.New(t) // a Monday
	form := ofTaipei(town, 1, 600_000)
	p := town.Submitted(form)
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Pass(7*24*time.Hour - time.Second)
	town.Must(town.Payouts.Expire(t.Context()))
	if p = town.Look(p); p.Stage != models.AwaitingApproval || p.Approvals != 1 {
		t.Fatalf("a second before: %+v", p.State)
	}
	town.Pass(time.Second)
	town.Must(town.Payouts.Expire(t.Context()))
	if p = town.Look(p); p.Stage != models.Draft || p.Approvals != 0 || p.Version != 2 {
		t.Fatalf("after five business days: %+v", p.State)
	}
	if err := town.Approve(town.Second, p.OrderNo, p.Digest); err == nil {
		t.Error("a draft was signed")
	}
	town.Must(town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, p.Digest))
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Must(town.Payouts.Expire(t.Context()))
	if p = town.Look(p); p.Stage != models.AwaitingApproval || p.Approvals != 1 {
		t.Errorf("submitted again: %+v", p.State)
	}
	sweeps(town)
	if town.Sandbox.Deliveries(p.OrderNo) != 0 {
		t.Error("it left with half of its signatures")
	}
	town.Sound()
}

func TestBusinessDaysAreMondayToFridayInTheZoneOfTheLimits(t *testing.T) {
	for _, c := range []struct {
		zone, since, expires string
		days                 int
	}{
		{"UTC", "2026-11-02T01:00:00Z", "2026-11-09T01:00:00Z", 0},              // a Monday
		{"UTC", "2026-11-06T17:00:00Z", "2026-11-13T17:00:00Z", 5},              // a Friday
		{"UTC", "2026-11-07T09:00:00Z", "2026-11-09T09:00:00Z", 1},              // a Saturday
		{"Asia/Taipei", "2026-11-06T17:00:00Z", "2026-11-08T17:00:00Z", 1},      // Saturday there
		{"America/New_York", "2026-10-30T13:00:00Z", "2026-11-02T14:00:00Z", 1}, // the clocks go back
	} {
		since, _ := time.Parse(time.RFC3339, c.since)
		p := models.Payout{StateSince: since}
		if got := (models.Limits{Zone: c.zone, ExpireDays: c.days}).Expires(p).Format(time.RFC3339); got != c.expires {
			t.Errorf("%s since %s: %s, not %s", c.zone, c.since, got, c.expires)
		}
	}
}
