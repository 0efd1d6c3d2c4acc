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

// led is a scenario that says nothing by itself.
func led(word sandbox.Word) sandbox.Scenario {
	return sandbox.Scenario{ID: "led", Fate: []sandbox.Turn{{Word: word}}, Quiet: true}
}

// replaced gives p a replacement and sends it into the scenario.
func replaced(town *servicestest.Town, p models.Payout, play sandbox.Scenario) models.Payout {
	town.T.Helper()
	next := town.Approved(again(town, p))
	town.Sandbox.Script(next.OrderNo, play)
	town.Must(town.Sender.Send(town.T.Context(), next.ID))
	town.Sandbox.RunDue(town.Now())
	return town.Look(next)
}

// The row "failed H, news says paid", by how far the replacement has come: one that
// has not left is held; of one that has left both sums are at risk and both orders
// say so, unless it is proven to have failed.
func TestX4_WhatTheReplacementIsWhenTheFirstTurnsOutPaid(t *testing.T) {
	late := func(town *servicestest.Town, first models.Payout) {
		town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	}
	for name, r := range map[string]struct {
		replace  func(*servicestest.Town, models.Payout) models.Payout
		stage    models.Stage
		outcome  models.Outcome
		incident bool
	}{
		"a draft": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := town.Draft(again(town, first))
			late(town, first)
			return next
		}, models.Draft, models.None, false},
		"not signed yet": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := town.Submitted(again(town, first))
			late(town, first)
			return next
		}, models.Held, models.None, false},
		"approved": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := town.Approved(again(town, first))
			late(town, first)
			return next
		}, models.Held, models.None, false},
		"sending": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := town.Approved(again(town, first))
			town.Sandbox.Script(next.OrderNo, sandbox.Scenario{ID: "led", Quiet: true})
			meanwhile(town, func() { late(town, first) })
			town.Must(town.Sender.Send(town.T.Context(), next.ID))
			return next
		}, models.Sent, models.Pending, true},
		"with the gateway": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := replaced(town, first, sandbox.Scenario{ID: "led", Quiet: true})
			late(town, first)
			return next
		}, models.Sent, models.Pending, true},
		"unclear": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := replaced(town, first, sandbox.Scenario{ID: "led", Create: sandbox.Create{Reply: sandbox.ReplyEmpty}, Quiet: true})
			late(town, first)
			return next
		}, models.Sent, models.Unclear, true},
		"paid": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := replaced(town, first, led(sandbox.Paid))
			asks(town, next)
			late(town, first)
			return next
		}, models.Sent, models.Paid, true},
		"failed": {func(town *servicestest.Town, first models.Payout) models.Payout {
			next := replaced(town, first, led(sandbox.Failed))
			asks(town, next)
			late(town, first)
			return next
		}, models.Sent, models.Failed, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			first := failedByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Paid})
			next := town.Look(r.replace(town, first))
			if first = town.Look(first); !first.Clash || first.Outcome != models.Paid {
				t.Fatalf("the first is %+v", first.State)
			}
			if next.Stage != r.stage || next.Outcome != r.outcome {
				t.Errorf("the replacement is %+v", next.State)
			}
			if feared := eventsOf(t, town, next, "double_payment_feared") == 1; feared != r.incident {
				t.Errorf("two payments are feared on its timeline: %v", feared)
			}
			atRisk(t, town, first, next, r.incident)
			if next.Stage == models.Held {
				staysHeld(t, town, first, next)
			}
			town.Sound()
		})
	}
}

// atRisk asks whether both orders, or the first alone, are the money at risk.
func atRisk(t *testing.T, town *servicestest.Town, first, next models.Payout, both bool) {
	t.Helper()
	want := first.Amount()
	if both {
		want.Minor += next.AmountMinor
	}
	if meter, rows := riskOf(town); !slices.Equal(meter, []models.Money{want}) || !slices.Equal(rows, meter) {
		t.Errorf("at risk is %v, its rows %v; it should be %v", meter, rows, want)
	}
}

// staysHeld asks that nobody lets the replacement go while the first counts as paid,
// nor once two people have kept it so: it can only be called off.
func staysHeld(t *testing.T, town *servicestest.Town, first, next models.Payout) {
	t.Helper()
	resume := func(when string) {
		if err := town.Payouts.Resume(t.Context(), town.Controller, next.OrderNo, "go on", servicestest.Click(town.Payouts.Core, town.Controller)); !refused(err, "payout.predecessor_open") {
			t.Errorf("%s: it went on: %v", when, err)
		}
	}
	resume("contradicted")
	agreed(town, first, "paid")
	resume("settled as paid")
	town.Must(town.Payouts.Withdraw(t.Context(), town.Maker, next.OrderNo, "the first one was paid"))
}

// Both who signed the verdict are told of the contradiction, and nobody else is told
// that it was theirs.
func TestX4_BothSignersOfADeniedVerdictAreTold(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := failedByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Paid})
	told := func(by models.Person) int {
		denied, err := models.DeniedVerdicts(town.Store.Read(t.Context()), by.ID)
		town.Must(err)
		return len(denied)
	}
	if told(town.Controller) != 0 {
		t.Error("told before anything came")
	}
	tells(sandbox.Paid)(town, p)
	if told(town.Controller) != 1 || told(town.Resolver) != 1 || told(town.Approver) != 0 {
		t.Errorf("told: proposer %d, confirmer %d, another %d", told(town.Controller), told(town.Resolver), told(town.Approver))
	}
	agreed(town, p, "paid")
	if told(town.Controller) != 0 {
		t.Error("told although it is settled")
	}
}

// The row "paid H, verified notice says failed", then: it may be set to failed only
// once the gateway, asked by us, has said failed too, and only then may the order be
// created again.
func TestX4_PaidByHandIsSetToFailedOnlyOnceTheGatewayAnswersSo(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := paidByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Failed, After: 2 * time.Hour})
	tells(sandbox.Failed)(town, p)
	early := func(when string) {
		t.Helper()
		err := town.Verdicts.Propose(t.Context(), town.Controller, p.OrderNo, proposal("not_paid", p), servicestest.Click(town.Verdicts.Core, town.Controller))
		if !refused(err, "verdict.not_denied") {
			t.Errorf("%s: %v", when, err)
		}
		if _, err := town.Payouts.Draft(t.Context(), town.Maker, again(town, p), nil); err == nil {
			t.Errorf("%s: it was created again", when)
		}
	}
	early("a notice said failed")
	town.Live(time.Minute, 30*time.Second)
	if asked := town.Look(p).Questions; asked == 0 {
		t.Error("it was not asked at once")
	}
	early("the gateway, asked, says that it works on it")
	town.Live(3*time.Hour, 5*time.Minute)
	p = town.Look(p)
	if p.Outcome != models.Paid || !p.Clash {
		t.Fatalf("the query alone moved it: %+v", p.State)
	}
	if err := town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("not_paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)); !refused(err, "role.close") {
		t.Errorf("no controller: %v", err)
	}
	if p = agreed(town, p, "not_paid"); p.Outcome != models.Failed || p.Clash {
		t.Fatalf("two people set it to failed: %+v", p.State)
	}
	town.Draft(again(town, p))
	town.Sound()
}

// A gateway that cannot be heard keeps nobody from settling for ever: once no late
// notice can come any more two people may say "not paid", on what they have in
// writing (I9 d).
func TestX4_ASilentGatewayAllowsNotPaidOnceNoLateNoticeCanCome(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := paidByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Paid})
	tells(sandbox.Failed)(town, p)
	town.Accounts.Exchange = servicestest.Silence
	town.Live(12*time.Hour, 10*time.Minute)
	if p = agreed(town, p, "not_paid"); p.Outcome != models.Failed || p.Clash {
		t.Errorf("%+v", p.State)
	}
	town.Sound()
}

// That the gateway answers "failed" is news once: it voids a proposal that it denies,
// and the next proposal outlives the same answer every hour.
func TestX4_TheFirstAnswerFailedVoidsAProposalAndTheNextDoesNot(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := paidByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Failed})
	tells(sandbox.Failed)(town, p)
	propose := func() {
		t.Helper()
		town.Must(town.Verdicts.Propose(t.Context(), town.Controller, p.OrderNo, services.Proposal{
			Says: "paid", Evidence: "statement", Text: "line 14", Reason: "it is on the statement", Received: p.Amount().Decimal(),
		}, servicestest.Click(town.Verdicts.Core, town.Controller)))
	}
	open := func() bool {
		_, open, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
		town.Must(err)
		return open
	}
	propose()
	asks(town, p)
	if open() || eventsOf(t, town, p, "verdict_cancelled") != 1 {
		t.Error("the first answer did not void it, or did not say so")
	}
	propose()
	asks(town, p)
	if !open() {
		t.Error("the same answer voided it again")
	}
	town.Sound()
}
