package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// nextTo is the sender of another process on the same file.
func nextTo(t *testing.T, town *servicestest.Town) (*services.Sender, *models.Store) {
	t.Helper()
	var file string
	town.Must(town.Store.Read(t.Context()).Raw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file).Error)
	store, err := models.Open(file)
	town.Must(err)
	t.Cleanup(func() { town.Must(store.Close()) })
	core := *town.Core
	core.Store = store
	accounts := &services.Accounts{Core: &core, Exchange: town.Accounts.Exchange}
	return &services.Sender{
		Core: &core, Payouts: &services.Payouts{Core: &core, Accounts: accounts}, Accounts: accounts, Holder: "another process", Journal: town.Journal,
	}, store
}

func leads(t *testing.T, s *services.Sender) bool {
	t.Helper()
	held, err := s.Lead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// A process that was killed gave nothing back. The next one need not wait for its
// lease to run out (I13), one beside a living process has to (I21).
func TestI21_TheLeaseOfAProcessThatEndedIsTakenOverAtOnce(t *testing.T) {
	town := servicestest.New(t)
	other, store := nextTo(t, town)
	if leads(t, other) {
		t.Error("two lead")
	}
	town.Must(town.Sender.Resign(t.Context()))
	if !leads(t, other) || leads(t, town.Sender) {
		t.Error("the lease that was given back did not change hands")
	}
	town.Must(store.Close()) // all that the operating system does when a process is killed
	if !leads(t, town.Sender) {
		t.Error("it waits for a dead process")
	}
}

// A process that only hangs keeps its post. Its lease has to run out; when it wakes
// up it does not take the lease back from who leads now.
func TestI21_TheLeaseOfAProcessThatHangsHasToRunOut(t *testing.T) {
	town := servicestest.New(t)
	other, _ := nextTo(t, town)
	town.Pass(29 * time.Second)
	if leads(t, other) {
		t.Error("it did not run out")
	}
	town.Pass(2 * time.Second)
	if !leads(t, other) || leads(t, town.Sender) || !leads(t, other) {
		t.Error("it went to and fro")
	}
}

// What was claimed by a process that was killed before it did anything goes on at
// once (I13).
func TestI13_WhatADeadProcessClaimedIsDueAtOnce(t *testing.T) {
	town := servicestest.New(t)
	town.Must(town.Sender.Resign(t.Context()))
	other, store := nextTo(t, town)
	p := town.Approved(town.Form("apay.taiwan", 1))
	if !leads(t, other) {
		t.Fatal("it does not lead")
	}
	other.Core.Reach = func(at services.Point) {
		if at == services.PointClaimed {
			panic("killed")
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = other.Sweep(t.Context())
	}()
	town.Must(store.Close())
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
		t.Errorf("it waits until %s, it is %s: %+v", p.NextActionAt, town.Now(), p.State)
	}
}
