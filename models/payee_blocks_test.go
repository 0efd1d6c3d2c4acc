package models

import (
	"errors"
	"testing"
)

// Who may put something on the list, and who may know of somebody's own accounts.
func TestWhoMayBlockAndWhoMayDeclareAnAccount(t *testing.T) {
	t.Parallel()
	part := Scope{Currencies: []string{"TWD"}}
	somebody := func(id PersonID, scope Scope, roles ...Role) Person {
		return Person{ID: id, Active: true, Roles: roles, Scope: scope}
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"an approver blocks":                  {CheckBlocking(somebody(1, Scope{}, Approver)), ""},
		"a controller blocks":                 {CheckBlocking(somebody(1, Scope{}, Controller)), ""},
		"a maker does not":                    {CheckBlocking(somebody(1, Scope{}, Maker)), "role.payee_confirm"},
		"an auditor does not":                 {CheckBlocking(somebody(1, Scope{}, Auditor)), "role.payee_confirm"},
		"who sees a part stops not everybody": {CheckBlocking(somebody(1, part, Approver)), "scope.whole_needed"},
		"who was deactivated does not":        {CheckBlocking(Person{ID: 1, Roles: []Role{Approver}}), "role.payee_confirm"},
		"one declares one's own":              {CheckOwnAccounts(somebody(1, Scope{}, Maker), 1), ""},
		"a people admin declares another's":   {CheckOwnAccounts(somebody(2, Scope{}, PeopleAdmin), 1), ""},
		"a controller does not":               {CheckOwnAccounts(somebody(2, Scope{}, Controller), 1), "role.people"},
	} {
		var no Refusal
		errors.As(c.err, &no)
		if no.Key != c.want {
			t.Errorf("%s: %q, not %q", name, no.Key, c.want)
		}
	}
}
