package models

import "testing"

// A stop of all sending can be ended where two people may who see the whole of it.
func TestE9_AStopThatNobodyCouldEndIsNamed(t *testing.T) {
	t.Parallel()
	controller := func(id PersonID) Person { return Person{ID: id, Active: true, Roles: []Role{Controller}} }
	gone, part := controller(2), controller(3)
	gone.Active, part.Scope = false, Scope{Currencies: []string{"TWD"}}
	approver := Person{ID: 4, Active: true, Roles: []Role{Approver}}
	for name, c := range map[string]struct {
		people  []Person
		forGood bool
	}{
		"nobody":                      {nil, true},
		"one controller":              {[]Person{controller(1), approver}, true},
		"one who is gone":             {[]Person{controller(1), gone}, true},
		"one who sees a part":         {[]Person{controller(1), part}, true},
		"two controllers":             {[]Person{controller(1), controller(5)}, false},
		"two, and others beside them": {[]Person{controller(1), controller(5), gone, part, approver}, false},
	} {
		if got := (House{People: c.people}).StopsForGood(); got != c.forGood {
			t.Errorf("%s: %v", name, got)
		}
	}
	two := House{People: []Person{controller(1), controller(5)}}
	if !two.WouldStopForGood(two.Without(5)) || two.WouldStopForGood(two) || two.Without(1).WouldStopForGood(two.Without(1).Without(5)) {
		t.Error("a change that takes the second away is not told from others")
	}
}

// Of one account it is enough to see that account; of all sending one sees the whole.
func TestWhoLetsSendingGoOnSeesWhatStandsStill(t *testing.T) {
	t.Parallel()
	part := Person{ID: 1, Active: true, Roles: []Role{Controller}, Scope: Scope{Currencies: []string{"TWD"}}}
	all, one := Change{Kind: ChangeSending, Subject: AllSending, State: ChangeWaiting, ProposedBy: 2}, Change{Kind: ChangeSending, Subject: "3", State: ChangeWaiting, ProposedBy: 2}
	if all.CheckDecide(part) == nil || one.CheckDecide(part) != nil {
		t.Errorf("all: %v, one account: %v", all.CheckDecide(part), one.CheckDecide(part))
	}
	for who, by := range map[string]Person{"whoever asked": {ID: 2, Active: true, Roles: []Role{Controller}}, "an approver": {ID: 4, Active: true, Roles: []Role{Approver}}} {
		if one.CheckDecide(by) == nil {
			t.Errorf("%s may confirm it", who)
		}
	}
}
