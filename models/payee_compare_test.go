package models

import "testing"

func TestNamesThatAreEasilyTakenForEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"鴻達物流股份有限公司", "鸿达物流股份有限公司", true},
		{"鴻達物流股份有限公司", "鴻大物流股份有限公司", true},
		{"鴻達物流股份有限公司", "鴻達物流股份有限公司\u200b", true},
		{"Inversiones Los Andes", "ＩＮＶＥＲＳＩＯＮＥＳ  LOS ANDEZ", true},
		{"Inversiones Los Andes", "Inversiones Los Ande", true},
		{"Inversiones Los Andes", "nversiones Los Andes", true},
		{"Inversiones Los Andes", "Inversiones Los Andenes", false},
		{"陳怡君", "陳怡安", false},
		{"陈怡君", "陳怡君", true},
	} {
		if got := alikeNames(FoldName(c.a), FoldName(c.b)); got != c.want {
			t.Errorf("%s and %s: %t", c.a, c.b, got)
		}
	}
}

// Who may say what they found out.
func TestWhoLooksAtAFind(t *testing.T) {
	t.Parallel()
	them := PersonID(7)
	find := PayeeFind{Kind: FindOwn, PersonID: &them}
	looked := PayeeFind{Kind: FindShared, LookedBy: &them}
	controller := func(id PersonID) Person { return Person{ID: id, Active: true, Roles: []Role{Controller}} }
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a controller":                   {find.CheckLook(controller(1), 2), ""},
		"not whoever entered it":         {find.CheckLook(controller(2), 2), "find.own_details"},
		"not the colleague":              {find.CheckLook(controller(7), 2), "find.about_you"},
		"not twice":                      {looked.CheckLook(controller(1), 2), "find.looked_already"},
		"not an auditor":                 {find.CheckLook(Person{ID: 1, Active: true, Roles: []Role{Auditor}}, 2), "role.payee_confirm"},
		"not who sees a part of it only": {find.CheckLook(Person{ID: 1, Active: true, Roles: []Role{Controller}, Scope: Scope{Currencies: []string{"TWD"}}}, 2), "scope.whole_needed"},
	} {
		got := ""
		if no, ok := c.err.(Refusal); ok {
			got = no.Key
		}
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
