package models

import "slices"

// Apart is two roles that nobody holds together, and why (a catalogue key).
type Apart struct {
	One, Other Role
	Why        string
}

// The reasons.
const (
	apartAdmin   = "apart.admin"    // no admin holds a money verb (invariants.md 3)
	apartOwnWork = "apart.own_work" // two who are both would sign each other's orders
	apartAuditor = "apart.auditor"  // nobody audits what they did themselves
)

// segregation is the whole matrix of roles that are kept apart. What is not in it is
// covered by the rules on the single order: a maker who resolves never decides about an
// order of their own, of two who settle a case at most one had signed it, and an approver
// who is a controller signs once. The two admins hold no money verb, and a controller
// confirms what either proposes.
var segregation = []Apart{
	{PeopleAdmin, Maker, apartAdmin}, {PeopleAdmin, Approver, apartAdmin}, {PeopleAdmin, Resolver, apartAdmin}, {PeopleAdmin, Controller, apartAdmin},
	{GatewayAdmin, Maker, apartAdmin}, {GatewayAdmin, Approver, apartAdmin}, {GatewayAdmin, Resolver, apartAdmin}, {GatewayAdmin, Controller, apartAdmin},
	{Maker, Approver, apartOwnWork}, {Maker, Controller, apartOwnWork},
	{Auditor, Maker, apartAuditor}, {Auditor, Approver, apartAuditor}, {Auditor, Resolver, apartAuditor}, {Auditor, Controller, apartAuditor},
	{Auditor, GatewayAdmin, apartAuditor}, {Auditor, PeopleAdmin, apartAuditor},
}

// KeptApart says why nobody holds both roles, "" where somebody may.
func KeptApart(a, b Role) (why string) {
	for _, pair := range segregation {
		if pair.One == a && pair.Other == b || pair.One == b && pair.Other == a {
			return pair.Why
		}
	}
	return ""
}

// Conflicts are the pairs among these roles that are kept apart.
func Conflicts(roles []Role) (found []Apart) {
	for _, pair := range segregation {
		if slices.Contains(roles, pair.One) && slices.Contains(roles, pair.Other) {
			found = append(found, pair)
		}
	}
	return found
}

// Later puts the role first that comes to what the person holds; it is the one that goes
// when an exception ends.
func (a Apart) Later(held []Role) (later, earlier Role) {
	if slices.Contains(held, a.One) && !slices.Contains(held, a.Other) {
		return a.Other, a.One
	}
	return a.One, a.Other
}
