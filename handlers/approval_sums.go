package handlers

import (
	"context"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// listSums are how many orders there are of each currency, and what they come to.
func listSums(orders []models.Payout) (sums []views.ListSum) {
	for _, sum := range sumsOf(orders) {
		one := views.ListSum{Sum: sum}
		for _, p := range orders {
			if p.Currency == sum.Currency {
				one.Orders++
			}
		}
		sums = append(sums, one)
	}
	return sums
}

// mistypedSums are the currencies whose sum was not typed: the digest says that the reader
// was shown these orders, the sums that they looked at them.
func mistypedSums(ctx context.Context, sums []views.ListSum, typed map[string]string) (errs views.Errors) {
	for _, one := range sums {
		if !sameAmount(typed[one.Sum.Currency], one.Sum) {
			errs = append(errs, ui.FieldError{ID: "sum." + one.Sum.Currency, Text: i18n.T(ctx, "list.sum_differs", "Currency", one.Sum.Currency)})
		}
	}
	return errs
}
