package models_test

import (
	"errors"
	"testing"

	"countersign/models"
)

func TestI01_AmountsAreReadExactlyOrRefused(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		minor          int64
		err            error
	}{
		{"486000", "TWD", 48600000, nil},
		{"486,000.00", "TWD", 48600000, nil},
		{" 0.01 ", "PEN", 1, nil},
		{"1234.50", "CNY", 123450, nil},
		{"1234.5", "CNY", 123450, nil},
		{"10.000", "CNY", 1000, nil},
		{"500", "JPY", 500, nil},
		{"99999999.99", "PEN", 9999999999, nil},
		{"100000000", "PEN", 0, models.ErrAmountRange},
		{"0", "PEN", 0, models.ErrAmountRange},
		{"0.00", "PEN", 0, models.ErrAmountRange},
		{"1.005", "PEN", 0, models.ErrAmountScale},
		{"1.5", "JPY", 0, models.ErrAmountScale},
		{"-5", "PEN", 0, models.ErrAmountShape},
		{"+5", "PEN", 0, models.ErrAmountShape},
		{"1e3", "PEN", 0, models.ErrAmountShape},
		{"NaN", "PEN", 0, models.ErrAmountShape},
		{"1,5", "PEN", 0, models.ErrAmountShape},
		{"12,34", "PEN", 0, models.ErrAmountShape},
		{"1,2345", "PEN", 0, models.ErrAmountShape},
		{",100", "PEN", 0, models.ErrAmountShape},
		{"1.", "PEN", 0, models.ErrAmountShape},
		{".5", "PEN", 0, models.ErrAmountShape},
		{"1.2.3", "PEN", 0, models.ErrAmountShape},
		{"５００", "PEN", 0, models.ErrAmountShape},
		{"", "PEN", 0, models.ErrAmountShape},
		{"9999999999999999999999", "PEN", 0, models.ErrAmountShape},
		{"5", "XXX", 0, models.ErrCurrency},
	} {
		got, err := models.ParseMoney(c.text, c.currency)
		if !errors.Is(err, c.err) || got.Minor != c.minor {
			t.Errorf("%q %s: %d, %v; want %d, %v", c.text, c.currency, got.Minor, err, c.minor, c.err)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"1", "1,000.50", "1e3", "-1", "0.1", "99999999.99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := models.ParseMoney(text, "TWD")
		if err != nil {
			return
		}
		again, err := models.ParseMoney(m.Decimal(), "TWD")
		if err != nil || again != m || m.Minor <= 0 || m.Minor > models.MaxMinor {
			t.Errorf("%q became %v, then %v, %v", text, m, again, err)
		}
	})
}
