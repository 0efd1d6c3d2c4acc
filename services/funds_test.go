package services_test

import (
	"slices"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// fundsOf reads the funds of a rail's account from the house and what the gateway
// itself knows.
func fundsOf(town *servicestest.Town, rail string) (f models.Funds, total, frozen int64) {
	town.T.Helper()
	db := town.Store.Read(town.T.Context())
	a, err := models.FindAccount(db, town.Account(rail).ID)
	town.Must(err)
	cells, err := models.PayoutCounts(db)
	town.Must(err)
	f, err = models.FundsOf(db, cells, a)
	town.Must(err)
	all, held := town.Sandbox.Balance(a.MerchantID)
	return f, all.Minor, held.Minor
}

func formOf(town *servicestest.Town, rail string, serial int, amount string) services.PayoutForm {
	form := town.Form(rail, serial)
	form.Amount = amount
	return form
}

// J2: at no reading is more called available than the gateway could pay: not while an
// order is on its way, not once it is paid, not while it is unclear.
func TestJ2_NeverMoreIsAvailableThanTheGatewayHas(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		check := func(when string, least int64) models.Funds {
			t.Helper()
			f, total, frozen := fundsOf(town, rail)
			if got := f.Available().Minor; got > total-frozen-f.Approved || got < least {
				t.Errorf("%s, %s: %d available of %d with %d frozen; at least %d was expected", rail, when, got, total, frozen, least)
			}
			return f
		}
		town.Must(town.Sender.Balances(t.Context()))
		town.Pass(2 * time.Minute)
		start, _, _ := fundsOf(town, rail)
		p := town.Sent(town.Form(rail, 1))
		f := check("left after the reading", start.Balance-2*p.AmountMinor)
		if f.LeftSince != p.AmountMinor || f.OpenSince != p.AmountMinor {
			t.Errorf("%s: left since the reading %+v", rail, f)
		}
		town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
		if f = check("paid after the reading", start.Balance-2*p.AmountMinor); f.OpenSince != 0 && town.Look(p).Outcome == models.Paid {
			t.Errorf("%s: still open %+v", rail, f)
		}
		// The known-bad variant: the reading less open orders alone calls money available
		// that has gone.
		if _, total, frozen := fundsOf(town, rail); f.Balance-f.InFlight-f.Unclear <= total-frozen {
			t.Errorf("%s: this town does not tell an old reading apart", rail)
		}
		town.Pass(2 * time.Minute)
		town.Must(town.Sender.Balances(t.Context()))
		q := town.Sent(town.Form(rail, 2))
		town.Unclear(town.Form(rail, 3))
		town.Pass(5 * time.Minute)
		town.Must(town.Sender.Balances(t.Context()))
		f = check("read again with orders under way", start.Balance-4*q.AmountMinor)
		if f.LeftSince != 0 {
			t.Errorf("%s: counted twice: %+v", rail, f)
		}
		town.Sound()
	}
}

// J1: the warning is there before the queue leaves, and stops nothing.
func TestJ1_TheQueueIsHeldAgainstTheBalance(t *testing.T) {
	town := servicestest.New(t)
	const rail = "apay.taiwan" // its merchant has 90,000,000.00
	alarm := func(when string, want models.FundsAlarm, missing int64) {
		t.Helper()
		if f, _, _ := fundsOf(town, rail); f.Alarm() != want || f.Missing().Minor != missing {
			t.Errorf("%s: %q, %d missing of %+v", when, f.Alarm(), f.Missing().Minor, f)
		}
	}
	first := town.Approved(formOf(town, rail, 1, "50000000"))
	town.Submitted(formOf(town, rail, 2, "45000000"))
	alarm("nobody knows the balance", models.FundsEnough, 50_000_000_00)
	town.Must(town.Sender.Balances(t.Context()))
	alarm("one approved, one awaits", models.FundsTight, 5_000_000_00)
	town.Approved(formOf(town, rail, 3, "41000000"))
	alarm("two approved", models.FundsShort, 1_000_000_00)
	town.Must(town.Sender.Send(t.Context(), first.ID))
	if p := town.Look(first); p.Stage != models.Sent {
		t.Errorf("the warning held it back: %+v", p.State)
	}
	alarm("the first has left", models.FundsShort, 1_000_000_00)
	town.Sound()
}

// J1: the last balance of each hour is kept, and an hour without one stays empty.
func TestJ1_TheBalanceIsKeptByTheHour(t *testing.T) {
	town := servicestest.New(t)
	const rail = "cashy.peru"
	read := func() (f models.Funds) {
		t.Helper()
		town.Must(town.Sender.Balances(t.Context()))
		f, _, _ = fundsOf(town, rail)
		return f
	}
	first := read()
	town.Sent(town.Form(rail, 1))
	town.Pass(50 * time.Minute)
	second := read() // the same hour: the last one counts
	if second.Frozen == first.Frozen {
		t.Fatal("this town does not tell the readings apart")
	}
	town.Pass(2 * time.Hour)
	third := read()
	trend, err := models.BalanceByHour(town.Store.Read(t.Context()), town.Account(rail).ID, town.Now(), 4)
	town.Must(err)
	if want := []int64{-1, second.Balance, -1, third.Balance}; !slices.Equal(trend.Balance, want) || trend.Frozen[1] != second.Frozen || !trend.Drawn() {
		t.Errorf("got %+v, want %v", trend, want)
	}
	town.Pass(401 * 24 * time.Hour)
	read()
	if trend, err = models.BalanceByHour(town.Store.Read(t.Context()), town.Account(rail).ID, town.Now(), 402*24); err != nil || trend.Drawn() {
		t.Errorf("what is older than 400 days was kept: %v", err)
	}
}
