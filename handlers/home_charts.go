package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// failureBars is how many reasons are told apart.
const failureBars = 8

// homeCharts are the figures of the last days, each from the rows that its list
// shows. A currency that nothing is paid in is not drawn.
func homeCharts(ctx context.Context, db *gorm.DB, cells []models.PayoutCount, currency string, now time.Time) (*views.HomeCharts, error) {
	c := &views.HomeCharts{Currency: currency}
	for _, cell := range cells {
		if !slices.Contains(c.Currencies, cell.Currency) {
			c.Currencies = append(c.Currencies, cell.Currency)
		}
	}
	slices.Sort(c.Currencies)
	if !slices.Contains(c.Currencies, currency) {
		c.Currency = models.MainCurrency(cells)
	}
	days, err := models.LastDays(db, now.In(i18n.Zone(ctx)), homeDays)
	if err != nil {
		return nil, err
	}
	for _, day := range days {
		c.Days = append(c.Days, day.Start)
	}
	if c.Values, err = models.ValueByDay(db, days, c.Currency); err != nil {
		return nil, err
	}
	if c.Certain, c.Whole, err = models.CertaintyByDay(db, days); err != nil {
		return nil, err
	}
	failures, err := models.FailuresSince(db, days)
	if err != nil {
		return nil, err
	}
	accounts, err := models.Accounts(db)
	c.Failures, c.Failed = failuresInWords(ctx, failures, accounts)
	return c, err
}

// failuresInWords adds up what the words make one, the most frequent first; what
// is beyond the bars is one more.
func failuresInWords(ctx context.Context, failures []models.Failure, accounts []models.GatewayAccount) (bars []views.FailureBar, all int64) {
	for _, f := range failures {
		all += f.Orders
		words := failureWords(ctx, f, accounts)
		at := slices.IndexFunc(bars, func(b views.FailureBar) bool { return b.Words == words })
		if at < 0 {
			at = len(bars)
			bars = append(bars, views.FailureBar{Words: words})
		}
		bars[at].Orders += f.Orders
	}
	slices.SortStableFunc(bars, func(a, b views.FailureBar) int { return int(b.Orders - a.Orders) })
	if len(bars) > failureBars {
		others := views.FailureBar{Words: i18n.T(ctx, "home.failed_others")}
		for _, b := range bars[failureBars:] {
			others.Orders += b.Orders
		}
		bars = append(bars[:failureBars:failureBars], others)
	}
	return bars, all
}

// failureWords say why in plain words, where the family knows them. A gateway's
// own prose is not shown: it may quote an account number.
func failureWords(ctx context.Context, f models.Failure, accounts []models.GatewayAccount) string {
	if f.ByHand {
		return i18n.T(ctx, "home.failed_by_hand")
	}
	account := models.GatewayAccount{}
	if at := slices.IndexFunc(accounts, func(a models.GatewayAccount) bool { return a.ID == f.AccountID }); at >= 0 {
		account = accounts[at]
	}
	for _, word := range []string{f.CodeText, f.Code} {
		// A mere status says that it failed, not why.
		if key, args := explained(account.Family, word); key != "" && !strings.HasPrefix(key, "status.") {
			return i18n.T(ctx, key, args...)
		}
	}
	if key, _ := explained(account.Family, f.Code); f.Code == "" || key != "" {
		return i18n.T(ctx, "home.failed_unsaid", "Account", account.Name)
	}
	return i18n.T(ctx, "home.failed_code", "Code", f.Code, "Account", account.Name)
}

// explained is the catalogue key of a gateway's word, "" for one that its family
// does not know.
func explained(family, word string) (key string, args []any) {
	speaks, known := families.Find(family)
	if !known || word == "" {
		return "", nil
	}
	return speaks.Explain(word)
}
