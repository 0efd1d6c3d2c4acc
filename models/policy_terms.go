package models

import "strings"

// Terms are the whole policy in one text, as the log keeps it and an auditor reads it:
// PEN from 0.01: 1 anyone, from 1,500.00: 2 anyone; sums of a day: account.
func (p Policy) Terms() string {
	parts := []string{p.Bands.String()}
	if rules := p.Rules.Terms(); rules != "" {
		parts = append(parts, rules)
	}
	return strings.Join(parts, "; ")
}

// Terms are the rules alone.
func (r Rules) Terms() string { return strings.Join(r.terms(), "; ") }

func (r Rules) terms() (parts []string) {
	if len(r.Sums) > 0 {
		words := make([]string, len(r.Sums))
		for i, sum := range r.Sums {
			words[i] = string(sum)
		}
		parts = append(parts, "sums of a day: "+strings.Join(words, ", "))
	}
	if h := r.Hours; h != (Hours{}) {
		parts = append(parts, "hours: "+h.String())
	}
	for _, c := range r.Conditions {
		parts = append(parts, c.String())
	}
	return parts
}
