package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

// An order nobody signs goes from one to the next and at last to the controllers, each with
// an entry in the log; time alone never approves it, and in the end its maker has it back.
func TestE10_ReminderAfterReminderNeverApproves(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	var with []models.PersonID
	for range 3 * 24 * 4 {
		town.Pass(15 * time.Minute)
		town.Must(town.Payouts.Remind(t.Context()))
		town.Must(town.Payouts.Expire(t.Context()))
		r, err := models.FindReminder(town.Store.Read(t.Context()), p.ID)
		town.Must(err)
		if r.Version == 0 || len(with) > 0 && with[len(with)-1] == r.PersonID {
			continue
		}
		with = append(with, r.PersonID)
	}
	if len(with) != 4 || with[3] != 0 {
		t.Fatalf("it was with %v", with)
	}
	for verb, many := range map[string]int64{"reminded": 1, "passed_on": 2, "told_controllers": 1, "approved": 0, "signed": 0} {
		if got := eventsOf(t, town, p, verb); got != many {
			t.Errorf("%d entries %s, want %d", got, verb, many)
		}
	}
	if late, err := models.WithControllers(town.Store.Read(t.Context()), 10); err != nil || len(late) != 1 || town.Look(p).Approvals != 0 || town.Look(p).Stage != models.AwaitingApproval {
		t.Errorf("%d are with the controllers, %+v, %v", len(late), town.Look(p).State, err)
	}
	town.Pass(14 * 24 * time.Hour)
	town.Must(town.Payouts.Remind(t.Context()))
	town.Must(town.Payouts.Expire(t.Context()))
	if got := town.Look(p); got.Stage != models.Draft || got.Approvals != 0 {
		t.Errorf("in the end it is %+v", got.State)
	}
	if left, err := models.ToRemind(town.Store.Read(t.Context()), town.Now(), 10); err != nil || len(left) != 0 {
		t.Errorf("somebody is to be told of a draft: %v", err)
	}
	town.Sound()
}

// Who signs is not passed over: an order that is signed reminds nobody.
func TestE10_WhatIsSignedRemindsNobody(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	town.Pass(20 * time.Hour)
	town.Must(town.Payouts.Remind(t.Context()))
	if eventsOf(t, town, p, "reminded") != 1 {
		t.Fatal("nobody was reminded")
	}
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Pass(72 * time.Hour)
	town.Must(town.Payouts.Remind(t.Context()))
	if eventsOf(t, town, p, "passed_on") != 0 {
		t.Error("a signed order was passed on")
	}
	town.Sound()
}

// O3: who is reminded within the hour before a cut-off is told of it, and nothing is approved
// by that either.
func TestO3_AReminderNamesTheCutOffThatIsNear(t *testing.T) {
	for name, c := range map[string]struct {
		cutOff string
		named  bool
	}{
		"within the hour":    {"13:50", true},
		"later that day":     {"18:00", false},
		"gone by an hour":    {"12:30", false},
		"there is none":      {"", false},
		"at the very moment": {"13:15", false},
	} {
		t.Run(name, func(t *testing.T) {
			town := servicestest.New(t)
			p := town.Submitted(town.Form("apay.taiwan", 1))
			if c.cutOff != "" {
				town.Pays(town.Taipei, models.Calendar{Zone: "UTC", CutOff: c.cutOff, Days: models.Weekdays{time.Monday, time.Tuesday}})
			}
			town.Pass(12*time.Hour + 15*time.Minute) // 13:15, after four hours of work
			town.Must(town.Payouts.Remind(t.Context()))
			var told []models.Event
			town.Must(town.Store.Read(t.Context()).Where("payout_id = ? AND verb = 'reminded'", p.ID).Find(&told).Error)
			if len(told) != 1 || (told[0].Details["cut_off"] != "") != c.named || c.named && told[0].Details["cut_off"] != "2026-11-02T13:50:00Z" {
				t.Errorf("told: %+v", told)
			}
			if got := town.Look(p); got.Stage != models.AwaitingApproval || got.Approvals != 0 {
				t.Errorf("it is %+v", got.State)
			}
		})
	}
}
