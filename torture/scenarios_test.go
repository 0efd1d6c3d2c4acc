package torture

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

// TestI06_I09_I10_WhateverTheControlPageOffers sends one order into every scenario of
// the sandbox, with all its notices and their tries, and lets a day and a half pass.
func TestI06_I09_I10_WhateverTheControlPageOffers(t *testing.T) {
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
				for _, what := range judge(town, town.Look(p)) {
					truth, _ := town.Sandbox.Order(p.OrderNo)
					t.Errorf("%s: %s", truth.Scenario, what)
				}
			}
			town.Sound()
		})
	}
}
