package services_test

import (
	"fmt"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// An approved order that may not leave now waits for something that pages show, is
// looked at again within the minute, and leaves once that is over (I13).
func TestI13_WhatKeepsAnApprovedOrderIsInSightAndPasses(t *testing.T) {
	for name, c := range map[string]struct {
		stop, start func(*servicestest.Town) error
	}{
		"the cord": {
			func(town *servicestest.Town) error {
				return town.Accounts.PullCord(town.T.Context(), town.Maker, "odd")
			},
			func(town *servicestest.Town) error {
				return town.GoOn("not odd")
			},
		},
		"its account": {
			func(town *servicestest.Town) error {
				return town.Accounts.Pause(town.T.Context(), town.Maker, town.Taipei.ID, "odd")
			},
			func(town *servicestest.Town) error {
				return town.LetSend(town.Accounts, services.AccountSubject(town.Taipei.ID), "not odd")
			},
		},
	} {
		town := servicestest.New(t)
		p := town.Approved(town.Form("apay.taiwan", 1))
		town.Must(c.stop(town))
		town.Sender.SweepAll(t.Context())
		p = town.Look(p)
		if wait := p.NextActionAt.Sub(town.Now()); p.Stage != models.Approved || wait <= 0 || wait > time.Minute {
			t.Errorf("%s: %+v, looked at again in %s", name, p.State, wait)
		}
		town.Must(c.start(town))
		town.Pass(time.Minute)
		town.Sender.SweepAll(t.Context())
		if p = town.Look(p); p.Stage != models.Sent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
			t.Errorf("%s: afterwards %+v", name, p.State)
		}
		town.Sound()
	}
}

// However many forged notices speak of one order, they leave 20 lines in its
// timeline; each is kept and counted (I17).
func TestI17_ForgedNoticesLeaveTwentyLinesAndAreAllCounted(t *testing.T) {
	town := servicestest.New(t)
	p := booked(town, "apay.taiwan")
	const forged = 33
	for i := range forged {
		letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterBadSign})
		town.Must(err)
		letter.Header.Set("User-Agent", fmt.Sprint("forger ", i))
		_, err = town.Notices.Receive(t.Context(), services.Arrival{Slug: town.Taipei.Slug, Header: letter.Header, Body: letter.Body})
		if !refused(err, "notice.not_accepted") {
			t.Fatalf("the %d. was accepted: %v", i, err)
		}
	}
	db := town.Store.Read(t.Context())
	kept, err := models.QuarantinedAbout(db, p.OrderNo)
	town.Must(err)
	waiting, err := models.NoticesToLookAt(db)
	town.Must(err)
	health, err := models.HealthOf(db, town.Taipei.ID, town.Now())
	town.Must(err)
	if lines := eventsOf(t, town, p, "quarantined"); lines != 20 {
		t.Errorf("%d lines in the timeline", lines)
	}
	if len(kept) != forged || waiting != forged || health.BadlySigned != forged {
		t.Errorf("%d kept, %d to look at, %d counted as badly signed", len(kept), waiting, health.BadlySigned)
	}
	if p = town.Look(p); p.Outcome != models.Pending {
		t.Errorf("it moved: %+v", p.State)
	}
	town.Sound()
}

// While a contradiction is open the gateway is asked every hour, however strong the
// proof for one side is, and after the usual schedule would have ended (I12).
func TestI12_QuestionsGoOnHourlyWhileAContradictionIsOpen(t *testing.T) {
	town := servicestest.New(t)
	p := disputed(t, town)
	const hours = 30
	town.Live(hours*time.Hour, 10*time.Minute)
	p = town.Look(p)
	if p.Questions < hours-1 || p.Questions > hours+3 {
		t.Errorf("asked %d times in %d hours", p.Questions, hours)
	}
	if wait := p.NextActionAt.Sub(town.Now()); !p.Clash || wait > time.Hour {
		t.Errorf("%+v, asked next in %s", p.State, wait)
	}
	v := proposal("paid", p)
	town.Must(town.Verdicts.Propose(t.Context(), town.Controller, p.OrderNo, v, servicestest.Click(town.Verdicts.Core, town.Controller)))
	open, _, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	deputy := town.Deputy()
	_, err = town.Verdicts.Confirm(t.Context(), deputy, p.OrderNo, open.ID, "paid", "the statement says so", servicestest.Click(town.Verdicts.Core, deputy))
	town.Must(err)
	if p = town.Look(p); p.Clash || !p.NextActionAt.IsZero() {
		t.Errorf("closed, and still asked about: %+v, next %s", p.State, p.NextActionAt)
	}
	town.Sound()
}
