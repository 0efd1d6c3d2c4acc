package views

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// CutOffWords say when an order has to be signed for the gateway to pay it today, or when it
// pays it else: Cut-off 15:30 Taipei, in 40 min.
func CutOffWords(ctx context.Context, c models.CutOff) string {
	if c.None() {
		return i18n.T(ctx, "cutoff.none")
	}
	key := "cutoff.next"
	switch {
	case c.Missed:
		key = "cutoff.missed"
	case c.Holiday != "":
		key = "cutoff.holiday"
	case c.Closed:
		key = "cutoff.closed"
	}
	return i18n.T(ctx, key, cutOffArgs(ctx, c)...)
}

// CutOffTitle heads the orders that have the same cut-off.
func CutOffTitle(ctx context.Context, c models.CutOff) string {
	if c.None() {
		return CutOffWords(ctx, c)
	}
	return i18n.T(ctx, "cutoff.title", "At", i18n.T(ctx, either(today(c), "cutoff.today", "cutoff.later"), cutOffArgs(ctx, c)...))
}

// today says whether the next cut-off is that of today.
func today(c models.CutOff) bool { return !c.Missed && !c.Closed }

// cutOffClock is a cut-off as short as it can be told, the city first: Taipei 15:30.
func cutOffClock(c models.CutOff) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		words := i18n.T(ctx, either(today(c), "cutoff.clock", "cutoff.clock_later"), cutOffArgs(ctx, c)...)
		return ui.TimeWords(c.At, c.Zone, words).Render(ctx, w)
	})
}

func cutOffArgs(ctx context.Context, c models.CutOff) []any {
	return []any{
		"Clock", c.At.In(c.Zone).Format("15:04"), "City", i18n.City(c.Zone), "Span", i18n.Span(ctx, c.At.Sub(i18n.Now(ctx))),
		"Day", payDay(ctx, c), "Holiday", c.Holiday,
	}
}

// windowWords say what it means for the cut-off that an order can be called back for a while
// before it leaves; "" where it leaves at once, or the cut-off is not that of today.
func (p Approval) windowWords(ctx context.Context) string {
	if p.Window == 0 || p.CutOff.None() || !today(p.CutOff) {
		return ""
	}
	span, due := i18n.Span(ctx, p.Window), p.CutOff.At.Add(-p.Window)
	if !i18n.Now(ctx).Before(due) {
		return i18n.T(ctx, "cutoff.window_late", "Span", span, "Day", payDay(ctx, p.Later))
	}
	return i18n.T(ctx, "cutoff.window", "Span", span, "Clock", due.In(p.CutOff.Zone).Format("15:04"), "City", i18n.City(p.CutOff.Zone))
}

// payDay is the day of the next cut-off, by its name where that is plain: Monday.
func payDay(ctx context.Context, c models.CutOff) string {
	at := c.At.In(c.Zone)
	if at.Sub(i18n.Now(ctx)) < 6*24*time.Hour {
		return i18n.LongWeekday(ctx, at.Weekday())
	}
	return i18n.Weekday(ctx, at) + " " + i18n.Day(ctx, at)
}

// WeekdayWords are days of the week: Mon to Fri, or Mon, Wed, Sat.
func WeekdayWords(ctx context.Context, days models.Weekdays) string {
	if n := len(days); n > 2 && (days[n-1]-days[0]+7)%7 == time.Weekday(n-1) {
		return i18n.T(ctx, "calendar.days_from_to", "First", i18n.ShortWeekday(ctx, days[0]), "Last", i18n.ShortWeekday(ctx, days[n-1]))
	}
	var names []string
	for _, day := range days {
		names = append(names, i18n.ShortWeekday(ctx, day))
	}
	return strings.Join(names, ", ")
}
