package ui

import (
	"context"
	"strconv"
	"time"

	"countersign/views/i18n"
)

func left(ctx context.Context, at time.Time) int {
	return int(max(at.Sub(i18n.Now(ctx)), 0) / time.Second)
}

func secondsUntil(ctx context.Context, at time.Time) string { return strconv.Itoa(left(ctx, at)) }

// countdown is what is left: 14 min 20 s.
func countdown(ctx context.Context, at time.Time) string {
	seconds := left(ctx, at)
	return i18n.T(ctx, "time.countdown", "Minutes", strconv.Itoa(seconds/60), "Seconds", strconv.Itoa(seconds%60))
}

// countdownPattern is the same for the script, which fills in the figures.
func countdownPattern(ctx context.Context) string {
	return i18n.T(ctx, "time.countdown", "Minutes", "{m}", "Seconds", "{s}")
}
