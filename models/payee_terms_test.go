package models

import (
	"errors"
	"testing"
)

func TestRulesThatCannotBeKeptAreRefusedAtTheirFields(t *testing.T) {
	t.Parallel()
	good := PayeeTerms{PayeeRules: DefaultPayeeRules(), ExpireDays: 5}.InOrder()
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*PayeeTerms){
		"cooling":     func(p *PayeeTerms) { p.Cooling = coolingMost + 1 },
		"known_days":  func(p *PayeeTerms) { p.KnownDays = 0 },
		"expire_days": func(p *PayeeTerms) { p.ExpireDays = 0 },
		"starter.XYZ": func(p *PayeeTerms) { p.Starter = map[string]int64{"XYZ": 5} },
		"second.TWD":  func(p *PayeeTerms) { p.SecondCall = map[string]int64{"TWD": -1} },
	} {
		bad := good
		spoil(&bad)
		var no Refusals
		if err := bad.Check(); !errors.As(err, &no) || len(no) != 1 || no[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestEveryRuleThatDiffersIsALine(t *testing.T) {
	t.Parallel()
	before := PayeeTerms{PayeeRules: DefaultPayeeRules(), ExpireDays: 5}.InOrder()
	after := PayeeTerms{PayeeRules: PayeeRules{Cooling: 60, KnownDays: 30}, ExpireDays: 3}.InOrder()
	if lines := DiffPayeeTerms(before, after); len(lines) != 7 {
		t.Errorf("%d lines of 7: %v", len(lines), lines)
	}
	if lines := DiffPayeeTerms(before, before); len(lines) != 0 {
		t.Errorf("nothing differs: %v", lines)
	}
}
