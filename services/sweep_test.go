package services_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// A reply whose outcome could not be recorded leaves the order sending; the next
// round finds it, without waiting for a restart (I13).
func TestI13_AnOrderLeftSendingIsFoundByTheNextRound(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		carry(ctx, a, r)
		town.Accounts.Exchange = carry
		panic("in the middle of an exchange")
	}
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sent || eventsOf(t, town, p, string(models.MoveCrash)) != 1 {
		t.Errorf("after the fault: %+v", p.State)
	}
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 1 {
		t.Errorf("the gateway saw %d create requests", n)
	}
	town.Sound()
}

// What another process left sending is found by the one that takes over, however
// often the lease goes to and fro (I13, I21).
func TestI21_WhoTakesOverFindsWhatWasLeftSending(t *testing.T) {
	town := servicestest.New(t)
	other := *town.Sender
	other.Holder = "another process"
	town.Sender.SweepAll(t.Context())
	town.Pass(10 * time.Minute)
	if held, err := other.Lead(t.Context()); err != nil || !held {
		t.Fatalf("the lease was not taken over: %v, %v", held, err)
	}
	p := town.Approved(town.Form("apay.taiwan", 1))
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		panic("the other process dies")
	}
	func() {
		defer func() { _ = recover() }()
		_ = other.Send(context.Background(), p.ID)
	}()
	town.Accounts.Exchange = carry
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sending {
		t.Errorf("a process without the lease touched it: %+v", p.State)
	}
	town.Pass(10 * time.Minute)
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sent || p.NextActionAt.IsZero() {
		t.Errorf("after the lease came back: %+v, next %s", p.State, p.NextActionAt)
	}
}

// A process that lost the lease leaves the plans of orders alone (I21).
func TestI21_WithoutTheLeaseNothingIsClaimed(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	other := *town.Sender
	other.Holder = "another process"
	town.Pass(10 * time.Minute)
	if held, err := other.Lead(t.Context()); err != nil || !held {
		t.Fatalf("the lease was not taken over: %v, %v", held, err)
	}
	if worked, _ := town.Sender.Sweep(t.Context()); worked != 0 {
		t.Errorf("it claimed %d", worked)
	}
	if now := town.Look(p); !now.NextActionAt.Equal(p.NextActionAt) {
		t.Errorf("it put the order off until %s", now.NextActionAt)
	}
}

// One gateway that answers nobody keeps neither the sends nor the questions of
// another one waiting (I13).
func TestI13_AGatewayThatHangsStarvesNoOther(t *testing.T) {
	town := servicestest.New(t)
	for i := range 20 {
		town.Unclear(town.Form("apay.taiwan", i))
		town.Reopen("apay.taiwan")
	}
	town.Pass(2 * time.Minute)
	p := town.Approved(town.Form("cashy.peru", 1))
	if _, err := town.Sender.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p = town.Look(p); p.Stage != models.Sent {
		t.Errorf("after one sweep: %+v", p.State)
	}
}

// New orders without end do not keep the questions about old ones waiting.
func TestI13_SendsStarveNoQuestions(t *testing.T) {
	town := servicestest.New(t)
	for i := range 20 {
		town.Approved(town.Form("apay.taiwan", i))
	}
	town.Pass(time.Second)
	p := town.Unclear(town.Form("apay.taiwan", 50))
	town.Pass(time.Minute)
	if _, err := town.Sender.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p = town.Look(p); p.Questions != 1 {
		t.Errorf("it was asked about %d times", p.Questions)
	}
}

// What waited while nothing was sent leaves with the first sweep after it, not half
// a minute later; another account's order and one that is worked on stay.
func TestWhatWaitedLeavesAtOnceWhenSendingGoesOn(t *testing.T) {
	town := servicestest.New(t)
	taipei, lima := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("cashy.peru", 2))
	sweep := func(want int) {
		t.Helper()
		if worked, err := town.Sender.Sweep(t.Context()); err != nil || worked != want {
			t.Errorf("the sweep worked on %d, want %d (%v)", worked, want, err)
		}
	}
	town.Must(town.Accounts.PullCord(t.Context(), town.Maker, "a call that sounded odd"))
	for _, a := range []models.GatewayAccount{town.Taipei, town.Lima} {
		town.Must(town.Accounts.Pause(t.Context(), town.Controller, a.ID, "the same call"))
	}
	sweep(0)
	town.Must(town.GoOn("it was nothing"))
	if now := town.Look(taipei); now.NextActionAt.After(town.Now()) {
		t.Errorf("it waits until %s", now.NextActionAt)
	}
	sweep(0) // both accounts are closed
	town.Reopen("cashy.peru")
	sweep(1)
	if taipei, lima = town.Look(taipei), town.Look(lima); taipei.Stage != models.Approved || lima.Stage != models.Sent {
		t.Errorf("Taipei is %+v, Lima %+v", taipei.State, lima.State)
	}
	taipei.LeasedBy, taipei.LeasedUntil, taipei.NextActionAt = "test", town.Now().Add(time.Minute), town.Now().Add(time.Minute)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return taipei.Keep(tx) }))
	town.Reopen("apay.taiwan")
	sweep(0)
}

// The clock is set back by an hour: nothing is sent twice, and nothing waits for
// the clock to come round again (I13, I20).
func TestI20_TheClockSetBackAnHourReopensAndDelaysNothing(t *testing.T) {
	town := servicestest.New(t)
	town.Sender.SweepAll(t.Context())
	sent, unclear := town.Sent(town.Form("apay.taiwan", 1)), town.Unclear(town.Form("cashy.peru", 2))
	town.Sender.SweepAll(t.Context())
	waiting := town.Approved(town.Form("apay.taiwan", 3))
	town.Pass(-time.Hour)
	town.Sender.SweepAll(t.Context())
	if waiting = town.Look(waiting); waiting.Stage != models.Sent {
		t.Errorf("an approved order waits until %s, it is %s: %+v", waiting.NextActionAt, town.Now(), waiting.State)
	}
	town.Pass(45 * time.Second)
	town.Sender.SweepAll(t.Context())
	for _, p := range []models.Payout{town.Look(sent), town.Look(unclear)} {
		if p.Questions != 1 {
			t.Errorf("%s: asked about %d times, next %s, it is %s", p.Rail, p.Questions, p.NextActionAt, town.Now())
		}
	}
	for _, p := range []models.Payout{sent, waiting} {
		if n := town.Sandbox.Deliveries(p.OrderNo); n != 1 {
			t.Errorf("the gateway saw %d create requests", n)
		}
	}
	town.Sound()
}

// A person who asked before the clock was set back may ask again.
func TestI20_AQuestionOfAnotherClockKeepsNobodyFromAsking(t *testing.T) {
	town := servicestest.New(t)
	p := town.Unclear(town.Form("apay.taiwan", 1))
	_, err := town.Sender.AskNow(t.Context(), town.Resolver, p.OrderNo)
	town.Must(err)
	if _, err := town.Sender.AskNow(t.Context(), town.Resolver, p.OrderNo); !refused(err, "payout.asked_just_now") {
		t.Errorf("asked twice in a moment: %v", err)
	}
	town.Pass(-24 * time.Hour)
	if _, err := town.Sender.AskNow(t.Context(), town.Resolver, p.OrderNo); err != nil {
		t.Errorf("a day later by no clock: %v", err)
	}
}

// A process that died holds the lease for no longer after the clock was set back.
func TestI20_ALeaseOfAnotherClockIsTakenOver(t *testing.T) {
	town := servicestest.New(t)
	other := *town.Sender
	other.Holder = "another process"
	town.Pass(-time.Hour)
	if held, err := other.Lead(t.Context()); err != nil || !held {
		t.Errorf("it has to wait for an hour: %v, %v", held, err)
	}
}

// The clock was set back while nothing ran: the last sign of the sweeper says so.
func TestI20_TheClockSetBackWhileWeWereDownDelaysNothing(t *testing.T) {
	town := servicestest.New(t)
	p := town.Unclear(town.Form("apay.taiwan", 1))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: town.Now(), OK: true})
	}))
	town.Pass(-time.Hour)
	next := services.Sender{Core: town.Core, Payouts: town.Payouts, Accounts: town.Accounts, Holder: "next process", Journal: town.Journal}
	next.SweepAll(t.Context())
	town.Pass(45 * time.Second)
	next.SweepAll(t.Context())
	if p = town.Look(p); p.Questions == 0 {
		t.Errorf("the next question is at %s, it is %s", p.NextActionAt, town.Now())
	}
}

// A program that led before and takes the lease over again goes by what the other
// one saw of the clock meanwhile, not by what it saw itself when it last led.
func TestI20_TheClockSetBackBetweenTwoHoldersOfTheLeaseDelaysNothing(t *testing.T) {
	town := servicestest.New(t)
	other := services.Sender{Core: town.Core, Payouts: town.Payouts, Accounts: town.Accounts, Holder: "another process"}
	town.Sender.SweepAll(t.Context())
	town.Must(town.Sender.Resign(t.Context()))
	town.Pass(6 * time.Hour)
	other.SweepAll(t.Context())
	waiting := town.Approved(town.Form("apay.taiwan", 1))
	town.Must(other.Resign(t.Context()))
	town.Pass(-time.Hour)
	town.Sender.SweepAll(t.Context())
	if waiting = town.Look(waiting); waiting.Stage != models.Sent {
		t.Errorf("an approved order waits until %s, it is %s: %+v", waiting.NextActionAt, town.Now(), waiting.State)
	}
	town.Sound()
}

// The very first round of the sender did not come to its end, and then the clock was
// set back: that it began is on record, so that what waits comes along.
func TestI20_TheClockSetBackAfterARoundThatWasCutOffDelaysNothing(t *testing.T) {
	town := servicestest.New(t)
	town.Approved(town.Form("apay.taiwan", 1))
	waiting := town.Approved(town.Form("apay.taiwan", 2))
	ctx, end := context.WithCancel(t.Context())
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		end()
		panic("the program ends in the middle of its first exchange")
	}
	town.Sender.AtOnce = 1
	town.Sender.SweepAll(ctx)
	town.Accounts.Exchange = carry
	town.Pass(-time.Hour)
	town.Restart()
	town.Sender.SweepAll(t.Context())
	if waiting = town.Look(waiting); waiting.Stage != models.Sent {
		t.Errorf("an approved order waits until %s, it is %s: %+v", waiting.NextActionAt, town.Now(), waiting.State)
	}
	town.Sound()
}

// A fault of one order's own is told and stops no other; an order is never lost
// from sight.
func TestI13_AnOrderThatCannotBeWrittenStopsNoOther(t *testing.T) {
	town := servicestest.New(t)
	bad, good := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("apay.taiwan", 2))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Payout{}).Where("id = ?", bad.ID).Update("amount_minor", 999_900).Error
	}))
	town.Sender.SweepAll(t.Context())
	if good, bad = town.Look(good), town.Look(bad); good.Stage != models.Sent || bad.Stage == models.Sent || bad.Stage == models.Approved && bad.NextActionAt.IsZero() {
		t.Errorf("good %+v, bad %+v until %s", good.State, bad.State, bad.NextActionAt)
	}
}

// A gateway that is asked for its balance and hangs keeps nobody waiting.
func TestI13_ABalanceThatCannotBeReadStopsNoOther(t *testing.T) {
	town := servicestest.New(t)
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		if a.Name == "APAY Taipei" {
			return servicestest.Silence(ctx, a, r)
		}
		return carry(ctx, a, r)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET sealed_keys = zeroblob(60) WHERE id = ?", town.Shanghai.ID).Error
	}))
	if err := town.Sender.Balances(t.Context()); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("the fault was not told: %v", err)
	}
	lima, err := models.FindAccount(town.Store.Read(t.Context()), town.Lima.ID)
	if err != nil || lima.BalanceAt.IsZero() {
		t.Errorf("the healthy account was not weighed: %v", err)
	}
}
