package models

import (
	"math/rand/v2"
	"testing"
)

func TestE9_WhatNobodyCouldSignIsNamed(t *testing.T) {
	t.Parallel()
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	maker, both := person(1, Maker), person(2, Maker, Approver)
	appr, appr2, ctrl := person(3, Approver), person(4, Approver), person(5, Controller)
	gone := Person{ID: 6, Roles: []Role{Approver, Controller}}
	for _, c := range []struct {
		name   string
		need   string
		rules  Rules
		people []Person
		makers []PersonID // whose orders are stuck
	}{
		{"one signs", "1 anyone", Rules{}, []Person{maker, appr}, nil},
		{"nobody does", "1 anyone", Rules{}, []Person{maker}, []PersonID{1}},
		{"the maker is no second", "2 anyone", Rules{}, []Person{maker, both, appr}, []PersonID{2}},
		{"two others are", "2 anyone", Rules{}, []Person{maker, both, appr, appr2}, nil},
		{"no controller", "1 approver + 1 controller", Rules{}, []Person{maker, appr, appr2}, []PersonID{1}},
		{"one who left counts for nothing", "1 approver + 1 controller", Rules{}, []Person{maker, appr, gone}, []PersonID{1}},
		{"the other way does", "1 approver + 1 controller or 2 approver", Rules{}, []Person{maker, appr, appr2}, nil},
		{"a condition adds too much", "1 anyone", Rules{Conditions: []Condition{{When: NewAccount, Add: Step{1, Controller}}}}, []Person{maker, appr}, []PersonID{1}},
		{"the only controller cannot be both", "1 controller", Rules{Conditions: []Condition{{When: NewAccount, Add: Step{1, Controller}}}}, []Person{maker, appr, ctrl}, []PersonID{1}},
		{"two conditions together do", "1 anyone", Rules{Conditions: []Condition{{When: NewAccount, Add: Step{1, Controller}}, {When: NoFile, Add: Step{1, Approver}}}},
			[]Person{maker, appr, ctrl}, []PersonID{1}},
		{"a condition on a rail of another currency does not", "1 anyone", Rules{Conditions: []Condition{{When: OnRail, Of: "apay.taiwan", Add: Step{5, Controller}}}},
			[]Person{maker, appr}, nil},
		{"one on a rail of its own does", "1 anyone", Rules{Conditions: []Condition{{When: OnRail, Of: "cashy.peru", Add: Step{5, Controller}}}},
			[]Person{maker, appr}, []PersonID{1}},
	} {
		p := Policy{Bands: Bands{{"PEN", 1, mustRead(t, c.need)}}, Rules: c.rules}
		found := Deadlocks(p, c.people, []Route{{"PEN", 1, "cashy.peru"}, {"TWD", 2, "apay.taiwan"}})
		var makers []PersonID
		for _, s := range found {
			for _, m := range s.Makers {
				makers = append(makers, m.ID)
			}
		}
		if len(makers) != len(c.makers) || len(makers) > 0 && makers[0] != c.makers[0] {
			t.Errorf("%s: stuck are the orders of %v, want %v", c.name, makers, c.makers)
		}
	}
	if Deadlocks(Policy{Bands: Bands{{"PEN", 1, Anybody(1)}}}, nil, nil) == nil {
		t.Error("an empty house could sign")
	}
}

// What is not called stuck can be signed by somebody, and what is cannot: by trying.
func TestE9_WhatIsNotStuckCanBeSigned(t *testing.T) {
	t.Parallel()
	r := chance{rand.New(rand.NewPCG(9, 9))}
	for range 3000 {
		var people []Person
		for id := range 1 + r.IntN(5) {
			var roles []Role
			for _, role := range []Role{Maker, Approver, Controller} {
				if r.IntN(2) == 0 {
					roles = append(roles, role)
				}
			}
			people = append(people, Person{ID: PersonID(id + 1), Active: r.IntN(5) > 0, Roles: roles})
		}
		need := r.need()
		stuck := Deadlocks(Policy{Bands: Bands{{"PEN", 1, need}}}, people, nil)
		for _, maker := range people {
			if !maker.Active || !maker.May(VerbDraft) {
				continue
			}
			said := false
			for _, s := range stuck {
				for _, m := range s.Makers {
					said = said || m.ID == maker.ID
				}
			}
			if can := signable(need, people, maker.ID); can == said {
				t.Fatalf("%s by %+v: signable is %v, stuck is %v", need, people, can, said)
			}
		}
	}
}

// signable lets everybody sign who may and whose signature counts, one after the other.
func signable(n Need, people []Person, maker PersonID) bool {
	p := Payout{MakerID: maker, State: State{Stage: AwaitingApproval, Outcome: None, Need: n.String(), Needed: n.Least(), Version: 1}}
	p.Wants = n.Wanted(nil)
	var signed []Signer
	for again := true; again; {
		again = false
		for _, by := range people {
			if p.CheckDecide(by, idsOf(signed)) != nil {
				continue
			}
			signed, again = append(signed, by.Signer()), true
			var e Effect
			var m Move
			if m, e = p.Signed(signed); m == MoveApprove {
				return true
			}
			p.Wants = e.Wants
		}
	}
	return false
}

func idsOf(signed []Signer) (ids []PersonID) {
	for _, s := range signed {
		ids = append(ids, s.ID)
	}
	return ids
}
