package torture

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// TestI06_I09_I10_WhateverTheGatewayDoes sends one order into every scenario of
// the sandbox and lets a day and a half pass. The ledger of the sandbox knows
// what really happened.
func TestI06_I09_I10_WhateverTheGatewayDoes(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			family := town.Account(rail).Family
			var orders []models.Payout
			for i, play := range town.Sandbox.Scenarios() {
				if !play.PlayedBy(family) {
					continue
				}
				p := town.Approved(town.Form(rail, i))
				town.Sandbox.Script(p.OrderNo, play)
				town.Must(town.Sender.Send(t.Context(), p.ID))
				town.Reopen(rail)
				orders = append(orders, p)
			}
			town.Live(2*time.Hour, time.Minute)
			town.Live(34*time.Hour, 30*time.Minute)
			for _, p := range orders {
				compare(t, town, town.Look(p))
			}
			town.Sound()
		})
	}
}

// compare holds our order against the sandbox's ledger.
func compare(t *testing.T, town *servicestest.Town, p models.Payout) {
	t.Helper()
	truth, known := town.Sandbox.Order(p.OrderNo)
	if sent := town.Sandbox.Deliveries(p.OrderNo); sent != 1 {
		t.Errorf("%s: %d create requests", truth.Scenario, sent)
	}
	paid := known && truth.Exists && (truth.Word == sandbox.Paid || truth.Word == sandbox.Reversed)
	t.Logf("%-22s ledger %-9s ours %s/%s E%d %s, contradicted %v, %d questions",
		truth.Scenario, truth.Word, p.Stage, p.Outcome, p.Grade, p.Unclear, p.Clash, p.Questions)
	switch {
	case p.Outcome == models.Failed && paid:
		t.Errorf("%s: called failed, but the money left", truth.Scenario)
	case p.Outcome == models.Paid && !paid && !p.Clash:
		t.Errorf("%s: called paid, but the money did not leave", truth.Scenario)
	case p.Outcome == models.Pending && !p.NextActionAt.IsZero() && p.NextActionAt.Before(town.Now().Add(-time.Hour)):
		t.Errorf("%s: nobody asks any more", truth.Scenario)
	}
}
