package services_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// everywhere makes one order in each place in which an order has not left.
func everywhere(town *servicestest.Town) (orders []models.Payout) {
	form := func(n int) services.PayoutForm { return town.Form("apay.taiwan", n) }
	held := town.Approved(form(4))
	town.Must(town.Payouts.Hold(town.T.Context(), town.Approver, held.OrderNo, "wait"))
	return []models.Payout{town.Draft(form(1)), town.Submitted(form(2)), town.Approved(form(3)), town.Look(held)}
}

// sendAll carries each order on until it has left.
func sendAll(town *servicestest.Town, orders []models.Payout) {
	ctx := town.T.Context()
	for _, p := range orders {
		if p.Stage == models.Held {
			town.Must(town.Payouts.Resume(ctx, town.Approver, p.OrderNo, "go on", servicestest.Click(town.Payouts.Core, town.Approver)))
		}
		if p.Stage == models.Draft {
			town.Must(town.Payouts.Submit(ctx, town.Maker, p.OrderNo, p.Digest))
		}
		if p = town.Look(p); p.Stage == models.AwaitingApproval {
			town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
		}
		town.Must(town.Sender.Send(ctx, p.ID))
	}
}

func TestI27_ADatabaseOlderThanItsJournalSendsNothingAndAsksAboutEverything(t *testing.T) {
	town := servicestest.New(t)
	pending := town.Sent(town.Form("apay.taiwan", 9))
	orders := everywhere(town)
	backup := town.Backup()
	sendAll(town, orders)
	newer := town.Sent(town.Form("apay.taiwan", 7))
	town.Pass(time.Hour)
	town.Restore(backup)

	if town.Cord() != services.StopRestored {
		t.Errorf("sending is stopped for %q", town.Cord())
	}
	for _, p := range orders {
		p = town.Look(p)
		if p.Stage != models.Sent || p.Outcome != models.Unclear || p.Unclear != models.ReasonRestored || p.NextActionAt.After(town.Now()) || p.NextActionAt.IsZero() {
			t.Errorf("%s: %+v, asked %s", p.OrderNo, p.State, p.NextActionAt)
		}
		attempts, err := models.Attempts(town.Store.Read(t.Context()), p.ID)
		if err != nil || len(attempts) != 1 || !attempts[0].Restored || attempts[0].NotSent || string(attempts[0].ContentDigest) != string(p.Digest) {
			t.Errorf("%s: %+v, %v", p.OrderNo, attempts, err)
		}
		if err := town.Sender.Send(t.Context(), p.ID); err == nil {
			t.Errorf("%s can be sent again", p.OrderNo)
		}
	}
	if p := town.Look(pending); p.NextActionAt.After(town.Now()) {
		t.Error("what was open is not asked about now")
	}
	loose, err := models.LooseSends(town.Store.Read(t.Context()), 10)
	if err != nil || len(loose) != 1 || loose[0].OrderNo != newer.OrderNo || loose[0].PayoutID != nil {
		t.Errorf("unknown here: %+v, %v", loose, err)
	}
	town.Sound()

	fresh := town.Approved(town.Form("apay.taiwan", 20))
	town.Live(2*time.Hour, 5*time.Minute)
	if town.Sandbox.Deliveries(fresh.OrderNo) != 0 {
		t.Error("something was sent before anybody had looked")
	}
	town.Must(town.GoOn("we have looked"))
	town.Live(2*time.Hour, 5*time.Minute)
	for _, p := range slices.Concat(orders, []models.Payout{pending, fresh}) {
		if p = town.Look(p); town.Sandbox.Deliveries(p.OrderNo) != 1 || p.Outcome != models.Paid {
			t.Errorf("%s: %d create requests, %+v", p.OrderNo, town.Sandbox.Deliveries(p.OrderNo), p.State)
		}
	}
	town.Sound()
}

// The known-bad variant: without the journal the approved order leaves again.
func TestI27_WithoutTheJournalARestoredDatabaseSendsTwice(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 3))
	backup := town.Backup()
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.RestoreUnguarded(backup)
	town.Live(time.Minute, time.Minute)
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 2 {
		t.Errorf("%d create requests: the test would not see a second one", n)
	}
}

func TestI27_WhatWasDealtWithIsNotFoundAgain(t *testing.T) {
	town := servicestest.New(t)
	first := town.Approved(town.Form("apay.taiwan", 1))
	backup := town.Backup()
	town.Must(town.Sender.Send(t.Context(), first.ID))
	copied := filepath.Join(t.TempDir(), "again.db")
	copyFile(t, backup, copied)
	town.Restore(backup)
	town.Must(town.GoOn("we have looked"))
	second := town.Sent(town.Form("apay.taiwan", 2))
	for range 2 { // started again, nothing is new
		_, err := town.Guard.Open(t.Context())
		town.Must(err)
	}
	if town.Cord() != "" {
		t.Errorf("stopped again for %q", town.Cord())
	}
	town.Restore(copied) // the same backup once more: both are unknown to it
	if p := town.Look(first); town.Cord() != services.StopRestored || p.Unclear != models.ReasonRestored {
		t.Errorf("stopped for %q, the first stands at %+v", town.Cord(), p.State)
	}
	loose, err := models.LooseSends(town.Store.Read(t.Context()), 10)
	if err != nil || len(loose) != 1 || loose[0].OrderNo != second.OrderNo {
		t.Errorf("unknown here: %+v, %v", loose, err)
	}
	town.Sound()
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The first try did not leave, the second did; the backup is from between the two.
func TestI27_OfSeveralTriesTheLastStandsForTheOrder(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	backup := ""
	town.Core.Reach = func(point services.Point) {
		if point == services.PointAttempted {
			backup = town.Backup()
		}
	}
	refuseToConnect(town, func() { town.Must(town.Sender.Send(t.Context(), p.ID)) })
	town.Core.Reach = nil
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Restore(backup)
	if p = town.Look(p); p.Unclear != models.ReasonRestored || p.Stage != models.Sent {
		t.Errorf("it stands at %+v", p.State)
	}
	if err := town.Sender.Send(t.Context(), p.ID); err == nil {
		t.Error("it can be sent again")
	}
	town.Live(time.Hour, 5*time.Minute)
	if p = town.Look(p); p.Outcome != models.Paid || town.Sandbox.Deliveries(p.OrderNo) != 1 {
		t.Errorf("%+v", p.State)
	}
	town.Sound()
}

// refuseToConnect lets no byte leave while work runs.
func refuseToConnect(town *servicestest.Town, work func()) {
	exchange := town.Accounts.Exchange
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailRefused}
	}
	defer func() { town.Accounts.Exchange = exchange }()
	work()
}

// An order that was edited after the backup left with another content than stands here.
func TestI27_WhatLeftWithAnotherContentIsShownToPeople(t *testing.T) {
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	p := town.Draft(form)
	backup := town.Backup()
	form.Amount = "777.00"
	town.Must(town.Payouts.Edit(t.Context(), town.Maker, p.OrderNo, form))
	sendAll(town, []models.Payout{town.Look(p)})
	town.Restore(backup)
	loose, err := models.LooseSends(town.Store.Read(t.Context()), 10)
	if err != nil || len(loose) != 1 || !loose[0].Differs || loose[0].PayoutID == nil {
		t.Errorf("shown: %+v, %v", loose, err)
	}
	town.Live(3*time.Hour, 5*time.Minute)
	if p = town.Look(p); p.Outcome != models.Unclear || p.Stage != models.Sent {
		t.Errorf("another sum was paid, and it stands at %+v", p.State)
	}
	town.Sound()
}

func TestI27_AMissingJournalStopsADatabaseThatHasSent(t *testing.T) {
	town := servicestest.New(t)
	if town.Cord() != "" {
		t.Errorf("a new installation is stopped for %q", town.Cord())
	}
	town.Sent(town.Form("apay.taiwan", 1))
	town.Must(os.Remove(town.Guard.Path))
	_, err := town.Guard.Open(t.Context())
	town.Must(err)
	if town.Cord() != services.StopMissing {
		t.Errorf("stopped for %q", town.Cord())
	}
	town.Must(town.GoOn("we have looked"))
	_, err = town.Guard.Open(t.Context())
	town.Must(err)
	if town.Cord() != "" {
		t.Errorf("stopped again for %q", town.Cord())
	}
}

// A database that knows of a journal and has sent nothing yet is no new one either.
func TestI27_ABackupFromBeforeTheFirstSendIsNotTakenForANewInstallation(t *testing.T) {
	town := servicestest.New(t)
	backup := town.Backup()
	town.Must(os.Remove(town.Guard.Path))
	town.Restore(backup)
	if town.Cord() != services.StopMissing {
		t.Errorf("stopped for %q", town.Cord())
	}
}

func TestI27_AJournalThatBeganAfterTheBackupIsNotWhole(t *testing.T) {
	town := servicestest.New(t)
	backup := town.Backup()
	town.Sent(town.Form("apay.taiwan", 1))
	town.Must(os.Remove(town.Guard.Path))
	_, err := town.Guard.Open(t.Context())
	town.Must(err)
	town.Restore(backup)
	if town.Cord() != services.StopGap {
		t.Errorf("stopped for %q", town.Cord())
	}
}

func TestI27_ADamagedLineStopsSending(t *testing.T) {
	town := servicestest.New(t)
	town.Sent(town.Form("apay.taiwan", 1))
	text, err := os.ReadFile(town.Guard.Path)
	town.Must(err)
	text[len(text)-40] ^= 1
	town.Must(os.WriteFile(town.Guard.Path, text, 0o600))
	_, err = town.Guard.Open(t.Context())
	town.Must(err)
	if town.Cord() != services.StopDamaged {
		t.Errorf("stopped for %q", town.Cord())
	}
	town.Must(town.GoOn("we have looked"))
	town.Must(town.Guard.Check(t.Context(), town.Journal))
	if town.Cord() != "" {
		t.Errorf("stopped again for %q", town.Cord())
	}
}

// Without its line a request does not leave, and nothing else does.
func TestI27_I29_WhatTheJournalDoesNotTakeDoesNotLeave(t *testing.T) {
	town := servicestest.New(t)
	p, other := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("apay.taiwan", 2))
	town.Must(os.Rename(town.Guard.Path, town.Guard.Path+".away"))
	if err := town.Sender.Send(t.Context(), p.ID); err == nil {
		t.Error("it was sent without a line in the journal")
	}
	if p = town.Look(p); p.Stage != models.Approved || town.Sandbox.Deliveries(p.OrderNo) != 0 || town.Cord() != services.StopUnkept {
		t.Errorf("it stands at %+v, stopped for %q", p.State, town.Cord())
	}
	if a, err := models.FindAccount(town.Store.Read(t.Context()), town.Taipei.ID); err != nil || a.NotSentStreak != 0 {
		t.Errorf("the gateway is blamed for it: %+v, %v", a, err)
	}
	town.Live(10*time.Minute, time.Minute)
	if n := town.Sandbox.Deliveries(other.OrderNo); n != 0 {
		t.Errorf("another left: %d", n)
	}
	town.Must(os.Rename(town.Guard.Path+".away", town.Guard.Path))
	town.Must(town.GoOn("the disk is back"))
	town.Live(2*time.Hour, 5*time.Minute)
	for _, one := range []models.Payout{p, other} {
		if one = town.Look(one); one.Outcome != models.Paid || town.Sandbox.Deliveries(one.OrderNo) != 1 {
			t.Errorf("%s: %+v", one.OrderNo, one.State)
		}
	}
	town.Sound()
}

func TestI27_NothingLeavesWithoutAJournal(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Sender.Journal = nil
	if err := town.Sender.Send(t.Context(), p.ID); err == nil || town.Sandbox.Deliveries(p.OrderNo) != 0 {
		t.Errorf("%d create requests, %v", town.Sandbox.Deliveries(p.OrderNo), err)
	}
}

// The known-bad variants: Verify sees an attempt that is called restored by nobody, and
// an order that left and could leave again.
func TestI27_VerifyFindsWhatContradictsTheJournal(t *testing.T) {
	town := servicestest.New(t)
	sent, waiting := town.Sent(town.Form("apay.taiwan", 1)), town.Approved(town.Form("apay.taiwan", 2))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{OrderNo: waiting.OrderNo, RequestDigest: []byte{1}, ContentDigest: []byte{2}, PayoutID: &waiting.ID})
		if err != nil {
			return err
		}
		return tx.Model(&models.Attempt{}).Where("payout_id = ?", sent.ID).Update("restored", true).Error
	}))
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if len(report.Findings) != 2 || report.Findings[0].Check != "I27" || report.Findings[1].Check != "I27" {
		t.Errorf("found %v", report.Findings)
	}
}
