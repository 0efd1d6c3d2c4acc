package gateway

import (
	"testing"

	"pgregory.net/rapid"

	"countersign/models"
)

func TestI01_AmountsAreReadExactlyOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		units, cents   int64 // -1: refused
	}{
		{"100", "PEN", 10000, 100},
		{"100.0", "PEN", 10000, 100},
		{"100.00", "PEN", 10000, 100},
		{"100.5", "PEN", 10050, -1},
		{"100.005", "PEN", -1, -1},
		{"100.0000", "PEN", 10000, 100},
		{"1.5E3", "PEN", 150000, 1500},
		{"1e-2", "PEN", 1, -1},
		{"0", "PEN", 0, 0},
		{"150", "JPY", 150, -1},
		{"15000", "JPY", 15000, 150},
		{"1,000", "PEN", -1, -1},
		{" 100", "PEN", -1, -1},
		{"+1", "PEN", -1, -1},
		{"1.", "PEN", -1, -1},
		{".5", "PEN", -1, -1},
		{"", "PEN", -1, -1},
		{"NaN", "PEN", -1, -1},
		{"1e99", "PEN", -1, -1},
		{"99999999999999999999", "PEN", -1, -1},
		{"１００", "PEN", -1, -1},
		{"100", "XXX", -1, -1},
	} {
		check := func(rule string, want int64, got models.Money, err error) {
			if (err == nil) != (want >= 0) || err == nil && got.Minor != want {
				t.Errorf("%q %s as %s: %v, %v; want %d", c.text, c.currency, rule, got.Minor, err, want)
			}
		}
		got, err := Units(c.text, c.currency)
		check("units", c.units, got, err)
		got, err = Cents(c.text, c.currency)
		check("cents", c.cents, got, err)
	}
}

func TestI01_CentsAreHundredthsForEveryCurrency(t *testing.T) {
	for _, c := range []struct {
		money models.Money
		want  string
	}{
		{models.Money{Minor: 48600000, Currency: "TWD"}, "48600000"},
		{models.Money{Minor: 500, Currency: "JPY"}, "50000"},
		{models.Money{Minor: models.MaxMinor, Currency: "CNY"}, "9999999999"},
		{models.Money{Minor: models.MaxMinor + 1, Currency: "CNY"}, ""},
		{models.Money{Minor: models.MaxMinor, Currency: "KRW"}, ""},
		{models.Money{Minor: 99_999_999, Currency: "KRW"}, "9999999900"},
		{models.Money{Minor: 0, Currency: "CNY"}, ""},
		{models.Money{Minor: -1, Currency: "CNY"}, ""},
		{models.Money{Minor: 1, Currency: "XXX"}, ""},
	} {
		got, err := ToCents(c.money)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%v: %q, %v", c.money, got, err)
		}
	}
}

func TestI01_WhatIsSentReadsBackAsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		money := models.Money{
			Minor:    rapid.Int64Range(1, models.MaxMinor/100).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"TWD", "CNY", "PEN", "JPY", "VND"}).Draw(t, "currency"),
		}
		cents, err := ToCents(money)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Cents(cents, money.Currency); err != nil || back != money {
			t.Fatalf("%v became %v, %v", money, back, err)
		}
		if back, err := Units(money.Decimal(), money.Currency); err != nil || back != money {
			t.Fatalf("%v became %v, %v", money, back, err)
		}
	})
}

func TestFeesKeepTheirPlaces(t *testing.T) {
	for text, want := range map[string]string{"1.2500": "1.2500", "0": "0", "007": "7", "-3.50": "-3.50", "1.5E2": "150", "2E-3": "0.002"} {
		if d, err := ParseDecimal(text); err != nil || d.String() != want {
			t.Errorf("%s: %s, %v", text, d, err)
		}
	}
	if d, _ := ParseDecimal("3200"); d.Shift(-2).String() != "32.00" {
		t.Error(d.Shift(-2))
	}
}
