package handlers

import (
	"context"
	"sort"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// byRisk puts first what weighs most: the order's share of the money at risk in
// its currency, times its age. Currencies are not compared otherwise.
func byRisk(orders []models.Payout, now time.Time) {
	all := map[string]int64{}
	for _, p := range orders {
		all[p.Currency] += p.AmountMinor
	}
	weight := func(p models.Payout) int64 {
		share := p.AmountMinor * 1000 / max(all[p.Currency], 1)
		return (share + 1) * int64(now.Sub(p.UnclearSince)/time.Second+1)
	}
	sort.SliceStable(orders, func(i, j int) bool { return weight(orders[i]) > weight(orders[j]) })
}

// raisedFirst puts the cases that came back, and those that are the controller's,
// before all others, each in the order they had.
func raisedFirst(orders []models.Payout, flags map[models.PayoutID]models.CaseFlag) {
	sort.SliceStable(orders, func(i, j int) bool { return flags[orders[i].ID].Raised() && !flags[orders[j].ID].Raised() })
}

// sumsOf adds up orders, one sum a currency, in the order of their currencies.
func sumsOf(orders []models.Payout) (sums []models.Money) {
	all := map[string]int64{}
	for _, p := range orders {
		all[p.Currency] += p.AmountMinor
	}
	for currency, minor := range all {
		sums = append(sums, models.Money{Minor: minor, Currency: currency})
	}
	sort.Slice(sums, func(i, j int) bool { return sums[i].Currency < sums[j].Currency })
	return sums
}

// fillWatch says what is being watched while nothing is to do.
func (h *Handlers) fillWatch(ctx context.Context, db *gorm.DB, page *views.CasesPage) error {
	cells, err := models.PayoutCounts(db)
	if err != nil {
		return err
	}
	pending := 0
	for _, cell := range cells {
		if cell.Outcome == models.Pending {
			pending += int(cell.Orders)
		}
	}
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	page.Watched = []ui.Watched{
		{Tone: sweeperTone(page.Sweeper), Name: i18n.T(ctx, "unclear.sweeper"), State: agoOrNever(ctx, page.Sweeper.At)},
		{Tone: "green", Name: i18n.N(ctx, "unclear.with_gateways", pending), State: ui.Text(i18n.T(ctx, "unclear.asked_by_schedule"))},
	}
	for _, a := range accounts {
		page.Watched = append(page.Watched, ui.Watched{
			Tone: "grey", Name: i18n.T(ctx, "unclear.notices_from", "Gateway", a.Name), State: agoOrNever(ctx, a.LastNoticeAt),
		})
	}
	last, ok, err := models.LastSettled(db)
	if err != nil || !ok {
		return err
	}
	since, err := models.DoubtedSince(db, last)
	page.Last = &views.LastSettled{OrderNo: last.SubjectID, At: last.At, Took: last.At.Sub(since)}
	return err
}
