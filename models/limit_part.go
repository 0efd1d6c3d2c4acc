package models

import (
	"slices"
	"strings"
)

// LimitPart is what is changed of the limits at a time: the content of a change. Its
// subject is the scope and the currency, "day TWD"; "window TWD" is the time in which
// orders from a sum upward can be called back.
type LimitPart struct {
	Minor   int64  `json:"minor"` // 0 is no limit; of a window, from which sum upward
	Raised  int64  `json:"raised,omitempty"`
	Until   string `json:"until,omitempty"`
	Minutes int    `json:"minutes,omitempty"` // of a window
}

// LimitWindow is the scope under which a window is changed.
const LimitWindow LimitScope = "window"

// LimitSubject names the limit of a scope and a currency as the subject of a change.
func LimitSubject(scope LimitScope, currency string) string { return string(scope) + " " + currency }

// ReadLimitSubject reads it.
func ReadLimitSubject(subject string) (scope LimitScope, currency string, err error) {
	first, currency, _ := strings.Cut(subject, " ")
	scope = LimitScope(first)
	if _, known := Scale(currency); !known || scope != LimitWindow && !slices.Contains(LimitScopes, scope) {
		return "", "", Refuse(Missing, "limits.no_such")
	}
	return scope, currency, nil
}

// Part is what stands for a subject.
func (l Limits) Part(subject string) (p LimitPart, err error) {
	scope, currency, err := ReadLimitSubject(subject)
	for _, limit := range l.For(currency) {
		if limit.Scope == scope {
			p = LimitPart{Minor: limit.Minor, Raised: limit.Raised, Until: limit.Until}
		}
	}
	for _, w := range l.Windows {
		if w.Currency == currency && scope == LimitWindow {
			p = LimitPart{Minor: w.Minor, Minutes: w.Minutes}
		}
	}
	return p, err
}

// With is the same with another part; no sum takes the limit away.
func (l Limits) With(subject string, p LimitPart) (Limits, error) {
	scope, currency, err := ReadLimitSubject(subject)
	if err != nil {
		return l, err
	}
	if scope == LimitWindow {
		l.Windows = slices.DeleteFunc(slices.Clone(l.Windows), func(o Window) bool { return o.Currency == currency })
		if p != (LimitPart{}) {
			l.Windows = append(l.Windows, Window{Currency: currency, Minor: p.Minor, Minutes: p.Minutes})
		}
		return l, l.Check()
	}
	l.Limits = slices.DeleteFunc(slices.Clone(l.Limits), func(o Limit) bool { return o.Scope == scope && o.Currency == currency })
	if p != (LimitPart{}) {
		l.Limits = append(l.Limits, Limit{Scope: scope, Currency: currency, Minor: p.Minor, Raised: p.Raised, Until: p.Until})
	}
	return l, l.Check()
}

// Within says whether the part lets nothing leave that could not leave before, and
// nothing earlier. Such a change needs no second person: holding money back must never
// wait. Any end of a raise but an earlier one, and any sum but a lower one, needs one.
func (p LimitPart) Within(now LimitPart) bool {
	switch {
	case p.Minor == 0:
		return false
	case now.Minor == 0:
		return true
	case p.Minutes < now.Minutes:
		return false
	case p.Until == "":
		return p.Minor <= now.Minor
	}
	return p.Minor <= now.Minor && p.Raised <= now.Raised && p.Until <= now.Until
}
