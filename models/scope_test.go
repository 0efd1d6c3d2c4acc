package models

import "testing"

func TestAScopeHoldsWhatItNamesAndTheEmptyOneEverything(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scope    Scope
		account  AccountID
		currency string
		holds    bool
	}{
		"everything":              {Scope{}, 1, "TWD", true},
		"its account":             {Scope{Accounts: []AccountID{1, 2}}, 2, "PEN", true},
		"another account":         {Scope{Accounts: []AccountID{1}}, 2, "PEN", false},
		"its currency":            {Scope{Currencies: []string{"PEN"}}, 7, "PEN", true},
		"another currency":        {Scope{Currencies: []string{"PEN"}}, 7, "TWD", false},
		"account but not the sum": {Scope{Accounts: []AccountID{1}, Currencies: []string{"PEN"}}, 1, "TWD", false},
		"sum but not the account": {Scope{Accounts: []AccountID{1}, Currencies: []string{"PEN"}}, 2, "PEN", false},
		"both":                    {Scope{Accounts: []AccountID{1}, Currencies: []string{"PEN"}}, 1, "PEN", true},
	} {
		if c.scope.Holds(c.account, c.currency) != c.holds {
			t.Errorf("%s: holds must be %v", name, c.holds)
		}
	}
}

func TestAScopeThatNamesNothingIsWiderThanAny(t *testing.T) {
	t.Parallel()
	all, one, two := Scope{}, Scope{Accounts: []AccountID{1}}, Scope{Accounts: []AccountID{1, 2}}
	pen := Scope{Currencies: []string{"PEN"}}
	for name, c := range map[string]struct {
		scope, of Scope
		within    bool
	}{
		"one in all": {one, all, true}, "all in one": {all, one, false}, "one in two": {one, two, true}, "two in one": {two, one, false},
		"other dimension": {pen, one, false}, "both in one": {Scope{[]AccountID{1}, []string{"PEN"}}, one, true}, "same": {two, two, true},
	} {
		if c.scope.Within(c.of) != c.within {
			t.Errorf("%s: within must be %v", name, c.within)
		}
	}
	now := Grant{Active: true, Roles: []Role{Maker}, Scope: one}
	wider := now
	wider.Scope = all
	if wider.Within(now) || !now.Within(wider) {
		t.Error("lifting a limit would need no second person, or setting one would")
	}
}
