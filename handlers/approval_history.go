package handlers

import (
	"context"
	"slices"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// history sets the order beside the last ones to the same account; without any
// there is nothing to draw.
func history(ctx context.Context, p models.Payout, past []models.Payout) *ui.History {
	if len(past) == 0 {
		return nil
	}
	strip := ui.History{
		Title: i18n.N(ctx, "decide.history", len(past)+1), This: p.Amount(),
		First: i18n.T(ctx, "decide.history_day"), Amount: i18n.T(ctx, "review.amount"),
	}
	least, most := past[0].Amount(), past[0].Amount()
	for _, earlier := range past {
		sum := earlier.Amount()
		least, most = smaller(least, sum), larger(most, sum)
		strip.Past = append(strip.Past, ui.PastPayout{At: earlier.CreatedAt, Money: sum})
	}
	slices.Reverse(strip.Past)
	strip.Note = usualWords(ctx, p, past)
	strip.Finding = i18n.N(ctx, "decide.history_finding", len(past), "Least", least, "Most", most, "This", p.Amount())
	return &strip
}

func smaller(a, b models.Money) models.Money {
	if b.Minor < a.Minor {
		return b
	}
	return a
}

func larger(a, b models.Money) models.Money {
	if b.Minor > a.Minor {
		return b
	}
	return a
}

// usualWords compare the order with the usual sum; below twice it is usual too.
func usualWords(ctx context.Context, p models.Payout, past []models.Payout) string {
	usual, ok := models.Usual(past)
	if !ok {
		return ""
	}
	if times := p.AmountMinor / max(usual.Minor, 1); times >= 2 {
		return i18n.T(ctx, "decide.times_usual", "Times", times, "Usual", usual)
	}
	return i18n.T(ctx, "decide.usual", "Usual", usual)
}
