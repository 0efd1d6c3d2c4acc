package services_test

import (
	"slices"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// A gateway that called an order failed pays it after all, and no notice of that arrives:
// asking again finds it, and what replaces the order is held (M25, I12, I14).
func TestM25_APaymentAfterAFailureIsFoundThoughEveryNoticeOfItIsLost(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		p := town.Approved(town.Form(rail, 1))
		fate := append(slices.Clone(sandbox.FateFailed), sandbox.Turn{After: 40 * time.Minute, Word: sandbox.Paid})
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Fate: fate, Quiet: true})
		town.Must(town.Sender.Send(t.Context(), p.ID))
		town.Live(30*time.Minute, time.Minute)
		if p = town.Look(p); p.Outcome != models.Failed || !p.Denied() {
			t.Fatalf("%s: before it was paid: %+v", rail, p.State)
		}
		town.Live(90*time.Minute, time.Minute)
		if p = town.Look(p); p.Outcome != models.Paid || !p.Clash {
			t.Errorf("%s: it was paid, and nobody knows: %+v, asked %d times", rail, p.State, p.Questions)
		}
		town.Sound()
	}
}

func TestM25_WhatStaysFailedIsAskedAboutThriceMoreAndThenNoLonger(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Fate: sandbox.FateFailed, Quiet: true})
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(30*time.Minute, time.Minute)
	asked := town.Look(p).Questions
	town.Live(9*24*time.Hour, 30*time.Minute)
	if p = town.Look(p); p.Questions != asked+3 || p.Outcome != models.Failed || !p.NextActionAt.IsZero() {
		t.Errorf("%+v, asked %d times more, next %s", p.State, p.Questions-asked, p.NextActionAt)
	}
	town.Sound()
}

// Before its money is sent once more the gateway is asked again: the answer is here before
// the last signature, and holds the replacement.
func TestM25_WhatIsAboutToBeReplacedIsAskedAboutAtOnce(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	fate := append(slices.Clone(sandbox.FateFailed), sandbox.Turn{After: 20 * time.Minute, Word: sandbox.Paid})
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Fate: fate, Quiet: true})
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(25*time.Minute, time.Minute)
	if p = town.Look(p); p.Outcome != models.Failed {
		t.Fatalf("%+v", p.State)
	}
	next := town.Submitted(again(town, p))
	town.Live(time.Minute, 10*time.Second)
	if p, next = town.Look(p), town.Look(next); !p.Clash || next.Stage != models.Held || next.HeldWhy != models.HeldPredecessor {
		t.Errorf("the first %+v, what replaces it %+v, held because %q", p.State, next.State, next.HeldWhy)
	}
	town.Sound()
}
