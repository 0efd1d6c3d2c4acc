// Package models holds the tables, the rules and the questions of Countersign.
// It knows neither HTTP nor gateways nor the clock: time and identity are arguments.
package models

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Money is an exact sum: a whole number of the currency's smallest unit (I1).
type Money struct {
	Minor    int64  // in minor units: cents of TWD, CNY, PEN
	Currency string // ISO 4217, upper case
}

// MaxMinor caps every sum we handle, in minor units: the ten digits that the
// narrowest amount field of a gateway takes (gateways.md 1.3).
const MaxMinor = 9_999_999_999

// scales are the decimal places of each currency we know. A currency that is
// not here cannot be parsed, shown or sent.
var scales = map[string]int{
	"CNY": 2, "TWD": 2, "PEN": 2, "MXN": 2, "BRL": 2, "USD": 2, "INR": 2, "THB": 2, "PHP": 2,
	"JPY": 0, "KRW": 0, "VND": 0,
}

// Errors of ParseMoney; each is a catalogue key's meaning, not a sentence.
var (
	ErrAmountShape    = errors.New("amount: digits with an optional decimal point expected")
	ErrAmountScale    = errors.New("amount: more decimal places than the currency has")
	ErrAmountRange    = errors.New("amount: not above zero, or above what can be carried")
	ErrCurrency       = errors.New("amount: unknown currency")
	ErrCurrencyDiffer = errors.New("amount: currencies differ")
)

// Scale gives the decimal places of a currency.
func Scale(currency string) (int, bool) {
	places, ok := scales[currency]
	return places, ok
}

// ParseMoney reads what a person or a gateway wrote: digits, grouping commas in
// their right places, one decimal point. It refuses signs, exponents, digits it
// would have to round, zero and anything above MaxMinor.
func ParseMoney(text, currency string) (Money, error) { return parseMoney(text, currency, MaxMinor) }

func parseMoney(text, currency string, most int64) (Money, error) {
	places, ok := Scale(currency)
	if !ok {
		return Money{}, ErrCurrency
	}
	whole, fraction, dotted := strings.Cut(strings.TrimSpace(text), ".")
	whole, err := ungroup(whole)
	if err != nil || !digits(whole) || (dotted && !digits(fraction)) {
		return Money{}, ErrAmountShape
	}
	if len(strings.TrimRight(fraction, "0")) > places {
		return Money{}, ErrAmountScale
	}
	fraction = (fraction + strings.Repeat("0", places))[:places]
	minor, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || minor <= 0 || minor > most {
		return Money{}, ErrAmountRange
	}
	return Money{Minor: minor, Currency: currency}, nil
}

// ungroup takes out commas that stand at every third digit and refuses others,
// so that 1,5 (a decimal comma) is never read as 15.
func ungroup(whole string) (string, error) {
	groups := strings.Split(whole, ",")
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && (len(group) == 0 || len(group) > 3)) {
			return "", ErrAmountShape
		}
	}
	return strings.Join(groups, ""), nil
}

func digits(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == ""
}

// Decimal is the plain text of the sum, for wires, files and fields: 486000.00.
func (m Money) Decimal() string {
	whole, fraction := m.parts()
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// Grouped gives whole and decimal part for people: "486,000" and "00".
func (m Money) Grouped() (whole, fraction string) {
	whole, fraction = m.parts()
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole, fraction
}

// String is the sum with its currency, for people: 486,000.00 TWD.
func (m Money) String() string {
	whole, fraction := m.Grouped()
	if fraction != "" {
		whole += "." + fraction
	}
	return whole + " " + m.Currency
}

func (m Money) parts() (whole, fraction string) {
	places := scales[m.Currency]
	unit := int64(1)
	for range places {
		unit *= 10
	}
	sign, minor := "", m.Minor
	if minor < 0 {
		sign, minor = "-", -minor
	}
	whole = sign + strconv.FormatInt(minor/unit, 10)
	if places > 0 {
		fraction = fmt.Sprintf("%0*d", places, minor%unit)
	}
	return whole, fraction
}

// Add sums two amounts of one currency.
func (m Money) Add(other Money) (Money, error) {
	if m.Currency != other.Currency {
		return Money{}, ErrCurrencyDiffer
	}
	return Money{Minor: m.Minor + other.Minor, Currency: m.Currency}, nil
}

// IsZero says whether the value was never set.
func (m Money) IsZero() bool { return m == Money{} }
