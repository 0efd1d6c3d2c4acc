package views

import (
	"context"
	"strings"
	"testing"

	"countersign/models"
)

func TestSumsAreWrittenAsOnACheque(t *testing.T) {
	t.Parallel()
	for m, want := range map[models.Money]string{
		{Minor: 1_850_00, Currency: "PEN"}:   "One thousand eight hundred and fifty soles",
		{Minor: 1_00, Currency: "PEN"}:       "One sol",
		{Minor: 645_400_05, Currency: "TWD"}: "Six hundred and forty-five thousand four hundred New Taiwan dollars and five cents",
		{Minor: 1, Currency: "CNY"}:          "Zero yuan and one fen",
		{Minor: 1_000, Currency: "JPY"}:      "One thousand yen",
	} {
		if got := inWords(context.Background(), m); got != want {
			t.Errorf("%s: %q", m, got)
		}
	}
}

func TestEveryCurrencyHasWords(t *testing.T) {
	t.Parallel()
	for _, currency := range strings.Fields("CNY TWD PEN MXN BRL USD INR THB PHP JPY KRW VND") {
		places, ok := models.Scale(currency)
		if !ok {
			t.Fatalf("%s is not known", currency)
		}
		got := inWords(context.Background(), models.Money{Minor: 201, Currency: currency})
		if cents := strings.Contains(got, " and one "); strings.Contains(got, "[") || places > 0 && !cents {
			t.Errorf("%s: %q", currency, got)
		}
	}
}
