package services_test

import (
	"context"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// While nothing of a request left us, another program took the lease over and found
// the order sending. It is in doubt by then and stays so: the attempt is not closed
// as one that may be made again (I6, I7, I21).
func TestI06_NothingLeftOfAnOrderThatAnotherProgramCalledUnclear(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		town.Pass(5 * time.Minute)
		other := services.Sender{Core: town.Core, Payouts: town.Payouts, Accounts: town.Accounts, Holder: "another process"}
		if held, err := other.Lead(t.Context()); err != nil || !held {
			t.Fatalf("the lease was not taken over: %v, %v", held, err)
		}
		if found, err := other.Recover(t.Context()); err != nil || found != 1 {
			t.Fatalf("%d found sending, %v", found, err)
		}
		return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailRefused}
	}
	town.Must(town.Sender.Send(t.Context(), p.ID))
	if p = town.Look(p); p.Outcome != models.Unclear || p.NextActionAt.IsZero() {
		t.Errorf("after both: %+v, next %s", p.State, p.NextActionAt)
	}
	town.Sound()
}
