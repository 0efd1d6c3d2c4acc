package gateway

import (
	"errors"
	"strconv"
	"strings"

	"countersign/models"
)

// ErrNumber is a number that cannot be taken over exactly.
var ErrNumber = errors.New("gateway: not a number that can be read exactly")

// maxExponent bounds 1.5E9, as Java prints large doubles, before any zero is
// written out.
const maxExponent = 18

// Decimal is an exact decimal number as text: digits with a sign and a point.
type Decimal struct {
	negative bool
	digits   string // without the point
	places   int    // digits behind the point
}

// ParseDecimal reads a number's text exactly: 100, 100.0, 1.5E9.
func ParseDecimal(text string) (Decimal, error) {
	var d Decimal
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, dotted := strings.Cut(mantissa, ".")
	if !plain(whole) || dotted && !plain(fraction) {
		return Decimal{}, ErrNumber
	}
	d.digits, d.places = whole+fraction, len(fraction)
	if !scientific {
		return d, nil
	}
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift > maxExponent || shift < -maxExponent {
		return Decimal{}, ErrNumber
	}
	return d.Shift(shift), nil
}

// plain is true for digits and nothing else, in a length we are ready to carry.
func plain(s string) bool {
	return s != "" && len(s) <= 24 && strings.Trim(s, "0123456789") == ""
}

// Shift moves the point to the right, or to the left if negative.
func (d Decimal) Shift(by int) Decimal {
	d.places -= by
	if d.places < 0 {
		d.digits, d.places = d.digits+strings.Repeat("0", -d.places), 0
	}
	return d
}

// Minor is the number in units of 1/10^places; it refuses to round.
func (d Decimal) Minor(places int) (int64, error) {
	d = d.Shift(places)
	whole, rest := d.digits, ""
	if d.places > 0 {
		padded := strings.Repeat("0", d.places) + d.digits
		cut := len(padded) - d.places
		whole, rest = padded[:cut], padded[cut:]
	}
	if strings.Trim(rest, "0") != "" {
		return 0, ErrNumber
	}
	minor, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, ErrNumber
	}
	if d.negative {
		minor = -minor
	}
	return minor, nil
}

// String is the number in plain digits, its places kept: 1.2500.
func (d Decimal) String() string {
	padded := strings.Repeat("0", d.places+1) + d.digits
	cut := len(padded) - d.places
	text := strings.TrimLeft(padded[:cut], "0")
	if text == "" {
		text = "0"
	}
	if d.places > 0 {
		text += "." + padded[cut:]
	}
	if d.negative {
		return "-" + text
	}
	return text
}

// Units reads whole units as decimal text into money, exactly.
func Units(text, currency string) (models.Money, error) { return read(text, currency, 0) }

// Cents reads hundredths of a unit into money, for every currency (gateways.md
// 1.3): 100 is 1.00 TWD and 1 JPY, and 150 is no sum of JPY at all.
func Cents(text, currency string) (models.Money, error) { return read(text, currency, -2) }

func read(text, currency string, shift int) (models.Money, error) {
	places, ok := models.Scale(currency)
	if !ok {
		return models.Money{}, models.ErrCurrency
	}
	d, err := ParseDecimal(text)
	if err != nil {
		return models.Money{}, err
	}
	minor, err := d.Shift(shift).Minor(places)
	return models.Money{Minor: minor, Currency: currency}, err
}

// ToCents writes money in hundredths of a unit, exactly, in at most ten digits.
func ToCents(m models.Money) (string, error) {
	places, ok := models.Scale(m.Currency)
	if !ok || places > 2 || m.Minor <= 0 || m.Minor > models.MaxMinor {
		return "", ErrNumber
	}
	cents := m.Minor
	for range 2 - places {
		cents *= 10
	}
	if cents > models.MaxMinor {
		return "", ErrNumber
	}
	return strconv.FormatInt(cents, 10), nil
}
