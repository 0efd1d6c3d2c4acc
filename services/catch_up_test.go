package services_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// late makes orders on both families that the gateway settles in silence, at a time
// at which they are asked about every four hours alone: each notice of it is lost.
func late(t *testing.T, town *servicestest.Town) (orders []models.Payout) {
	t.Helper()
	for _, rail := range []string{"apay.taiwan", "cashy.peru"} {
		p := town.Approved(town.Form(rail, 1))
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Fate: []sandbox.Turn{{After: 27 * time.Hour, Word: sandbox.Paid}}})
		orders = append(orders, p)
	}
	town.Sender.SweepAll(t.Context())
	town.Live(26*time.Hour, 20*time.Minute)
	alive(town)
	for i, p := range orders {
		if orders[i] = town.Look(p); !orders[i].Open() || orders[i].NextActionAt.Sub(town.Now()) < 3*time.Hour {
			t.Fatalf("%+v, asked next in %s", orders[i].State, orders[i].NextActionAt.Sub(town.Now()))
		}
	}
	return orders
}

// begin starts another process on the same database.
func begin(town *servicestest.Town) *services.Sender {
	return &services.Sender{Core: town.Core, Payouts: town.Payouts, Accounts: town.Accounts, Holder: "next process"}
}

// away lets the time of an outage pass; the gateways go on.
func away(town *servicestest.Town, length time.Duration) {
	town.Pass(length)
	town.Sandbox.RunDue(town.Now())
}

func settled(town *servicestest.Town, orders []models.Payout) (count int) {
	for _, p := range orders {
		if p = town.Look(p); p.Outcome == models.Paid && p.Grade == models.E3 {
			count++
		}
	}
	return count
}

// Orders whose notices all went missing while we were away settle soon after the
// start, not at their four-hourly turn (X6).
func TestI13_AfterAnOutageWhatMayHaveBeenMissedIsAskedAboutAtOnce(t *testing.T) {
	town := servicestest.New(t)
	orders := late(t, town)
	from := town.Now()
	away(town, 2*time.Hour)
	next := begin(town)
	next.SweepAll(t.Context())
	town.Pass(5 * time.Second)
	next.SweepAll(t.Context())
	if n := settled(town, orders); n != len(orders) {
		t.Errorf("%d of %d settled within five seconds of the start", n, len(orders))
	}
	was, asked, ok, err := models.LastAway(town.Store.Read(t.Context()))
	town.Must(err)
	if !ok || asked != len(orders) || !was.From.Equal(from) || was.Length() != 2*time.Hour {
		t.Errorf("on record: %v, away from %s to %s, %d orders", ok, was.From, was.Until, asked)
	}
	next.SweepAll(t.Context())
	if n := caughtUp(town); n != 1 {
		t.Errorf("%d events say so", n)
	}
	town.Sound()
}

// The known-bad variant: where nobody sees that we were away, the same orders wait for
// their turn, and this proof tells the difference.
func TestI13_WithoutAHeartbeatTheSameOrdersWait(t *testing.T) {
	town := servicestest.New(t)
	orders := late(t, town)
	away(town, 2*time.Hour)
	alive(town)
	next := begin(town)
	next.SweepAll(t.Context())
	town.Pass(5 * time.Second)
	next.SweepAll(t.Context())
	if n := settled(town, orders); n != 0 {
		t.Errorf("%d settled: the orders of this proof do not need the catching up", n)
	}
}

// The same process wakes up from the sleep of its machine.
func TestI13_AfterASleepOfTheMachineTheSame(t *testing.T) {
	town := servicestest.New(t)
	orders := late(t, town)
	away(town, 90*time.Minute)
	town.Sender.SweepAll(t.Context())
	town.Pass(5 * time.Second)
	town.Sender.SweepAll(t.Context())
	if n := settled(town, orders); n != len(orders) || caughtUp(town) != 1 {
		t.Errorf("%d of %d settled, %d events", n, len(orders), caughtUp(town))
	}
	town.Sound()
}

// A process that stood by while another one worked was not away (I21).
func TestI13_WhoStoodByWasNotAway(t *testing.T) {
	town := servicestest.New(t)
	town.Sender.SweepAll(t.Context())
	other := begin(town)
	for range 12 {
		town.Pass(time.Minute)
		if held, err := other.Lead(t.Context()); err != nil || !held {
			t.Fatalf("not led: %v", err)
		}
		other.SweepAll(t.Context())
	}
	town.Pass(time.Minute)
	town.Sender.SweepAll(t.Context())
	if n := caughtUp(town); n != 0 {
		t.Errorf("%d events say that nothing ran", n)
	}
}

// Catching up is no storm: of each account the questions are a little apart, and what
// falls due meanwhile is not behind all of them.
func TestI13_CatchingUpIsNoStorm(t *testing.T) {
	town := servicestest.New(t)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET questions_s = '14400'").Error
	}))
	var orders []models.Payout
	for i := range 60 {
		p := town.Approved(town.Form("apay.taiwan", i))
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
		orders = append(orders, p)
	}
	town.Sender.SweepAll(t.Context())
	away(town, 30*time.Minute)
	next := begin(town)
	next.SweepAll(t.Context())
	var waits []time.Duration
	for _, p := range orders {
		if wait := town.Look(p).NextActionAt.Sub(town.Now()); wait < 10*time.Minute {
			waits = append(waits, wait)
		}
	}
	slices.Sort(waits)
	if len(waits) < 50 || waits[0] <= 0 || waits[len(waits)-1] > 6*time.Second {
		t.Errorf("after the first round %d still have their turn: %v", len(waits), waits)
	}
	town.Pass(6 * time.Second)
	next.SweepAll(t.Context())
	for _, p := range orders {
		if p = town.Look(p); p.NextActionAt.Sub(town.Now()) < 10*time.Minute {
			t.Errorf("six seconds later %s was not asked about", p.OrderNo)
		}
	}
}

// alive notes that the sweeper lives, as it does every ten seconds.
func alive(town *servicestest.Town) {
	town.Must(town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: town.Now(), OK: true})
	}))
}

func caughtUp(town *servicestest.Town) (count int64) {
	town.Must(town.Store.Read(town.T.Context()).Model(&models.Event{}).Where("verb = 'caught_up'").Count(&count).Error)
	return count
}
