package services_test

import (
	"context"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// windowed lets orders of 300 TWD and more be called back for a quarter of an hour.
func windowed(town *servicestest.Town) {
	town.T.Helper()
	limits := models.Limits{Zone: "UTC", Windows: []models.Window{{Currency: "TWD", Minor: 300_00, Minutes: 15}}}
	_, err := (&services.Limits{Core: town.Core}).Set(context.Background(), models.Machine("test"), limits, "for the test")
	town.Must(err)
}

func TestALargeOrderLeavesOnlyOnceItsWindowIsOver(t *testing.T) {
	town := servicestest.New(t)
	windowed(town)
	small, large := town.Approved(ofTaipei(town, 1, 299)), town.Approved(ofTaipei(town, 2, 300))
	for _, urge := range []func(){
		func() {},
		func() { _ = town.Sender.Send(t.Context(), large.ID) },
		func() {
			town.Must(town.Accounts.PullCord(t.Context(), town.Maker, "a call"))
			town.Must(town.GoOn("nothing"))
		},
		func() { town.Pass(14*time.Minute + 59*time.Second) },
	} {
		urge()
		sweeps(town)
		if p := town.Look(large); p.Stage != models.Approved || town.Sandbox.Deliveries(large.OrderNo) != 0 {
			t.Fatalf("it left within its window: %+v", p.State)
		}
	}
	if town.Look(small).Stage != models.Sent {
		t.Error("a small order waited too")
	}
	town.Pass(2 * time.Second)
	sweeps(town)
	if p := town.Look(large); p.Stage != models.Sent || town.Sandbox.Deliveries(large.OrderNo) != 1 {
		t.Errorf("after its window %+v", p.State)
	}
	town.Sound()
}

// Whoever stops it voids the chain: it leaves only once everybody has signed again, and
// then with a window of its own.
func TestAnOrderThatIsStoppedInItsWindowNeedsTheChainAgain(t *testing.T) {
	for name, stop := range map[string]func(*servicestest.Town, models.Payout) error{
		"stopped": func(town *servicestest.Town, p models.Payout) error {
			return town.Payouts.Stop(t.Context(), town.Maker, p.OrderNo)
		},
		"held": func(town *servicestest.Town, p models.Payout) error {
			return town.Payouts.Hold(t.Context(), town.Second, p.OrderNo, "a call")
		},
	} {
		town := servicestest.New(t)
		windowed(town)
		p := town.Approved(ofTaipei(town, 1, 400))
		town.Must(stop(town, p))
		if p = town.Look(p); p.Stage != models.Held || p.HeldFrom != models.AwaitingApproval || p.Approvals != 0 || p.Room != "" {
			t.Fatalf("%s: %+v", name, p.State)
		}
		town.Pass(time.Hour)
		sweeps(town)
		town.Must(town.Payouts.Resume(t.Context(), town.Controller, p.OrderNo, "it was right", servicestest.Click(town.Payouts.Core, town.Controller)))
		sweeps(town)
		if p = town.Look(p); p.Stage != models.AwaitingApproval || town.Sandbox.Deliveries(p.OrderNo) != 0 {
			t.Fatalf("%s, let go on: %+v", name, p.State)
		}
		town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
		if p = town.Look(p); !p.InWindow(town.Now()) || p.LeavesAt != town.Now().Add(15*time.Minute) {
			t.Errorf("%s, signed again: leaves at %s", name, p.LeavesAt)
		}
		town.Pass(16 * time.Minute)
		sweeps(town)
		if town.Look(p).Stage != models.Sent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
			t.Errorf("%s, after the second window: %+v", name, town.Look(p).State)
		}
		if err := town.Payouts.Stop(t.Context(), town.Maker, p.OrderNo); err == nil {
			t.Errorf("%s: what has left was stopped", name)
		}
		town.Sound()
	}
}

// A clock that is set back makes no window longer than it was.
func TestI20_AWindowComesAlongWhenTheClockIsSetBack(t *testing.T) {
	town := servicestest.New(t)
	windowed(town)
	town.Sender.SweepAll(t.Context())
	p := town.Approved(ofTaipei(town, 1, 400))
	town.Pass(-48 * time.Hour)
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); !p.InWindow(town.Now()) || p.LeavesAt.Sub(town.Now()) > 16*time.Minute {
		t.Errorf("it leaves in %s", p.LeavesAt.Sub(town.Now()))
	}
}

func TestOnlyWhoMayHoldStopsAndOnlyInTheWindow(t *testing.T) {
	now := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	open := models.Payout{MakerID: 1, LeavesAt: now.Add(time.Minute), State: models.State{Stage: models.Approved, Outcome: models.None, Room: "2026-11-02"}}
	over, waits := open, open
	over.LeavesAt, waits.Room = now, ""
	person := func(id models.PersonID, roles ...models.Role) models.Person {
		return models.Person{ID: id, Active: true, Roles: roles}
	}
	for _, c := range []struct {
		name  string
		order models.Payout
		by    models.Person
		may   bool
	}{
		{"its maker", open, person(1, models.Maker), true},
		{"an approver", open, person(2, models.Approver), true},
		{"a controller", open, person(2, models.Controller), true},
		{"another maker", open, person(2, models.Maker), false},
		{"an auditor", open, person(2, models.Auditor), false},
		{"once it is over", over, person(2, models.Approver), false},
		{"before it is open", waits, person(2, models.Approver), false},
	} {
		if err := c.order.CheckStop(c.by, now); (err == nil) != c.may {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
