package models

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// LimitScope is whose sums a limit bounds (features.md J3).
type LimitScope string

// The scopes. All but the first bound what is released in one business day.
const (
	LimitOrder   LimitScope = "order"   // one order
	LimitDay     LimitScope = "day"     // all orders together
	LimitMaker   LimitScope = "maker"   // those of one maker
	LimitPayee   LimitScope = "payee"   // those to one account of a payee
	LimitGateway LimitScope = "gateway" // those through one gateway account
)

// LimitScopes lists them in the order of the pages.
var LimitScopes = []LimitScope{LimitOrder, LimitDay, LimitMaker, LimitPayee, LimitGateway}

// Limit is the most that may be released of one currency. Each currency has its own:
// sums of two are never added.
type Limit struct {
	Scope    LimitScope `json:"scope"`
	Currency string     `json:"currency"`
	Minor    int64      `json:"minor"`
	Raised   int64      `json:"raised,omitempty"` // instead, up to and including the day Until
	Until    string     `json:"until,omitempty"`
}

// On is the limit of a business day: a raise ends by itself.
func (l Limit) On(day string) Money {
	if l.Until != "" && day <= l.Until {
		return Money{l.Raised, l.Currency}
	}
	return Money{l.Minor, l.Currency}
}

// RaisedOn says whether the raise counts on this day.
func (l Limit) RaisedOn(day string) bool { return l.Until != "" && day <= l.Until }

// MaxLimitMinor caps limits: sums of a day may be larger than any order.
const MaxLimitMinor = 1000 * MaxMinor

// ParseLimit reads the sum of a limit.
func ParseLimit(text, currency string) (Money, error) {
	return parseMoney(text, currency, MaxLimitMinor)
}

func (l Limit) check() error {
	_, known := Scale(l.Currency)
	switch {
	case !slices.Contains(LimitScopes, l.Scope):
		return Refuse(Invalid, "limits.scope", "Scope", string(l.Scope))
	case !known:
		return Refuse(Invalid, "limits.currency", "Currency", l.Currency)
	case l.Minor < 1 || l.Minor > MaxLimitMinor:
		return Refuse(Invalid, "limits.sum", "Currency", l.Currency).On("sum")
	case (l.Until == "") != (l.Raised == 0):
		return Refuse(Invalid, "limits.raise_needs_both", "Currency", l.Currency).On("raised")
	case l.Until == "":
		return nil
	case l.Raised <= l.Minor || l.Raised > MaxLimitMinor:
		return Refuse(Invalid, "limits.raise_is_lower", "Currency", l.Currency).On("raised")
	}
	if _, err := time.Parse(time.DateOnly, l.Until); err != nil {
		return Refuse(Invalid, "limits.until", "Until", l.Until).On("until")
	}
	return nil
}

// Window is how long released orders of a currency can still be called back, from a sum
// upward (X24).
type Window struct {
	Currency string `json:"currency"`
	Minor    int64  `json:"from_minor"`
	Minutes  int    `json:"minutes"`
}

// MaxWindow is the longest window, in minutes.
const MaxWindow = 24 * 60

func (w Window) check() error {
	if _, known := Scale(w.Currency); !known {
		return Refuse(Invalid, "limits.currency", "Currency", w.Currency)
	}
	if w.Minor < 1 || w.Minor > MaxLimitMinor || w.Minutes < 1 || w.Minutes > MaxWindow {
		return Refuse(Invalid, "limits.window", "Currency", w.Currency, "Most", MaxWindow).On("minutes")
	}
	return nil
}

// Limits are all limits of an installation, and the zone in which its business days
// begin and end. Without a limit everything has room.
type Limits struct {
	Zone    string   `json:"zone"`
	Limits  []Limit  `json:"limits"`
	Windows []Window `json:"windows,omitempty"`

	ExpireDays int `json:"expire_days,omitempty"` // 0 is ExpireAfter
}

// Check refuses limits that cannot be kept.
func (l Limits) Check() error {
	if _, err := time.LoadLocation(l.Zone); err != nil || l.Zone == "" || l.Zone == "Local" {
		return Refuse(Invalid, "limits.zone", "Zone", l.Zone)
	}
	for i, limit := range l.Limits {
		if err := limit.check(); err != nil {
			return err
		}
		same := func(other Limit) bool { return other.Scope == limit.Scope && other.Currency == limit.Currency }
		if slices.ContainsFunc(l.Limits[:i], same) {
			return Refuse(Invalid, "limits.twice", "Currency", limit.Currency)
		}
	}
	if l.ExpireDays < 0 || l.ExpireDays > 60 {
		return Refuse(Invalid, "limits.expire_days")
	}
	for i, w := range l.Windows {
		if err := w.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(l.Windows[:i], func(other Window) bool { return other.Currency == w.Currency }) {
			return Refuse(Invalid, "limits.twice", "Currency", w.Currency)
		}
	}
	return nil
}

// Window is how long an order of this sum can be called back once it is released.
func (l Limits) Window(sum Money) time.Duration {
	for _, w := range l.Windows {
		if w.Currency == sum.Currency && sum.Minor >= w.Minor {
			return time.Duration(w.Minutes) * time.Minute
		}
	}
	return 0
}

// Sorted is the same limits in the order of the pages, by which equal ones are equal
// text.
func (l Limits) Sorted() Limits {
	l.Limits = slices.SortedFunc(slices.Values(l.Limits), func(a, b Limit) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), slices.Index(LimitScopes, a.Scope)-slices.Index(LimitScopes, b.Scope))
	})
	if len(l.Windows) > 0 {
		l.Windows = slices.SortedFunc(slices.Values(l.Windows), func(a, b Window) int { return cmp.Compare(a.Currency, b.Currency) })
	}
	return l
}

// Location is the zone of the business days.
func (l Limits) Location() *time.Location {
	if zone, err := time.LoadLocation(l.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// Day is the business day of a moment.
func (l Limits) Day(at time.Time) string { return at.In(l.Location()).Format(time.DateOnly) }

// NextDay is when the next business day begins.
func (l Limits) NextDay(at time.Time) time.Time {
	_, tomorrow := span("today", at.In(l.Location()))
	return tomorrow
}

// Currencies lists those that have a limit or a window.
func (l Limits) Currencies() (all []string) {
	for _, limit := range l.Limits {
		all = append(all, limit.Currency)
	}
	for _, w := range l.Windows {
		all = append(all, w.Currency)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// For are the limits of one currency, in the order of the pages.
func (l Limits) For(currency string) (own []Limit) {
	for _, limit := range l.Sorted().Limits {
		if limit.Currency == currency {
			own = append(own, limit)
		}
	}
	return own
}

// Value writes the limits as JSON, always in the same order.
func (l Limits) Value() (driver.Value, error) {
	text, err := json.Marshal(l.Sorted())
	return string(text), err
}

// Scan reads them back.
func (l *Limits) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("limits are %T, not text", value)
	}
	return json.Unmarshal([]byte(text), l)
}
