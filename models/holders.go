package models

import "gorm.io/gorm"

// ActivePeople are those who can sign in, with their roles and scopes.
func ActivePeople(db *gorm.DB) (active []Person, err error) {
	all, err := People(db)
	for _, p := range all {
		if p.Active {
			active = append(active, p)
		}
	}
	return active, err
}

// Holders counts the active people who hold the role for money of this currency through
// this account: whoever checks that nothing can get stuck asks it (features.md E9).
func Holders(active []Person, role Role, account AccountID, currency string) (n int) {
	for _, p := range active {
		if p.Active && p.Has(role) && p.Scope.Holds(account, currency) {
			n++
		}
	}
	return n
}

// OnlyHolder are the roles that nobody active but this person holds over everything that
// they hold them for.
func OnlyHolder(active []Person, p Person) (roles []Role) {
	for _, role := range p.Roles {
		if !heldBesides(active, p, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

func heldBesides(active []Person, p Person, role Role) bool {
	for _, other := range active {
		if other.ID != p.ID && other.Active && other.Has(role) && p.Scope.Within(other.Scope) {
			return true
		}
	}
	return false
}
