package views

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// HomeCharts are the figures of the last days.
type HomeCharts struct {
	Days       []time.Time
	Currency   string
	Currencies []string
	Values     []map[models.Outcome]int64 // minor units, by day
	Certain    []models.Certainty
	Whole      models.Certainty
	Failures   []FailureBar
	Failed     int64 // all of them, also those beyond the bars
}

// FailureBar is why orders failed, in words, and how many.
type FailureBar struct {
	Words  string
	Orders int64
}

// drawn are the outcomes of the chart, from the ground up, with their classes.
var drawn = []struct {
	outcome    models.Outcome
	class, key string
}{
	{models.Paid, "paid", "badge.paid"}, {models.Pending, "gone", "badge.with_gateway"}, {models.Unclear, "unclear", "badge.unclear"},
	{models.Returned, "returned", "badge.returned"}, {models.Failed, "failed", "badge.failed"},
}

func dayNames(ctx context.Context, days []time.Time) (names []string) {
	for _, day := range days {
		names = append(names, i18n.Day(ctx, day))
	}
	return names
}

// value is the chart of money by day and outcome.
func (c HomeCharts) value(ctx context.Context) ui.Chart {
	unit := unitOf(c.highestDay(), c.Currency)
	chart := ui.Chart{
		Title: i18n.T(ctx, "home.value"), First: i18n.T(ctx, "home.chart_day"), Days: dayNames(ctx, c.Days),
		Unit: i18n.T(ctx, "home.value_unit", "Unit", i18n.T(ctx, unit.key, "Currency", c.Currency), "Days", len(c.Days), "City", i18n.City(i18n.Zone(ctx))),
		Axis: unit.axis, Cell: func(v int64) templ.Component { return ui.Amount(models.Money{Minor: v, Currency: c.Currency}, "") },
	}
	said := ""
	for _, d := range drawn {
		series := ui.Series{Name: i18n.T(ctx, d.key), Class: d.class}
		var sum int64
		for _, day := range c.Values {
			series.Values = append(series.Values, day[d.outcome])
			sum += day[d.outcome]
		}
		if sum == 0 && d.outcome == models.Returned {
			continue
		}
		money := models.Money{Minor: sum, Currency: c.Currency}
		series.Legend = series.Name + " " + unit.short(money)
		said += series.Name + " " + money.String() + ". "
		chart.Series = append(chart.Series, series)
	}
	chart.Finding = i18n.T(ctx, "home.value_finding", "Days", len(c.Days), "Sums", said)
	return chart
}

func (c HomeCharts) highestDay() (top int64) {
	for _, day := range c.Values {
		var sum int64
		for _, v := range day {
			sum += v
		}
		top = max(top, sum)
	}
	return top
}

// unit is what an axis counts in: units, thousands or millions of a currency.
type unit struct {
	key    string
	minor  int64 // of one of it
	suffix string
}

func unitOf(highest int64, currency string) unit {
	one := int64(1)
	places, _ := models.Scale(currency)
	for range places {
		one *= 10
	}
	switch {
	case highest >= 1_000_000*one:
		return unit{"home.unit_millions", 1_000_000 * one, " m"}
	case highest >= 1_000*one:
		return unit{"home.unit_thousands", 1_000 * one, " k"}
	}
	return unit{"home.unit_units", one, ""}
}

// axis writes a round figure: 5, 0.5.
func (u unit) axis(v int64) string { return trimZeros(v*100/u.minor, 100) }

// short writes a sum with two places of its unit: 70.10 m.
func (u unit) short(m models.Money) string {
	if u.suffix == "" {
		return grouped(m)
	}
	hundredths := (m.Minor*100 + u.minor/2) / u.minor
	return i18n.Number(int(hundredths/100)) + "." + twoDigits(hundredths%100) + u.suffix
}

func twoDigits(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

// trimZeros writes a number of tenths or hundredths without needless places.
func trimZeros(n, of int64) string {
	whole, rest := i18n.Number(int(n/of)), n%of
	switch {
	case rest == 0:
		return whole
	case of == 100 && rest%10 == 0:
		return whole + "." + strconv.FormatInt(rest/10, 10)
	case of == 100:
		return whole + "." + twoDigits(rest)
	}
	return whole + "." + strconv.FormatInt(rest, 10)
}

// certainty is the chart of how long orders were on the way. Its figures are tenths
// of a second, a minute or an hour, whichever is read best.
func (c HomeCharts) certainty(ctx context.Context) ui.Chart {
	key, seconds := spanUnit(c.Whole)
	scaled := func(s int64) int64 {
		if s < 0 {
			return -1
		}
		return (s*10 + seconds/2) / seconds
	}
	words := func(v int64) string {
		if v < 0 {
			return "–"
		}
		return i18n.T(ctx, key+"_n", "N", trimZeros(v, 10))
	}
	half := ui.Series{Name: i18n.T(ctx, "home.half"), Class: "p50", Legend: i18n.T(ctx, "home.half") + " " + words(scaled(c.Whole.Half))}
	most := ui.Series{Name: i18n.T(ctx, "home.most"), Class: "p95", Legend: i18n.T(ctx, "home.most") + " " + words(scaled(c.Whole.Most))}
	for _, day := range c.Certain {
		half.Values, most.Values = append(half.Values, scaled(day.Half)), append(most.Values, scaled(day.Most))
	}
	return ui.Chart{
		Title: i18n.T(ctx, "home.certainty"), Unit: i18n.T(ctx, "home.certainty_unit", "Unit", i18n.T(ctx, key), "Days", len(c.Days)),
		First: i18n.T(ctx, "home.chart_day"), Days: dayNames(ctx, c.Days), Series: []ui.Series{half, most},
		Finding: i18n.N(ctx, "home.certainty_finding", int(c.Whole.Orders), "Half", words(scaled(c.Whole.Half)), "Most", words(scaled(c.Whole.Most))),
		Axis:    func(v int64) string { return trimZeros(v, 10) },
		Cell:    func(v int64) templ.Component { return ui.Text(words(v)) },
	}
}

// spanUnit goes by what nearly all orders take, not by the worst day.
func spanUnit(whole models.Certainty) (key string, seconds int64) {
	switch {
	case whole.Most < 120:
		return "home.in_seconds", 1
	case whole.Most < 3*3600:
		return "home.in_minutes", 60
	}
	return "home.in_hours", 3600
}

func (c HomeCharts) failures() (bars []ui.HBar) {
	for _, f := range c.Failures {
		bars = append(bars, ui.HBar{Name: capital(f.Words), Value: f.Orders, Text: i18n.Number(int(f.Orders))})
	}
	return bars
}
