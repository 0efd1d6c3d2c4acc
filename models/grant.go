package models

import (
	"slices"
	"time"
)

// Grant is what a person may do, and whether they sign in at all: the content of a
// change of their roles.
type Grant struct {
	Active bool   `json:"active"`
	Roles  []Role `json:"roles"` // in the order of Roles
	Scope
	// Until is the end, in milliseconds, of an exception for roles that are kept apart
	// and come together by this change; 0 where none do.
	Until int64 `json:"until,omitempty"`
}

// GrantOf is what the person may do now.
func GrantOf(p Person) Grant { return Grant{Active: p.Active, Roles: inOrder(p.Roles), Scope: p.Scope} }

// With is the same with these roles.
func (g Grant) With(roles []Role) Grant {
	g.Roles = inOrder(roles)
	return g
}

// Without is the same without this role.
func (g Grant) Without(role Role) Grant {
	return g.With(slices.DeleteFunc(slices.Clone(g.Roles), func(held Role) bool { return held == role }))
}

// Within says whether nothing of the grant goes beyond what stands. Such a change needs no
// second person: taking power away must never wait, and nobody moves money with less.
func (g Grant) Within(now Grant) bool {
	if g.Active && !now.Active || !g.Scope.Within(now.Scope) {
		return false
	}
	for _, role := range g.Roles {
		if !slices.Contains(now.Roles, role) {
			return false
		}
	}
	return true
}

// CheckApart refuses roles that are kept apart and would come together by this, unless an
// exception with an end in reach is asked for. What is held together already is no matter
// of this change.
func (g Grant) CheckApart(now Grant, at time.Time) error {
	fresh := g.Conflicts(now)
	switch until := FromMillis(g.Until); {
	case len(fresh) == 0 && g.Until != 0:
		return Refuse(Invalid, "apart.no_conflict").On("until")
	case len(fresh) == 0:
		return nil
	case g.Until == 0:
		return Refuse(Invalid, "apart.refused", "One", fresh[0].One, "Other", fresh[0].Other, "Why", Word(fresh[0].Why)).On("until")
	case !until.After(at):
		return Refuse(Invalid, "apart.past").On("until")
	case until.Sub(at) > ExceptionLasts:
		return Refuse(Invalid, "apart.too_long", "Days", int(ExceptionLasts/(24*time.Hour))).On("until")
	}
	return nil
}

// Conflicts are the pairs that are kept apart and come together by this.
func (g Grant) Conflicts(now Grant) (fresh []Apart) {
	for _, pair := range Conflicts(g.Roles) {
		if !slices.Contains(Conflicts(now.Roles), pair) {
			fresh = append(fresh, pair)
		}
	}
	return fresh
}

// Equal says whether nothing differs.
func (g Grant) Equal(other Grant) bool {
	return g.Active == other.Active && slices.Equal(inOrder(g.Roles), inOrder(other.Roles)) &&
		slices.Equal(g.Accounts, other.Accounts) && slices.Equal(g.Currencies, other.Currencies)
}

// inOrder lists roles in the order of Roles, never nil, so that equal grants are written
// equally. One that is unknown stays, for Check to refuse.
func inOrder(roles []Role) []Role {
	sorted := slices.Clone(roles)
	slices.SortStableFunc(sorted, func(a, b Role) int { return slices.Index(Roles, a) - slices.Index(Roles, b) })
	return append([]Role{}, sorted...)
}

// Check refuses roles that do not exist, one twice, and none.
func (g Grant) Check() error {
	if len(g.Roles) == 0 {
		return Refuse(Invalid, "person.roles_missing").On("roles")
	}
	for i, role := range g.Roles {
		if !slices.Contains(Roles, role) || slices.Contains(g.Roles[:i], role) {
			return Refuse(Invalid, "person.role_unknown").On("roles")
		}
	}
	return g.Scope.check()
}
