package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

func TestAPayoutGoesFromDraftToProofOnEveryRail(t *testing.T) {
	for _, rail := range servicestest.Rails {
		t.Run(rail, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := town.Sent(town.Form(rail, 1))
			if p.Outcome != models.Pending || p.Grade != models.E1 || p.GatewayNo == "" {
				t.Fatalf("accepted means accepted, never paid: %+v", p.State)
			}
			town.Live(10*time.Minute, 10*time.Second)
			p = town.Look(p)
			if p.Outcome != models.Paid || p.Grade != models.E3 {
				t.Errorf("after ten minutes: %+v", p.State)
			}
			if got := town.Sandbox.Deliveries(p.OrderNo); got != 1 {
				t.Errorf("the gateway saw %d create requests", got)
			}
			town.Sound()
		})
	}
}
