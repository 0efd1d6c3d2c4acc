package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// PolicyTerms are what two people agree on when they change the policy: all of it but
// its version and its history.
type PolicyTerms struct {
	Bands Bands `json:"bands"`
	Rules Rules `json:"rules"`
}

// Content is what the policy says, its bands in one order however they were written.
func (p Policy) Content() PolicyTerms {
	bands := slices.Clone(p.Bands)
	slices.SortFunc(bands, func(a, b Band) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.FromMinor, b.FromMinor))
	})
	return PolicyTerms{bands, p.Rules}
}

// Policy is a policy that says this.
func (t PolicyTerms) Policy() Policy { return Policy{Bands: t.Bands, Rules: t.Rules} }

// DiffPolicies are what differs between two policies, line by line (E13).
func DiffPolicies(before, after PolicyTerms) (lines []ChangeLine) {
	currencies := append(before.Bands.Currencies(), after.Bands.Currencies()...)
	slices.Sort(currencies)
	for _, currency := range slices.Compact(currencies) {
		was, is := before.Bands.For(currency), after.Bands.For(currency)
		if was.String() != is.String() {
			lines = append(lines, ChangeLine{"policy.line.bands", orNil(was, len(was)), orNil(is, len(is))})
		}
	}
	if !slices.Equal(before.Rules.Sums, after.Rules.Sums) {
		lines = append(lines, ChangeLine{"policy.line.sums", orNil(before.Rules.Sums, len(before.Rules.Sums)), orNil(after.Rules.Sums, len(after.Rules.Sums))})
	}
	if was, is := before.Rules.Hours, after.Rules.Hours; was != is {
		lines = append(lines, ChangeLine{"policy.line.hours", orNil(was, len(was.Zone)), orNil(is, len(is.Zone))})
	}
	for _, c := range without(before.Rules.Conditions, after.Rules.Conditions) {
		lines = append(lines, ChangeLine{"policy.line.condition", c, nil})
	}
	for _, c := range without(after.Rules.Conditions, before.Rules.Conditions) {
		lines = append(lines, ChangeLine{"policy.line.condition", nil, c})
	}
	return lines
}

func without(all, some []Condition) []Condition {
	return slices.DeleteFunc(slices.Clone(all), func(c Condition) bool { return slices.Contains(some, c) })
}

// orNil is the value, or nothing where it says nothing.
func orNil(value any, length int) any {
	if length == 0 {
		return nil
	}
	return value
}

// String writes bands as an auditor reads them: PEN from 0.01: 1 anyone, from 1,500.00: 2 anyone.
func (b Bands) String() string {
	var parts []string
	for _, currency := range b.Currencies() {
		var own []string
		for _, band := range b.For(currency) {
			own = append(own, fmt.Sprintf("from %s: %s", band.From().Decimal(), band.Need))
		}
		parts = append(parts, currency+" "+strings.Join(own, ", "))
	}
	return strings.Join(parts, "; ")
}

// String writes hours: 07 to 20 in Asia/Taipei.
func (h Hours) String() string { return fmt.Sprintf("%02d to %02d in %s", h.Opens, h.Closes, h.Zone) }

// String writes a condition: gateway 2: 1 controller.
func (c Condition) String() string {
	return strings.TrimSpace(string(c.When)+" "+c.Of) + ": " + c.Then()
}
