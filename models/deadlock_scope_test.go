package models

import (
	"slices"
	"testing"
)

// Who sees another part of the business signs nothing of this one.
func TestE9_WhatNobodyWithTheScopeCouldSignIsNamed(t *testing.T) {
	t.Parallel()
	scoped := func(p Person, s Scope) Person {
		p.Scope = s
		return p
	}
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	taipei, lima := Scope{Accounts: []AccountID{1}}, Scope{Accounts: []AccountID{2}}
	maker, maker2, appr, appr2, ctrl := person(1, Maker), person(2, Maker), person(3, Approver), person(4, Approver), person(5, Controller)
	for _, c := range []struct {
		name    string
		need    string
		people  []Person
		makers  []PersonID
		through []AccountID
	}{
		{"all see everything", "2 anyone", []Person{maker, appr, appr2}, nil, nil},
		{"one approver sees another account", "2 anyone", []Person{maker, appr, scoped(appr2, lima)}, []PersonID{1}, []AccountID{1}},
		{"each sees one", "1 anyone", []Person{maker, scoped(appr, taipei), scoped(appr2, lima)}, nil, nil},
		{"each sees one, and two are needed", "2 anyone", []Person{maker, scoped(appr, taipei), scoped(appr2, lima)}, []PersonID{1}, nil},
		{"the maker makes nothing there", "1 anyone", []Person{scoped(maker, taipei), maker2, scoped(appr, taipei)}, []PersonID{2}, []AccountID{2}},
		{"the only controller sees another account", "1 approver + 1 controller", []Person{maker, appr, scoped(ctrl, taipei)}, []PersonID{1}, []AccountID{2}},
		{"another currency is another part", "1 anyone", []Person{maker, scoped(appr, Scope{Currencies: []string{"TWD"}})}, []PersonID{1}, nil},
		{"nobody makes orders there, nobody could sign them", "1 anyone", []Person{scoped(maker, taipei), scoped(appr, taipei)}, nil, []AccountID{2}},
	} {
		p := Policy{Bands: Bands{{"PEN", 1, mustRead(t, c.need)}}}
		found := Deadlocks(p, c.people, []Route{{"PEN", 1, "cashy.peru"}, {"PEN", 2, "cashy.peru"}, {"PEN", 2, "other"}})
		if len(c.makers) == 0 && len(c.through) == 0 {
			if len(found) != 0 {
				t.Errorf("%s: stuck are %+v", c.name, found)
			}
			continue
		}
		if len(found) != 1 {
			t.Errorf("%s: %d deadlocks: %+v", c.name, len(found), found)
			continue
		}
		var makers []PersonID
		for _, m := range found[0].Makers {
			makers = append(makers, m.ID)
		}
		if !slices.Equal(makers, c.makers) || !slices.Equal(found[0].Through, c.through) {
			t.Errorf("%s: %v through %v, want %v through %v", c.name, makers, found[0].Through, c.makers, c.through)
		}
	}
}

// What a change makes impossible is named, and what was so before is not.
func TestE9_WhatAChangeWouldMakeImpossible(t *testing.T) {
	t.Parallel()
	person := func(id PersonID, roles ...Role) Person { return Person{ID: id, Active: true, Roles: roles} }
	house := House{
		Policy: Policy{Bands: Bands{{"PEN", 1, mustRead(t, "1 anyone")}, {"PEN", 1000, mustRead(t, "2 anyone")}}},
		People: []Person{person(1, Maker), person(2, Approver), person(3, Approver)},
		Routes: []Route{{"PEN", 1, "cashy.peru"}, {"PEN", 2, "cashy.peru"}},
	}
	grant := func(roles ...Role) Grant { return Grant{Active: true, Roles: roles} }
	lima := grant(Approver)
	lima.Accounts = []AccountID{2}
	for name, c := range map[string]struct {
		after   House
		bands   []int64
		through []AccountID
	}{
		"nothing":                         {house, nil, nil},
		"an approver goes":                {house.Without(3), []int64{1000}, nil},
		"an approver is no approver":      {house.Granting(3, grant(Resolver)), []int64{1000}, nil},
		"an approver sees one account":    {house.Granting(3, lima), []int64{1000}, []AccountID{1}},
		"all see one account":             {house.Granting(3, lima).Granting(2, lima), []int64{1, 1000}, []AccountID{1}},
		"an approver makes orders too":    {house.Granting(3, grant(Maker, Approver)), []int64{1000}, nil},
		"a controller comes":              {house.Granting(1, grant(Controller)), nil, nil},
		"a policy asks for three":         {house.Under(Policy{Bands: Bands{{"PEN", 1, mustRead(t, "1 anyone")}, {"PEN", 1000, mustRead(t, "3 anyone")}}}), []int64{1000}, nil},
		"an account that all see is open": {house.Opening(GatewayAccount{ID: 3, Currency: "PEN", Rails: "cashy.peru"}), nil, nil},
	} {
		found := house.Newly(c.after)
		var bands []int64
		for _, s := range found {
			bands = append(bands, s.Band.FromMinor)
			if c.through != nil && !slices.Equal(s.Through, c.through) {
				t.Errorf("%s: through %v", name, s.Through)
			}
		}
		if !slices.Equal(bands, c.bands) {
			t.Errorf("%s: newly stuck from %v, want %v", name, bands, c.bands)
		}
	}
	empty := House{Policy: house.Policy, Routes: house.Routes, People: []Person{person(1, Maker), person(2, Auditor)}}
	if found := empty.Newly(empty.Without(1)); len(found) != 0 {
		t.Errorf("with the only maker goes nothing that could be signed before: %+v", found)
	}
	few := house.Granting(3, lima)
	if again := few.Newly(few.Without(3)); len(again) != 1 || !slices.Equal(again[0].Through, []AccountID{2}) {
		t.Errorf("what was stuck before is told again: %+v", again)
	}
	narrow := house.Granting(2, Grant{Active: true, Roles: []Role{Approver}, Scope: Scope{Accounts: []AccountID{1, 2}}})
	if found := narrow.Newly(narrow.Opening(GatewayAccount{ID: 3, Currency: "PEN", Rails: "cashy.peru"})); len(found) != 1 || !slices.Equal(found[0].Through, []AccountID{3}) {
		t.Errorf("an account that too few see: %+v", found)
	}
}

func TestE9_WhyNobodyElseCanSign(t *testing.T) {
	t.Parallel()
	p := Payout{MakerID: 1, PayeeBy: 2, AccountID: 1, Currency: "PEN", State: State{Stage: AwaitingApproval, Outcome: None, Needed: 2, Need: "1 approver + 1 controller"}}
	people := []Person{
		{ID: 1, Active: true, Roles: []Role{Maker}}, {ID: 2, Active: true, Roles: []Role{Controller}}, {ID: 3, Active: true, Roles: []Role{Approver}},
		{ID: 4, Roles: []Role{Controller}}, {ID: 5, Active: true, Roles: []Role{Controller}, Scope: Scope{Accounts: []AccountID{2}}}, {ID: 6, Active: true, Roles: []Role{Auditor}},
		{ID: 7, Active: true, Roles: []Role{Approver}},
	}
	var told []Hurdle
	for _, way := range WhyBlocked(p, []Signer{{3, []Role{Approver}}}, people) {
		told = append(told, way.Why)
	}
	if !slices.Equal(told, []Hurdle{HurdleMaker, HurdlePayee, HurdleSigned, HurdleTooFew, HurdleScope, HurdleGone}) {
		t.Errorf("told %v", told)
	}
	people[4].Scope = Scope{}
	if WhyBlocked(p, nil, people) != nil {
		t.Error("with a controller who sees it nothing is in the way")
	}
}
