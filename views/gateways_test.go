package views

import (
	"context"
	"testing"
	"time"

	"countersign/models"
	"countersign/views/i18n"
)

func TestTheScheduleOfQuestionsInWords(t *testing.T) {
	ctx := i18n.With(context.Background(), "en", nil, time.Time{})
	for seconds, want := range map[string]string{
		"30":                    "every 30 s",
		"60,60":                 "every 1 min",
		"30,60,120":             "after 30 s, 1 min, then every 2 min",
		"5,5,5,3600":            "after 5 s ×3, then every 1 h",
		"3600,60,3600":          "after 1 h, 1 min, then every 1 h",
		"now":                   "now",
		models.DefaultQuestions: "after 30 s, 1 min, 2 min, 5 min, 15 min, 30 min, 1 h ×23, then every 4 h",
	} {
		if got := schedule(ctx, models.GatewayAccount{QuestionsS: seconds}); got != want {
			t.Errorf("%s: %q, want %q", seconds, got, want)
		}
	}
}

func TestSharesAndShortTimes(t *testing.T) {
	ctx := i18n.With(context.Background(), "en", nil, time.Time{})
	for _, c := range []struct{ got, want string }{
		{percent(0, 0), "0\u00a0%"}, {percent(0, 5), "0\u00a0%"}, {percent(3, 79), "3.8\u00a0%"}, {percent(1, 50_000), "<\u00a00.1\u00a0%"}, {percent(5, 5), "100.0\u00a0%"},
		{inSeconds(ctx, 600*time.Millisecond), "0.6 s"}, {inSeconds(ctx, 4050*time.Millisecond), "4.1 s"}, {inSeconds(ctx, 2*time.Minute), "2 min"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
