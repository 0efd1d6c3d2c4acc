package services_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// refused says whether the error is the refusal with this key.
func refused(err error, key string) bool {
	var one models.Refusal
	var many models.Refusals
	switch {
	case errors.As(err, &one):
		return one.Key == key
	case errors.As(err, &many):
		return slices.ContainsFunc(many, func(r models.Refusal) bool { return r.Key == key })
	}
	return false
}

func TestI03_ASignatureIsForTheContentThatWasSeen(t *testing.T) {
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	p := town.Submitted(form)
	form.Amount = "999.00"
	if err := town.Payouts.Edit(t.Context(), town.Maker, p.OrderNo, form); err != nil {
		t.Fatal(err)
	}
	edited := town.Look(p)
	town.Must(town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, edited.Digest))
	if err := town.Approve(town.Approver, p.OrderNo, p.Digest); !refused(err, "payout.content_changed") {
		t.Errorf("the digest of the old content was accepted: %v", err)
	}
	town.Must(town.Approve(town.Approver, p.OrderNo, edited.Digest))
	town.Sound()
}

func TestI03_AnEditVoidsSignatures(t *testing.T) {
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	form.Amount = "600000.00"
	p := town.Submitted(form)
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	form.Amount = "600001.00"
	if err := town.Payouts.Edit(t.Context(), town.Maker, p.OrderNo, form); err != nil {
		t.Fatal(err)
	}
	if p = town.Look(p); p.Approvals != 0 || p.Stage != models.Draft || p.Version != 2 {
		t.Errorf("after the edit: %+v", p.State)
	}
}

func TestI03_ContentThatDoesNotFitItsDigestIsNeverSent(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Payout{}).Where("id = ?", p.ID).Update("amount_minor", 999_900).Error
	}))
	if err := town.Sender.Send(t.Context(), p.ID); err == nil {
		t.Error("an order whose amount was changed behind our back was sent")
	}
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 0 {
		t.Errorf("the gateway saw %d requests", n)
	}
}

func TestI04_TheMakerNeverApproves(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	both := town.WithRole(town.Maker, models.Approver)
	if err := town.Approve(both, p.OrderNo, p.Digest); !refused(err, "payout.own_approval") {
		t.Errorf("the rule let the maker approve: %v", err)
	}
	err := town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		s := models.SignatureOver(p.Act(models.ActApprove, p.Digest), town.Maker.ID, models.FactorDemo, town.Now(), make([]byte, 16))
		s.MadeAt = town.Now()
		if _, err := models.KeepSignature(tx, &s); err != nil {
			return err
		}
		return models.AddApproval(tx, &models.Approval{PayoutID: p.ID, Version: 1, PersonID: town.Maker.ID, Digest: p.Digest, SignatureID: &s.ID, At: town.Now()})
	})
	if !refused(err, "payout.own_approval") {
		t.Errorf("the database let the maker approve: %v", err)
	}
}

func TestI04_TwoApprovalsAreTwoPeople(t *testing.T) {
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	form.Amount = "600000.00"
	p := town.Submitted(form)
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	if err := town.Approve(town.Approver, p.OrderNo, p.Digest); !refused(err, "payout.signed_already") {
		t.Errorf("one person signed twice: %v", err)
	}
	if err := town.Sender.Send(t.Context(), p.ID); err == nil {
		t.Error("it left with one of two signatures")
	}
	town.Must(town.Approve(town.Second, p.OrderNo, p.Digest))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Sound()
}

func TestI04_OfManyApprovalsAtOnceEachCountsOnce(t *testing.T) {
	town := servicestest.New(t)
	form := town.Form("apay.taiwan", 1)
	form.Amount = "600000.00"
	p := town.Submitted(form)
	var group sync.WaitGroup
	for _, by := range []models.Person{town.Approver, town.Second, town.Approver, town.Second} {
		group.Go(func() { _ = town.Approve(by, p.OrderNo, p.Digest) })
	}
	group.Wait()
	if p = town.Look(p); p.Stage != models.Approved || p.Approvals != 2 {
		t.Errorf("after four clicks: %+v", p.State)
	}
	town.Sound()
}

func TestI06_AnOrderIsSentOnceHoweverOftenItIsTold(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("cashy.peru", 1))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { _ = town.Sender.Send(context.Background(), p.ID) })
	}
	group.Wait()
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 1 {
		t.Errorf("the gateway saw %d create requests", n)
	}
	town.Sound()
}

// The known-bad variant: without the unique index and the guard, a second
// attempt gets on record, and Verify finds it.
func TestI06_VerifyFindsASecondAttempt(t *testing.T) {
	town := servicestest.New(t)
	p := town.Sent(town.Form("cashy.peru", 1))
	attempts, err := models.Attempts(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	second := attempts[0]
	second.ID, second.Number = 0, 2
	add := func(tx *gorm.DB) error { return tx.Create(&second).Error }
	if err := town.Store.Write(t.Context(), add); !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Fatalf("the database took a second attempt: %v", err)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Exec("DROP INDEX attempts_once").Error; err != nil {
			return err
		}
		return add(tx)
	}))
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if !slices.ContainsFunc(report.Findings, func(f models.Finding) bool { return f.Check == "I6" }) {
		t.Errorf("verify found %v", report.Findings)
	}
}

func TestI06_OnlyAnOrderOfWhichNothingLeftGoesAgain(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	real := town.Accounts.Exchange
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailRefused}
	}
	town.Must(town.Sender.Send(t.Context(), p.ID))
	if p = town.Look(p); p.Stage != models.Approved || p.NextActionAt.IsZero() {
		t.Fatalf("after nothing left: %+v", p.State)
	}
	town.Accounts.Exchange = real
	town.Must(town.Sender.Send(t.Context(), p.ID))
	attempts, err := models.Attempts(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if len(attempts) != 2 || !attempts[0].NotSent || attempts[1].NotSent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
		t.Errorf("%d attempts, %d deliveries", len(attempts), town.Sandbox.Deliveries(p.OrderNo))
	}
	town.Sound()
}

func TestI07_TheAttemptIsOnDiskBeforeTheFirstByte(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	var onDisk int
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		attempts, err := models.Attempts(town.Store.Read(ctx), p.ID)
		town.Must(err)
		onDisk = len(attempts)
		return servicestest.Silence(ctx, a, r)
	}
	town.Must(town.Sender.Send(t.Context(), p.ID))
	if onDisk != 1 {
		t.Errorf("%d attempts were on disk when the exchange began", onDisk)
	}
}

func TestI13_AnOrderFoundSendingIsUnclearAndNeverSentAgain(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	func() {
		defer func() { _ = recover() }()
		town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
			panic("the program dies in the middle of the exchange")
		}
		_ = town.Sender.Send(context.Background(), p.ID)
	}()
	if p = town.Look(p); p.Stage != models.Sending {
		t.Fatalf("the crash left %+v", p.State)
	}
	found, err := town.Sender.Recover(t.Context())
	town.Must(err)
	p = town.Look(p)
	if found != 1 || p.Outcome != models.Unclear || p.Unclear != models.ReasonCrash || p.NextActionAt.IsZero() {
		t.Errorf("after the start-up sweep: %+v", p.State)
	}
	if err := town.Sender.Send(t.Context(), p.ID); err == nil {
		t.Error("it could be sent again")
	}
	town.Sound()
}

func TestI21_WithoutTheLeaseNothingLeaves(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	other := *town.Sender
	other.Holder = "another process"
	if held, err := other.Lead(t.Context()); err != nil || held {
		t.Fatalf("two lead at once: %v, %v", held, err)
	}
	if err := other.Send(t.Context(), p.ID); !refused(err, "sender.lease_lost") {
		t.Errorf("a process without the lease sent: %v", err)
	}
	town.Pass(2 * 60 * 1e9)
	if held, err := other.Lead(t.Context()); err != nil || !held {
		t.Fatalf("the lease was not taken over: %v, %v", held, err)
	}
	if err := town.Sender.Send(t.Context(), p.ID); !refused(err, "sender.lease_lost") {
		t.Errorf("the fenced process sent: %v", err)
	}
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 0 {
		t.Errorf("%d requests left", n)
	}
}

func TestI24_AccountNumbersAreNowhereInTheFile(t *testing.T) {
	town := servicestest.New(t)
	p := town.Sent(town.Form("apay.taiwan", 1))
	number := servicestest.Answers["apay.taiwan"]["number"]
	for _, table := range []string{"payouts", "payee_versions", "attempts", "events", "notices", "questions"} {
		var rows []map[string]any
		town.Must(town.Store.Read(t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				if text := textOf(value); contains(text, number) {
					t.Errorf("%s.%s of %s holds the account number", table, column, p.OrderNo)
				}
			}
		}
	}
}

func TestTheCordStopsAllSending(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Must(town.Accounts.PullCord(t.Context(), town.Maker, "a phone call that sounded odd"))
	if err := town.Sender.Send(t.Context(), p.ID); !refused(err, "sender.cord_pulled") {
		t.Errorf("it left: %v", err)
	}
	if _, err := town.Accounts.ProposeRestart(t.Context(), town.Maker, "it was nothing", servicestest.Click(town.Core, town.Maker)); !refused(err, "role.restart") {
		t.Errorf("a maker started sending again: %v", err)
	}
	town.Must(town.GoOn("it was nothing"))
	town.Must(town.Sender.Send(t.Context(), p.ID))
}
