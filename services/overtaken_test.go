package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// disputed makes an order of which one notice said failed and another paid; the
// gateway, once asked, says paid.
func disputed(t *testing.T, town *servicestest.Town) models.Payout {
	t.Helper()
	p := booked(town, "apay.taiwan")
	town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true}))
	town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
	if p = town.Look(p); !p.Clash || p.Grade != models.E2 {
		t.Fatalf("no contradiction on a notice: %+v", p.State)
	}
	return p
}

// While a contradiction is open, proof for what stands leaves a proposal as it is,
// unless the proposal denies it.
func TestI12_OnlyAWordThatDeniesAProposalMakesItVoid(t *testing.T) {
	for says, stays := range map[models.Said]bool{models.SaidPaid: true, models.SaidReturned: true, models.SaidNotPaid: false} {
		town := servicestest.New(t)
		p := disputed(t, town)
		if says == models.SaidNotPaid { // which waits until no late notice can come
			carry := town.Accounts.Exchange
			town.Accounts.Exchange = servicestest.Silence
			town.Live(12*time.Hour, 10*time.Minute)
			town.Accounts.Exchange = carry
		}
		town.Must(town.Verdicts.Propose(t.Context(), town.Controller, p.OrderNo, proposal(says, p), servicestest.Click(town.Verdicts.Core, town.Controller)))
		_, err := town.Sender.AskNow(t.Context(), town.Resolver, p.OrderNo)
		town.Must(err)
		v, open, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
		town.Must(err)
		if p = town.Look(p); p.Grade != models.E3 || !p.Clash || p.NextActionAt.IsZero() {
			t.Fatalf("%s: the question proved nothing: %+v", says, p.State)
		}
		if open != stays {
			t.Errorf("%s: still open: %v", says, open)
		}
		if cancelled := eventsOf(t, town, p, "verdict_cancelled"); (cancelled == 0) != stays {
			t.Errorf("%s: %d lines say that it is void", says, cancelled)
		}
		if stays {
			deputy := town.Deputy()
			_, err = town.Verdicts.Confirm(t.Context(), deputy, p.OrderNo, v.ID, says, "the statement says so", servicestest.Click(town.Verdicts.Core, deputy))
			town.Must(err)
			if p = town.Look(p); p.Clash {
				t.Errorf("%s: two people agreed, and it is open: %+v", says, p.State)
			}
		}
		town.Sound()
	}
}
