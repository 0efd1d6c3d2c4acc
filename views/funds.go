package views

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// fundsTitle says which account is short of how much, or would be.
func fundsTitle(ctx context.Context, a AccountCard) string {
	args := []any{"Account", a.Account.Name, "Missing", a.Funds.Missing()}
	if a.Funds.Alarm() == models.FundsShort {
		return i18n.T(ctx, "funds.short", args...)
	}
	return i18n.T(ctx, "funds.tight", args...)
}

// fundsArgs are the sums behind it, so that the reader can reckon again.
func fundsArgs(f models.Funds) []any {
	return []any{
		"Balance", ui.Amount(f.Of(f.Balance), ""), "At", ui.Time(f.At), "Taken", ui.Amount(f.Taken(), ""),
		"Approved", ui.Amount(f.Of(f.Approved), ""), "Awaiting", ui.Amount(f.Of(f.Awaiting), ""),
	}
}

// trend is the account's balance by the hour, and what of it was held.
func (a AccountCard) trend(ctx context.Context) ui.Chart {
	t, f := a.Trend, a.Funds
	highest := max(slices.Max(t.Balance), slices.Max(t.Frozen))
	least := highest
	for _, b := range t.Balance {
		if b >= 0 {
			least = min(least, b)
		}
	}
	unit := unitOf(highest, f.Currency)
	last := func(minor int64) string { return unit.short(f.Of(max(minor, 0))) }
	chart := ui.Chart{
		Title: i18n.T(ctx, "account.trend"), First: i18n.T(ctx, "risk.hour"),
		Unit:    i18n.T(ctx, "risk.unit", "Unit", i18n.T(ctx, unit.key, "Currency", f.Currency), "Hours", len(t.Hours), "City", i18n.City(i18n.Zone(ctx))),
		Finding: i18n.T(ctx, "account.trend_finding", "Account", a.Account.Name, "Hours", len(t.Hours), "Least", f.Of(least).String(), "Most", f.Of(slices.Max(t.Balance)).String()),
		Axis:    unit.axis, Cell: func(v int64) templ.Component { return ui.Amount(f.Of(v), "") },
		Series: []ui.Series{
			{Name: i18n.T(ctx, "account.balance"), Legend: i18n.T(ctx, "account.trend_balance", "Sum", last(f.Balance)), Class: "p50", Values: t.Balance},
			{Name: i18n.T(ctx, "account.held"), Legend: i18n.T(ctx, "account.trend_held", "Sum", last(f.Frozen)), Class: "p95", Values: t.Frozen},
		},
	}
	for _, hour := range t.Hours {
		chart.Days = append(chart.Days, hour.In(i18n.Zone(ctx)).Format("15:04"))
	}
	return chart
}

// sentence is the key of what signing the order leaves of the balance.
func (f OrderFunds) sentence(order models.Money) string {
	key := either(f.After(order).Minor < 0, "decide.funds_short", "decide.funds_left")
	return key + either(f.Taken().Minor != 0, "_less", "")
}

func (f OrderFunds) args(order models.Money) []any {
	left := f.After(order).Minor
	return append(fundsArgs(f.Funds), "Rest", ui.Amount(f.Of(max(left, -left)), ""))
}
