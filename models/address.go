package models

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// address reads the names and values of a list's address one by one, and keeps
// what is wrong with them. What nobody asked for is wrong too (S10).
type address struct {
	values url.Values
	asked  map[string]bool
	errs   Refusals
}

// longestText bounds one value.
const longestText = 200

func newAddress(values url.Values) *address {
	return &address{values: values, asked: map[string]bool{}}
}

func (a *address) wrong(name, key string) { a.errs = append(a.errs, Refuse(Invalid, key).On(name)) }

func (a *address) text(name string) string {
	a.asked[name] = true
	sent := a.values[name]
	if len(sent) == 0 {
		return ""
	}
	text := strings.TrimSpace(sent[0])
	if len(sent) > 1 || !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable) || utf8.RuneCountInString(text) > longestText {
		a.wrong(name, "filter.unreadable")
		return ""
	}
	return text
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f }

// oneOf takes a value from a fixed list (S9).
func (a *address) oneOf(name string, known []string) string {
	text := a.text(name)
	if text != "" && !slices.Contains(known, text) {
		a.wrong(name, "filter.unknown_choice")
		return ""
	}
	return text
}

func (a *address) number(name string) int64 {
	text := a.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		a.wrong(name, "filter.number")
		return 0
	}
	return n
}

// amount reads a sum without its currency, as one of two decimal places.
func (a *address) amount(name string) int64 {
	text := a.text(name)
	if text == "" {
		return 0
	}
	sum, err := ParseMoney(text, twoPlaces)
	if err != nil {
		a.wrong(name, "filter.amount")
		return 0
	}
	return sum.Minor
}

// twoPlaces stands for every currency that we pay in.
const twoPlaces = "CNY"

func (a *address) digest(name string) []byte {
	text := a.text(name)
	if text == "" {
		return nil
	}
	digest, err := hex.DecodeString(text)
	if err != nil || len(digest) != 32 {
		a.wrong(name, "filter.unreadable")
		return nil
	}
	return digest
}

// span reads a span of days: two dates, or a preset where there are none.
func (a *address) span(zone *time.Location, now time.Time) (when string, from, until time.Time) {
	when = a.oneOf("when", Presets)
	from, until = a.days("from", "to", zone)
	if !from.IsZero() || !until.IsZero() || when == "" {
		return "", from, until
	}
	from, until = span(when, now.In(zone))
	return when, from, until
}

// days reads two dates, both of which belong to the span.
func (a *address) days(first, last string, zone *time.Location) (from, until time.Time) {
	from, until = a.day(first, zone), a.day(last, zone)
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	if !from.IsZero() && !until.IsZero() && !from.Before(until) {
		a.wrong(last, "filter.dates_crossed")
	}
	return from, until
}

func (a *address) day(name string, zone *time.Location) time.Time {
	text := a.text(name)
	if text == "" {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		a.wrong(name, "filter.date")
		return time.Time{}
	}
	return day
}

// refusals is everything that is wrong; the other names belong to the page and
// are read elsewhere.
func (a *address) refusals(others ...string) Refusals {
	for name := range a.values {
		if !a.asked[name] && !slices.Contains(others, name) {
			a.errs = append(a.errs, Refuse(Invalid, "form.unknown_field", "Field", name))
		}
	}
	return a.errs
}

func hexText(digest []byte) string { return hex.EncodeToString(digest) }

// dayText is the date of a bound; the last day of a span is the one before its end.
func dayText(at time.Time, zone *time.Location, shift int) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).AddDate(0, 0, shift).Format(time.DateOnly)
}

func amountText(minor int64) string {
	if minor == 0 {
		return ""
	}
	return Money{minor, twoPlaces}.Decimal()
}
