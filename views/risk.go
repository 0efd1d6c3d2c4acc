package views

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// RiskRow is the money at risk at one gateway account in one currency.
type RiskRow struct {
	models.Risk
	Gateway string
}

// path is the list of exactly those orders.
func (r RiskRow) path() templ.SafeURL {
	return PayoutsPath(models.PayoutFilter{AtRisk: true, Account: r.AccountID, Currency: r.Currency, Grade: models.AnyGrade})
}

// orders say how many there are, by why.
func (r RiskRow) orders(ctx context.Context) string {
	var words []string
	for _, part := range []struct {
		key string
		n   int64
	}{{"risk.unclear", r.Unclear}, {"risk.contradicted", r.Contradicted}, {"risk.second", r.Second}} {
		if part.n > 0 {
			words = append(words, i18n.N(ctx, part.key, int(part.n)))
		}
	}
	return strings.Join(words, ", ")
}

// RiskPage is the meter of home: what is at risk now, and how it went by the hour.
type RiskPage struct {
	Rows     []RiskRow
	Currency string // of the line
	Hours    []time.Time
	Sums     []int64 // below zero where nobody looked
}

// charted says whether the line tells anything.
func (p RiskPage) charted() bool {
	looked, some := 0, len(p.Rows) > 0
	for _, sum := range p.Sums {
		if sum >= 0 {
			looked++
		}
		some = some || sum > 0
	}
	return looked > 1 && some
}

func (p RiskPage) chart(ctx context.Context) ui.Chart {
	var highest int64
	for _, sum := range p.Sums {
		highest = max(highest, sum)
	}
	unit := unitOf(highest, p.Currency)
	top := models.Money{Minor: highest, Currency: p.Currency}
	chart := ui.Chart{
		Title: i18n.T(ctx, "risk.by_hour"), First: i18n.T(ctx, "risk.hour"),
		Unit:    i18n.T(ctx, "risk.unit", "Unit", i18n.T(ctx, unit.key, "Currency", p.Currency), "Hours", len(p.Hours), "City", i18n.City(i18n.Zone(ctx))),
		Finding: i18n.T(ctx, "risk.finding", "Hours", len(p.Hours), "Top", top.String()),
		Axis:    unit.axis, Cell: func(v int64) templ.Component { return ui.Amount(models.Money{Minor: v, Currency: p.Currency}, "") },
		Series: []ui.Series{{Name: i18n.T(ctx, "risk.title"), Legend: i18n.T(ctx, "risk.most", "Top", top.String()), Class: "p50", Values: p.Sums}},
	}
	for _, hour := range p.Hours {
		chart.Days = append(chart.Days, hour.In(i18n.Zone(ctx)).Format("15:04"))
	}
	return chart
}
