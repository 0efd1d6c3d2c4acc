package models

import (
	"slices"
	"testing"
)

func TestWhoIsTheOnlyOneWithARole(t *testing.T) {
	t.Parallel()
	lima := Scope{Accounts: []AccountID{3}}
	tsai := Person{ID: 1, Active: true, Roles: []Role{Controller, Resolver}}
	zhao := Person{ID: 2, Active: true, Roles: []Role{Resolver}}
	ortega := Person{ID: 3, Active: true, Roles: []Role{Approver, Resolver}, Scope: lima}
	gone := Person{ID: 4, Roles: []Role{Controller, Approver}}
	people := []Person{tsai, zhao, ortega, gone}
	if only := OnlyHolder(people, tsai); !slices.Equal(only, []Role{Controller}) {
		t.Errorf("Tsai alone is %v", only)
	}
	if only := OnlyHolder(people, zhao); len(only) != 0 {
		t.Errorf("Zhao alone is %v", only)
	}
	if only := OnlyHolder([]Person{zhao, ortega}, zhao); !slices.Equal(only, []Role{Resolver}) {
		t.Errorf("somebody who sees Lima alone stands in for everything: %v", only)
	}
	for _, c := range []struct {
		role    Role
		account AccountID
		n       int
	}{{Resolver, 3, 3}, {Resolver, 1, 2}, {Approver, 1, 0}, {Approver, 3, 1}, {Controller, 1, 1}} {
		if n := Holders(people, c.role, c.account, "PEN"); n != c.n {
			t.Errorf("%d hold %s on account %d, want %d", n, c.role, c.account, c.n)
		}
	}
}
