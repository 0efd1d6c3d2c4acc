package services_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// resting are rules under which new details rest two hours and begin with 150.00 TWD.
var resting = models.PayeeRules{Cooling: 120, Starter: map[string]int64{"TWD": 150_00}}

func sweep(t *testing.T, town *servicestest.Town) {
	t.Helper()
	_, err := town.Sender.Sweep(t.Context())
	town.Must(err)
}

func TestD4_MoneyGoesToNewDetailsOnlyOnceTheyHaveRested(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	town.SetPayeeRules(resting)
	p := town.Approved(town.Form("apay.taiwan", 1))
	sweep(t, town)
	if now := town.Look(p); now.Stage != models.Approved || !now.NextActionAt.Equal(p.CreatedAt.Add(2*time.Hour)) {
		t.Errorf("%s, next at %s", now.Stage, now.NextActionAt)
	}
	town.Live(3*time.Hour, time.Minute)
	if now := town.Look(p); now.Stage != models.Sent || now.SentAt.Before(p.CreatedAt.Add(2*time.Hour)) {
		t.Errorf("%s at %s", now.Stage, now.SentAt)
	}
	town.Sound()
}

func TestD4_BeforeAFirstPayoutWasPaidLittleIsOnItsWay(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	rules := resting
	rules.Cooling = 0
	town.SetPayeeRules(rules)
	first, second := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("apay.taiwan", 2)) // 101.50 and 102.50
	town.Sandbox.Script(first.OrderNo, sandbox.Scenario{})
	sweep(t, town)
	sent, held := town.Look(first), town.Look(second)
	if sent.Stage != models.Sent {
		sent, held = held, sent
	}
	if sent.Stage != models.Sent {
		t.Fatalf("%s and %s", sent.Stage, held.Stage)
	}
	sweep(t, town)
	if held = town.Look(held); held.Stage != models.Held || held.HeldWhy != models.HeldStarter {
		t.Fatalf("the second is %s %s: together they are more than may go", held.Stage, held.HeldWhy)
	}
	refusedAs(t, town.Payouts.Resume(t.Context(), town.Approver, held.OrderNo, "it is urgent", servicestest.Click(town.Payouts.Core, town.Approver)), "payee.two_lift")
	town.Sound()
}

// heldAtFirst is an order of more than may go to details that are new.
func heldAtFirst(t *testing.T, town *servicestest.Town) models.Payout {
	t.Helper()
	paid := town.Sent(town.Form("apay.taiwan", 1))
	town.Must(town.Confirmed(town.Approver, town.Moved(town.Other, paid, movedTo)))
	town.SetPayeeRules(models.PayeeRules{Cooling: 120, Starter: map[string]int64{"TWD": 50_00}})
	p := town.Approved(town.Picked(paid, 2))
	sweep(t, town)
	if now := town.Look(p); now.HeldWhy != models.HeldStarter {
		t.Fatalf("%s %s", now.Stage, now.HeldWhy)
	}
	return p
}

func TestD4_TwoPeopleWhoDidNotEnterTheDetailsLiftTheRest(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	p := heldAtFirst(t, town)
	v, err := models.LatestVersion(town.Store.Read(ctx), p.PayeeID)
	town.Must(err)
	propose := func(by models.Person) (models.Change, error) {
		return town.Changes.Propose(ctx, by.As(models.VerbResume), models.ChangeRests, "2", town.Payees.Released(v), "Signed at their office in front of me", servicestest.Click(town.Core, by))
	}
	_, err = propose(town.Other)
	refusedAs(t, err, "change.about_proposer")
	change, err := propose(town.Approver)
	town.Must(err)
	confirm := func(by models.Person) error {
		_, err := town.Changes.Confirm(ctx, by.As(models.VerbResume), change.ID, change.Digest, servicestest.Click(town.Core, by))
		return err
	}
	refusedAs(t, confirm(town.Approver), "change.own_proposal")
	refusedAs(t, confirm(town.Other), "change.about_you")
	town.Must(confirm(town.Controller))
	sweep(t, town)
	if now := town.Look(p); now.Stage != models.Sent {
		t.Errorf("%s %s", now.Stage, now.HeldWhy)
	}
	town.Sound()
}

func TestD4_TheDatabaseTakesNoReleaseByOnePersonOrByWhoEnteredTheDetails(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := town.Draft(town.Form("apay.taiwan", 1))
	good := models.PayeeRelease{VersionID: p.PayeeVersionID, Why: models.ReleaseNew, ReleasedBy: town.Second.ID, ProposedBy: &town.Approver.ID, Reason: "x", ReleasedAt: town.Now()}
	alone, own, one := good, good, good
	alone.ProposedBy, own.ReleasedBy, one.ReleasedBy = nil, town.Maker.ID, town.Approver.ID
	for name, r := range map[string]models.PayeeRelease{"alone": alone, "by who entered them": own, "by one twice": one} {
		if err := town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&r).Error }); err == nil {
			t.Errorf("a release %s was kept", name)
		}
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&good).Error }))
}

func TestD6_WhatWasSignedBeforeAPayoutToTheAccountFailedIsHeldUntilSomebodyHasLooked(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	town.SetPayeeRules(models.PayeeRules{AfterFail: true})
	first := town.Approved(town.Form("apay.taiwan", 1))
	signed := town.Approved(town.Form("apay.taiwan", 2))
	town.Sandbox.Script(first.OrderNo, sandbox.Scenario{Create: sandbox.Create{Refuse: sandbox.Refusal{Apay: "0012"}}})
	town.Pass(time.Minute)
	town.Must(town.Sender.Send(ctx, first.ID))
	if now := town.Look(first); now.Outcome != models.Failed {
		t.Fatalf("the first is %s", now.Outcome)
	}
	sweep(t, town)
	if now := town.Look(signed); now.HeldWhy != models.HeldFailedBefore {
		t.Fatalf("%s %s", now.Stage, now.HeldWhy)
	}
	town.Pass(time.Minute)
	town.Must(town.Payouts.Resume(ctx, town.Approver, signed.OrderNo, "The bank was closed that day", servicestest.Click(town.Payouts.Core, town.Approver)))
	sweep(t, town)
	if now := town.Look(signed); now.Stage != models.Sent {
		t.Errorf("%s %s after somebody has looked", now.Stage, now.HeldWhy)
	}
	town.Sound()
}
