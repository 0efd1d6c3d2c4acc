package views

import (
	"context"

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
