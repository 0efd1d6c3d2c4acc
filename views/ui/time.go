package ui

import (
	"context"
	"time"

	"countersign/views/i18n"
)

// machine is the moment for machines, to the second and in UTC.
func machine(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// clocks is the title of every time: the reader's clock, the gateway's where there
// is one, and UTC, each once.
func clocks(ctx context.Context, at time.Time, gateway *time.Location) string {
	text, said := "", map[string]bool{}
	for _, zone := range []*time.Location{i18n.Zone(ctx), gateway, time.UTC} {
		if zone == nil || said[zone.String()] {
			continue
		}
		said[zone.String()] = true
		if text != "" {
			text += " · "
		}
		text += i18n.DayIn(ctx, at, zone) + " " + at.In(zone).Format("15:04:05") + " " + i18n.City(zone)
	}
	return text
}

func clock(ctx context.Context, at time.Time, layout string) string {
	return at.In(i18n.Zone(ctx)).Format(layout)
}

func dayAndClock(ctx context.Context, at time.Time, layout string) string {
	return i18n.Day(ctx, at) + " " + clock(ctx, at, layout)
}

// zonedClock leaves the day out where it is the day that the zone has now.
func zonedClock(ctx context.Context, at time.Time, zone *time.Location) string {
	text := at.In(zone).Format("15:04") + " " + i18n.City(zone)
	day := i18n.DayIn(ctx, at, zone)
	if day == i18n.DayIn(ctx, i18n.Now(ctx), zone) {
		return text
	}
	return day + " " + text
}

func ago(ctx context.Context, at time.Time) string {
	return i18n.T(ctx, "time.ago", "Span", age(ctx, at))
}

func age(ctx context.Context, since time.Time) string {
	return i18n.Span(ctx, i18n.Now(ctx).Sub(since))
}

func until(ctx context.Context, at time.Time) string {
	left := at.Sub(i18n.Now(ctx))
	if left < 0 {
		return ago(ctx, at)
	}
	return i18n.T(ctx, "time.in", "Span", i18n.Span(ctx, left))
}
