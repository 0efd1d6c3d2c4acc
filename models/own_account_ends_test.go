package models

import (
	"maps"
	"testing"
)

// whoTakesBack lists who may ask that a declaration of person 1 ends, and who may confirm
// what a people admin (8) or its owner asked, by role; an asterisk is its owner, whatever
// they hold.
func whoTakesBack(propose func(Change, Person) error, decide func(Change, Person) error) map[string]string {
	found, owner := map[string]string{}, PersonID(1)
	for _, by := range append([]Person{{ID: 1, Active: true}}, eachRole(9)...) {
		asked := Change{Kind: ChangeOwnAccount, Subject: "1", State: ChangeWaiting, ProposedBy: by.ID}
		asked.Concern(&owner)
		letter := "*"
		if by.ID != owner {
			letter = letterOf(by.Roles[0])
		}
		if propose(asked, by) == nil {
			found["ask"] += letter
		}
		byAdmin := Change{Kind: ChangeOwnAccount, Subject: "1", State: ChangeWaiting, ProposedBy: 8}
		byAdmin.Concern(&owner)
		byOwner := Change{Kind: ChangeOwnAccount, Subject: "1", State: ChangeWaiting, ProposedBy: owner}
		byOwner.Concern(&owner)
		for name, c := range map[string]Change{"confirm an admin's": byAdmin, "confirm its owner's": byOwner} {
			if decide(c, by) == nil {
				found[name] += letter
			}
		}
	}
	return found
}

// eachRole is somebody for each role, and its owner as a controller.
func eachRole(id PersonID) (all []Person) {
	for _, role := range Roles {
		all = append(all, Person{ID: id, Active: true, Roles: []Role{role}})
	}
	return append(all, Person{ID: 1, Active: true, Roles: []Role{Controller}})
}

func letterOf(role Role) string {
	for letter, of := range letters {
		if of == role {
			return string(letter)
		}
	}
	return ""
}

func TestD7_WhoTakesADeclaredAccountBack(t *testing.T) {
	t.Parallel()
	want := map[string]string{"ask": "*P*", "confirm an admin's": "C", "confirm its owner's": "C"}
	if got := whoTakesBack(Change.CheckPropose, Change.CheckDecide); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The known-bad variant: a rule that forgets whose account it is lets its owner confirm
// what an admin asked for them.
func TestD7_AnOwnerWhoConfirmsIsFound(t *testing.T) {
	t.Parallel()
	bad := func(c Change, by Person) error {
		c.About = nil
		return c.CheckDecide(by)
	}
	if got := whoTakesBack(Change.CheckPropose, bad); got["confirm an admin's"] != "C*" {
		t.Errorf("found: %v", got)
	}
}
