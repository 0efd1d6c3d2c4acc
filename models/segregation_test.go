package models

import (
	"slices"
	"testing"
	"time"
)

func TestNoAdminHoldsAMoneyRoleAndNobodyAuditsThemselves(t *testing.T) {
	t.Parallel()
	money := []Role{Maker, Approver, Resolver, Controller}
	for _, one := range Roles {
		if len(Conflicts([]Role{one})) > 0 {
			t.Errorf("%s alone is a conflict", one)
		}
		for _, other := range Roles {
			why := KeptApart(one, other)
			admin := one == PeopleAdmin || one == GatewayAdmin
			switch {
			case why != KeptApart(other, one):
				t.Errorf("%s and %s are apart in one order only", one, other)
			case one == other && why != "":
				t.Errorf("%s is kept apart from itself", one)
			case admin && slices.Contains(money, other) && why == "":
				t.Errorf("a %s may be a %s", one, other)
			case one == Auditor && other != Auditor && why == "":
				t.Errorf("an auditor may be a %s", other)
			}
		}
	}
	for _, pair := range []struct {
		one, other Role
		apart      bool
	}{
		{Maker, Approver, true}, {Maker, Controller, true}, {Maker, Resolver, false}, {Approver, Resolver, false},
		{Approver, Controller, false}, {Resolver, Controller, false}, {PeopleAdmin, GatewayAdmin, false},
	} {
		if (KeptApart(pair.one, pair.other) != "") != pair.apart {
			t.Errorf("%s and %s: apart must be %v", pair.one, pair.other, pair.apart)
		}
	}
}

// Every set of roles with every verb: what the matrix leaves never lets one person both
// make and sign, nor administer and touch money. Without the matrix some would; the same
// count over all sets is the known-bad variant.
func TestTheMatrixLeavesNobodyWhoMakesAndSigns(t *testing.T) {
	t.Parallel()
	unheld := 0
	for set := range 1 << len(Roles) {
		var p Person
		for i, role := range Roles {
			if set>>i&1 == 1 {
				p.Roles = append(p.Roles, role)
			}
		}
		bad := p.May(VerbDraft) && p.May(VerbApprove) || (p.May(VerbPeople) || p.May(VerbGateway)) && (p.May(VerbDraft) || p.May(VerbVerdict)) ||
			p.May(VerbPeople) && p.May(VerbGrant) || p.Has(Auditor) && len(p.Roles) > 1
		if bad {
			unheld++
		}
		if bad && len(Conflicts(p.Roles)) == 0 {
			t.Errorf("%v holds too much", p.Roles)
		}
	}
	if unheld == 0 {
		t.Error("the check finds nothing even without the matrix")
	}
}

func TestAnExceptionNeedsAnEndWithinReach(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 19, 6, 0, 0, 0, time.UTC)
	maker := Grant{Active: true, Roles: []Role{Maker}}
	both := maker.With([]Role{Maker, Approver})
	for name, c := range map[string]struct {
		wanted, stands Grant
		until          time.Time
		refused        string
	}{
		"no conflict":                 {maker, Grant{}, time.Time{}, ""},
		"a conflict":                  {both, maker, time.Time{}, "apart.refused"},
		"a conflict held already":     {both, both, time.Time{}, ""},
		"with an end":                 {both, maker, now.AddDate(0, 0, 20), ""},
		"with an end that is over":    {both, maker, now, "apart.past"},
		"with an end out of reach":    {both, maker, now.AddDate(0, 0, 91), "apart.too_long"},
		"an end without a conflict":   {maker, Grant{}, now.AddDate(0, 0, 20), "apart.no_conflict"},
		"an end for what stands long": {both, both, now.AddDate(0, 0, 20), "apart.no_conflict"},
	} {
		if !c.until.IsZero() {
			c.wanted.Until = Millis(c.until)
		}
		err := c.wanted.CheckApart(c.stands, now)
		if c.refused == "" && err != nil || c.refused != "" && (err == nil || err.Error() != c.refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
