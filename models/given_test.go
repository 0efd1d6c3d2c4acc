package models

import (
	"slices"
	"testing"
)

// Whoever ever had an order as a draft is its maker: none of the rules about the own order
// lets them through (E1, I4).
func TestI04_WhoeverHadTheDraftIsItsMaker(t *testing.T) {
	t.Parallel()
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	all := []Role{Maker, Approver, Resolver, Controller}
	waiting := Payout{MakerID: 1, GivenTo: ",12,3,", State: State{Stage: AwaitingApproval, Outcome: None, Version: 1, Needed: 1}}
	if !slices.Equal(waiting.Makers(), []PersonID{1, 12, 3}) || waiting.Drafter() != 3 {
		t.Fatalf("its makers are %v, %d has it", waiting.Makers(), waiting.Drafter())
	}
	doubt := waiting
	doubt.State = State{Stage: Sent, Outcome: Unclear}
	held := waiting
	held.State = State{Stage: Held, HeldFrom: Approved, Outcome: None}
	for _, c := range []struct {
		id   PersonID
		made bool
	}{{1, true}, {12, true}, {3, true}, {2, false}, {13, false}, {123, false}} {
		by := person(c.id, all...)
		for name, err := range map[string]error{
			"decides": waiting.CheckDecide(by, nil), "approves": waiting.CheckApproval(by, nil, nil), "resumes": held.CheckResume(by),
			"proposes": doubt.CheckPropose(by), "confirms": doubt.CheckConfirm(by, Verdict{ProposerID: 99, State: "open"}, nil),
			"takes on": doubt.CheckClaim(by), "asks the staff": doubt.CheckEnquire(by),
		} {
			if (err != nil) != c.made {
				t.Errorf("%d %s: %v", c.id, name, err)
			}
		}
	}
	draft := Payout{MakerID: 1, GivenTo: ",12,3,", State: Begin()}
	for _, c := range []struct {
		id  PersonID
		has bool
	}{{1, false}, {12, false}, {3, true}, {2, false}} {
		by := person(c.id, all...)
		for name, err := range map[string]error{"edits": draft.CheckEdit(by), "submits": draft.CheckSubmit(by), "withdraws": draft.CheckWithdraw(by)} {
			if (err == nil) != c.has {
				t.Errorf("%d %s the draft: %v", c.id, name, err)
			}
		}
	}
}

func TestWhoADraftCanBeGivenTo(t *testing.T) {
	t.Parallel()
	draft := Payout{MakerID: 1, AccountID: 1, Currency: "TWD", State: State{Stage: Draft, Outcome: None, Version: 1}}
	submitted := draft
	submitted.Stage = AwaitingApproval
	for name, c := range map[string]struct {
		p   Payout
		to  Person
		may bool
	}{
		"another maker":             {draft, Person{ID: 2, Active: true, Roles: []Role{Maker}}, true},
		"an approver":               {draft, Person{ID: 2, Active: true, Roles: []Role{Approver}}, false},
		"a maker who is gone":       {draft, Person{ID: 2, Roles: []Role{Maker}}, false},
		"a maker of another part":   {draft, Person{ID: 2, Active: true, Roles: []Role{Maker}, Scope: Scope{Currencies: []string{"PEN"}}}, false},
		"who has it":                {draft, Person{ID: 1, Active: true, Roles: []Role{Maker}}, false},
		"once it is submitted":      {submitted, Person{ID: 2, Active: true, Roles: []Role{Maker}}, false},
		"a maker of just this part": {draft, Person{ID: 2, Active: true, Roles: []Role{Maker}, Scope: Scope{Accounts: []AccountID{1}}}, true},
	} {
		if err := c.p.CheckTakeDraft(c.to); (err == nil) != c.may {
			t.Errorf("%s: %v", name, err)
		}
	}
}
