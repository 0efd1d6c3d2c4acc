package models

import (
	"testing"
	"time"
)

// A delegation gives nobody a right: the delegate holds the role and sees as much already.
func TestE10_WhoCanStandIn(t *testing.T) {
	t.Parallel()
	taipei, lima := Scope{Accounts: []AccountID{1}}, Scope{Accounts: []AccountID{2}}
	person := func(id PersonID, s Scope, roles ...Role) Person {
		return Person{ID: id, Active: true, Roles: roles, Scope: s}
	}
	lin := person(1, taipei, Approver)
	for name, c := range map[string]struct {
		role     Role
		from, to Person
		may      bool
	}{
		"same role, same part":       {Approver, lin, person(2, taipei, Approver), true},
		"same role, everything":      {Approver, lin, person(2, Scope{}, Approver, Resolver), true},
		"same role, another part":    {Approver, lin, person(2, lima, Approver), false},
		"another role":               {Approver, lin, person(2, Scope{}, Controller), false},
		"a role one does not hold":   {Controller, lin, person(2, Scope{}, Controller), false},
		"a role that does not wait":  {Maker, person(1, Scope{}, Maker), person(2, Scope{}, Maker), false},
		"oneself":                    {Approver, lin, lin, false},
		"who is gone":                {Approver, lin, Person{ID: 2, Roles: []Role{Approver}}, false},
		"a resolver":                 {Resolver, person(1, Scope{}, Resolver), person(2, Scope{}, Resolver), true},
		"everything to a part of it": {Approver, person(1, Scope{}, Approver), person(2, taipei, Approver), false},
	} {
		if err := (Delegation{Role: c.role}).CheckDelegate(c.from, c.to); (err == nil) != c.may {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestE10_ADelegationEndsByItself(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	d := Delegation{PersonID: 1, DelegateID: 2, Role: Approver, FromAt: now, UntilAt: now.Add(10 * day)}
	for at, stands := range map[time.Duration]bool{-time.Second: false, 0: true, 10*day - time.Second: true, 10 * day: false} {
		if d.Stands(now.Add(at)) != stands {
			t.Errorf("after %s it stands: %v", at, !stands)
		}
	}
	ended := d
	ended.EndedAt = now.Add(day)
	if ended.Stands(now.Add(2*day)) || ended.CheckEnd(1, now) == nil || d.CheckEnd(3, now) == nil || d.CheckEnd(1, now) != nil || d.CheckEnd(2, now) != nil {
		t.Error("either of the two ends it, once, and nobody else")
	}
	both := StandIn{d, Person{ID: 1, Active: true, Roles: []Role{Approver}}, Person{ID: 2, Active: true, Roles: []Role{Approver}}}
	lost := both
	lost.To.Roles = []Role{Resolver}
	if !both.Works(now) || lost.Works(now) {
		t.Error("it means nothing once the delegate has lost the role")
	}
	for name, c := range map[string]struct {
		from, until time.Time
		ok          bool
	}{
		"a week": {now, now.Add(7 * day), true}, "past": {now.Add(-7 * day), now.Add(-day), false}, "backwards": {now.Add(2 * day), now.Add(day), false},
		"for ever": {now, now.Add(93 * day), false}, "in two years": {now.Add(700 * day), now.Add(707 * day), false},
	} {
		if err := (Delegation{FromAt: c.from, UntilAt: c.until}).CheckDates(now); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// "For Lin" are the orders that both could sign, and never one that the delegate made.
func TestE10_WhatWaitsForSomebodyIsToldToWhoStandsIn(t *testing.T) {
	t.Parallel()
	person := func(id PersonID, s Scope, roles ...Role) Person {
		return Person{ID: id, Active: true, Roles: roles, Scope: s}
	}
	s := StandIn{Delegation{Role: Approver}, person(1, Scope{Currencies: []string{"TWD"}}, Approver), person(2, Scope{}, Approver, Maker)}
	order := Payout{MakerID: 9, Currency: "TWD", State: State{Stage: AwaitingApproval, Outcome: None, Version: 1, Needed: 1}}
	with := func(change func(*Payout)) Payout {
		p := order
		change(&p)
		return p
	}
	for name, c := range map[string]struct {
		p      Payout
		signed []PersonID
		is     bool
	}{
		"it waits":                      {order, nil, true},
		"the delegate made it":          {with(func(p *Payout) { p.MakerID = 2 }), nil, false},
		"the delegate had the draft":    {with(func(p *Payout) { p.GivenTo = ",2," }), nil, false},
		"who is away made it":           {with(func(p *Payout) { p.MakerID = 1 }), nil, false},
		"who is away has signed":        {order, []PersonID{1}, false},
		"out of the part of who's away": {with(func(p *Payout) { p.Currency = "PEN" }), nil, false},
		"it wants a controller":         {with(func(p *Payout) { p.Wants = Controller }), nil, false},
	} {
		if s.For(c.p, c.signed) != c.is {
			t.Errorf("%s: %v", name, !c.is)
		}
	}
}

func TestE10_WhomAnOrderCanBeLeftTo(t *testing.T) {
	t.Parallel()
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	lin := person(1, Approver)
	order := Payout{MakerID: 9, PayeeBy: 8, GivenTo: ",7,", Currency: "TWD", State: State{Stage: AwaitingApproval, Outcome: None, Version: 1, Needed: 2}}
	other := person(2, Approver)
	other.Scope = Scope{Currencies: []string{"PEN"}}
	for name, c := range map[string]struct {
		to  Person
		key string
	}{
		"another approver":           {person(3, Approver), ""},
		"themselves":                 {lin, "hand.yourself"},
		"its maker":                  {person(9, Maker, Approver), "hand.made_it"},
		"who had the draft":          {person(7, Maker, Approver), "hand.made_it"},
		"who entered the details":    {person(8, Approver), "hand.entered_payee"},
		"who has signed":             {person(4, Approver), "hand.has_signed"},
		"another role":               {person(5, Controller), "hand.may_not"},
		"a resolver":                 {person(5, Resolver), "hand.may_not"},
		"who does not see the order": {other, "hand.may_not"},
	} {
		err := order.CheckHandOn(lin, c.to, []PersonID{4})
		refusal, _ := err.(Refusal)
		if refusal.Key != c.key || (err == nil) != (c.key == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if order.CheckHandOn(person(9, Approver), person(3, Approver), nil) == nil {
		t.Error("who cannot sign it has nothing to leave")
	}
}
