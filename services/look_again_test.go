package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// hidden is an order that the gateway took, and of which it says nothing when asked.
func hidden(town *servicestest.Town, serial int) models.Payout {
	p := town.Approved(town.Form("apay.taiwan", serial))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true, Query: []sandbox.Phase{{Hidden: true}}, Create: sandbox.Create{Reply: sandbox.ReplyEmpty}})
	town.Must(town.Sender.Send(town.T.Context(), p.ID))
	return town.Look(p)
}

// judge lets two people judge an order: the second chooses what they choose.
func judge(town *servicestest.Town, p models.Payout, first, second models.Person, says, chosen models.Said) {
	town.T.Helper()
	v := proposal(says, p)
	if says == "look_again" {
		v = services.Proposal{Says: says, Reason: "nothing known yet", LookAgainAt: town.Now().Add(6 * time.Hour)}
	}
	town.Must(town.Verdicts.Propose(town.T.Context(), first, p.OrderNo, v, servicestest.Click(town.Verdicts.Core, first)))
	open, _, err := models.OpenVerdict(town.Store.Read(town.T.Context()), p.ID)
	town.Must(err)
	_, err = town.Verdicts.Confirm(town.T.Context(), second, p.OrderNo, open.ID, chosen, "so I read it", servicestest.Click(town.Verdicts.Core, second))
	town.Must(err)
}

func flag(town *servicestest.Town, p models.Payout) models.CaseFlag {
	flags, err := models.CaseFlags(town.Store.Read(town.T.Context()), []models.Payout{town.Look(p)})
	town.Must(err)
	return flags[p.ID]
}

// A case that two people agreed to look at again comes back at that time: nobody's,
// asked about, flagged, once (screens.md 4).
func TestALookAgainComesBackAtItsTime(t *testing.T) {
	town := servicestest.New(t)
	p := hidden(town, 1)
	town.Live(5*time.Hour, 30*time.Minute)
	town.Must(town.Payouts.Claim(t.Context(), town.Second, p.OrderNo))
	judge(town, p, town.Resolver, town.Second, "look_again", "look_again")
	promised := town.Now().Add(6 * time.Hour)
	town.Live(5*time.Hour, 30*time.Minute)
	town.Must(town.Verdicts.BringBack(t.Context()))
	if p = town.Look(p); p.OwnerID != town.Second.ID || flag(town, p).Raised() {
		t.Errorf("before its time it is %d's, %+v", p.OwnerID, flag(town, p))
	}
	town.Pass(61 * time.Minute)
	for range 2 {
		town.Must(town.Verdicts.BringBack(t.Context()))
	}
	p = town.Look(p)
	if p.OwnerID != 0 || p.NextActionAt.After(town.Now()) || !flag(town, p).Promised.Equal(promised.Truncate(time.Millisecond)) {
		t.Errorf("at its time it is %d's, asked at %s, %+v", p.OwnerID, p.NextActionAt, flag(town, p))
	}
	if n := eventsOf(t, town, p, "came_back"); n != 1 {
		t.Errorf("%d events say so", n)
	}
	asked := p.Questions
	if _, err := town.Sender.Lead(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := town.Sender.Sweep(t.Context())
	town.Must(err)
	if p = town.Look(p); p.Questions != asked+1 {
		t.Errorf("it was asked about %d times more", p.Questions-asked)
	}
	town.Sound()
}

// An order that was settled meanwhile stays where it is.
func TestALookAgainAtASettledOrderDoesNothing(t *testing.T) {
	town := servicestest.New(t)
	p := hidden(town, 1)
	judge(town, p, town.Resolver, town.Second, "look_again", "look_again")
	judge(town, p, town.Resolver, town.Second, "paid", "paid")
	town.Pass(7 * time.Hour)
	town.Must(town.Verdicts.BringBack(t.Context()))
	if n := eventsOf(t, town, p, "came_back"); n != 0 {
		t.Errorf("%d events", n)
	}
	due, err := models.PromisesDue(town.Store.Read(t.Context()), town.Now(), 10)
	town.Must(err)
	if len(due) != 0 {
		t.Errorf("%d promises are tried for ever", len(due))
	}
	town.Sound()
}

// After three times the case is the controller's.
func TestThreeLooksAgainMakeItTheControllers(t *testing.T) {
	town := servicestest.New(t)
	p, other := hidden(town, 1), hidden(town, 2)
	for i := range models.LookAgainMost {
		if escalated, err := models.EscalatedOrders(town.Store.Read(t.Context())); err != nil || len(escalated) != 0 {
			t.Errorf("after %d: %d escalated, %v", i, len(escalated), err)
		}
		judge(town, p, town.Resolver, town.Second, "look_again", "look_again")
	}
	judge(town, other, town.Resolver, town.Second, "look_again", "look_again")
	escalated, err := models.EscalatedOrders(town.Store.Read(t.Context()))
	town.Must(err)
	if len(escalated) != 1 || escalated[0].ID != p.ID || flag(town, p).Escalated != models.EscalatedAgain || eventsOf(t, town, p, "escalated") != 1 {
		t.Errorf("%d escalated, %+v, %d events", len(escalated), flag(town, p), eventsOf(t, town, p, "escalated"))
	}
	judge(town, p, town.Resolver, town.Second, "paid", "paid")
	if left, err := models.EscalatedOrders(town.Store.Read(t.Context())); err != nil || len(left) != 0 {
		t.Errorf("settled, and %d are escalated, %v", len(left), err)
	}
	town.Sound()
}

// Two people who disagree have a controller propose the next verdict.
func TestI04_AfterADisagreementAControllerProposesAndAnotherConfirms(t *testing.T) {
	town := servicestest.New(t)
	p := hidden(town, 1)
	judge(town, p, town.Resolver, town.Second, "paid", "look_again")
	if p = town.Look(p); p.Outcome != models.Unclear || eventsOf(t, town, p, "escalated") != 1 || flag(town, p).Escalated != models.EscalatedDisagreed {
		t.Errorf("%+v, %+v", p.State, flag(town, p))
	}
	for _, by := range []models.Person{town.Resolver, town.Second} {
		if err := town.Verdicts.Propose(t.Context(), by, p.OrderNo, proposal("paid", p), servicestest.Click(town.Verdicts.Core, by)); !refused(err, "verdict.escalated") {
			t.Errorf("%s proposed: %v", by.Name, err)
		}
	}
	judge(town, p, town.Controller, town.Resolver, "paid", "paid")
	if p = town.Look(p); p.Outcome != models.Paid || !p.ByHand {
		t.Errorf("after the controller's verdict: %+v", p.State)
	}
	town.Sound()
}
