package services_test

import (
	"slices"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// leaves lets somebody go, and others take over.
func leaves(town *servicestest.Town, gone models.Person, to services.Heirs) error {
	admin := town.AddPerson("people admin", models.PeopleAdmin)
	return (&services.People{Core: town.Core}).Deactivate(town.T.Context(), admin.As(models.VerbPeople), gone.ID, to, servicestest.Click(town.Core, admin))
}

// What waited for somebody who leaves has another owner in the same write, each thing with
// its entry in the log.
func TestWhatWaitsForSomebodyWhoLeavesHasAnotherOwner(t *testing.T) {
	town := servicestest.New(t)
	gone := town.WithRole(town.Maker, models.Resolver)
	draft, submitted := town.Draft(town.Form("apay.taiwan", 1)), town.Submitted(town.Form("apay.taiwan", 2))
	other := town.Form("apay.taiwan", 3)
	theirs, err := town.Payouts.Draft(t.Context(), town.Other, other, nil)
	town.Must(err)
	town.Must(town.Payouts.Submit(t.Context(), town.Other, theirs.OrderNo, theirs.Digest))
	town.Must(town.Approve(town.Second, theirs.OrderNo, theirs.Digest))
	exchange := town.Accounts.Exchange
	town.Accounts.Exchange = servicestest.Silence
	town.Must(town.Sender.Send(t.Context(), theirs.ID))
	town.Accounts.Exchange = exchange
	town.Must(town.Payouts.Claim(t.Context(), gone, theirs.OrderNo))
	town.Must(town.Verdicts.Propose(t.Context(), gone, theirs.OrderNo, services.Proposal{Says: "look_again", Reason: "nothing known", LookAgainAt: town.Now().Add(1e12)}, servicestest.Click(town.Core, gone)))

	if err := leaves(town, gone, services.Heirs{Cases: town.Auditor.ID}); !refused(err, "given.may_not") || !town.Look(draft).MadeBy(gone.ID) {
		t.Fatalf("an auditor got the cases: %v", err)
	}
	heirs := services.Heirs{Cases: town.Resolver.ID, Drafts: town.Other.ID}
	admin := town.AddPerson("admin", models.PeopleAdmin)
	town.Must((&services.People{Core: town.Core}).Deactivate(t.Context(), admin.As(models.VerbPeople), gone.ID, heirs, servicestest.Click(town.Core, admin)))
	if p := town.Look(theirs); p.OwnerID != town.Resolver.ID || p.Outcome != models.Unclear {
		t.Errorf("the case is %d's, %s", p.OwnerID, p.Outcome)
	}
	if _, open, err := models.OpenVerdict(town.Store.Read(t.Context()), theirs.ID); open || err != nil {
		t.Errorf("the verdict still waits: %v", err)
	}
	if p := town.Look(draft); p.Drafter() != town.Other.ID || p.MakerID != gone.ID || p.Stage != models.Draft {
		t.Errorf("the draft is %d's", p.Drafter())
	}
	if p := town.Look(submitted); p.GivenTo != "" || p.Stage != models.AwaitingApproval {
		t.Errorf("what was submitted is %+v", p.State)
	}
	for verb, many := range map[string]int64{"handed_over": 1, "verdict_left": 1} {
		if got := eventsOf(t, town, theirs, verb); got != many {
			t.Errorf("%d entries %s", got, verb)
		}
	}
	if eventsOf(t, town, draft, "draft_given") != 1 {
		t.Error("the gift is not on record")
	}
	town.Must(town.Approve(town.Approver, submitted.OrderNo, submitted.Digest)) // it goes on being signed
	town.Sound()
}

// given is an order that the second of two makers submitted, and both of them as people who
// hold every role that signs.
func given(t *testing.T) (town *servicestest.Town, p models.Payout, first, second models.Person) {
	town = servicestest.New(t)
	p = town.Draft(town.Form("apay.taiwan", 1))
	town.Must(leaves(town, town.Maker, services.Heirs{Drafts: town.Other.ID}))
	if err := town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, p.Digest); err == nil {
		t.Fatal("somebody who is gone submitted it")
	}
	town.Must(town.Payouts.Submit(t.Context(), town.Other, p.OrderNo, p.Digest))
	first, second = town.WithRole(town.Maker, models.Approver), town.WithRole(town.Other, models.Controller)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return models.SetActive(tx, first.ID, true) }))
	return town, town.Look(p), first, second
}

// Neither who began an order nor who submits it after the draft was given to them approves it.
func TestI04_NeitherOfTwoMakersApproves(t *testing.T) {
	town, p, first, second := given(t)
	for _, by := range []models.Person{first, second} {
		if err := town.Approve(by, p.OrderNo, p.Digest); !refused(err, "payout.own_approval") {
			t.Errorf("the rule let %s approve: %v", by.Name, err)
		}
		err := town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return models.AddApproval(tx, &models.Approval{PayoutID: p.ID, Version: p.Version, PersonID: by.ID, Digest: p.Digest, SignatureID: town.Signature(tx, by, p), At: town.Now()})
		})
		if !refused(err, "payout.own_approval") {
			t.Errorf("the database let %s approve: %v", by.Name, err)
		}
		mine, err := models.CountToDecide(town.Store.Read(t.Context()), by)
		if err != nil || mine != 0 {
			t.Errorf("%d wait for %s: %v", mine, by.Name, err)
		}
	}
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Sound()
}

// The check of the past finds what a program without the rule and a file without the guard
// would let happen.
func TestI04_AnApprovalByTheSecondMakerIsFound(t *testing.T) {
	town, p, _, second := given(t)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return servicestest.Unguarded(tx, func(tx *gorm.DB) error {
			return tx.Create(&models.Approval{PayoutID: p.ID, Version: p.Version, PersonID: second.ID, Digest: p.Digest, SignatureID: town.Signature(tx, second, p), At: town.Now()}).Error
		})
	}))
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if !slices.ContainsFunc(report.Findings, func(f models.Finding) bool { return f.Check == "I4" && f.Where == p.OrderNo }) {
		t.Errorf("nothing was found: %v", report.Findings)
	}
}

// Who had a draft stays its maker, also for whoever has the file: the database takes nothing
// away from the list, and adds to it only while it is a draft.
func TestI04_TheListOfMakersOnlyGrows(t *testing.T) {
	town, p, _, _ := given(t)
	for _, given := range []string{"", ",99,", p.GivenTo + "99,"} {
		err := town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("UPDATE payouts SET given_to = ? WHERE id = ?", given, p.ID).Error
		})
		if err == nil {
			t.Errorf("its makers became %q", given)
		}
	}
}
