package models

import "slices"

// Grant is what a person may do, and whether they sign in at all: the content of a
// change of their roles.
type Grant struct {
	Active bool   `json:"active"`
	Roles  []Role `json:"roles"` // in the order of Roles
}

// GrantOf is what the person may do now.
func GrantOf(p Person) Grant { return Grant{Active: p.Active, Roles: inOrder(p.Roles)} }

// With is the same with these roles.
func (g Grant) With(roles []Role) Grant {
	g.Roles = inOrder(roles)
	return g
}

// Within says whether nothing of the grant goes beyond what stands. Such a change needs no
// second person: taking power away must never wait, and nobody moves money with less.
func (g Grant) Within(now Grant) bool {
	if g.Active && !now.Active {
		return false
	}
	for _, role := range g.Roles {
		if !slices.Contains(now.Roles, role) {
			return false
		}
	}
	return true
}

// Equal says whether nothing differs.
func (g Grant) Equal(other Grant) bool {
	return g.Active == other.Active && slices.Equal(inOrder(g.Roles), inOrder(other.Roles))
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
	return nil
}
