package models_test

import (
	"testing"
	"time"

	"countersign/models"
)

func TestHowManyNoticesWereMissedInARow(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time { return stoppedAt.Add(time.Duration(minutes) * time.Minute) }
	order := func(settled int, noticed bool) models.Expected {
		return models.Expected{Sent: at(settled - 1), Settled: at(settled), Noticed: noticed}
	}
	three := []models.Expected{order(1, false), order(2, false), order(3, false)}
	for name, c := range map[string]struct {
		settled          []models.Expected
		heard, back, now int
		want             int
	}{
		"three, and their hour is over":          {three, -10, -999, 64, 3},
		"three, and the hour of one is not over": {three, -10, -999, 62, 2},
		"none of their hours is over":            {three, -10, -999, 30, 0},
		"a notice came after them":               {three, 10, -999, 90, 0},
		"a notice came between them":             {three, 2, -999, 90, 1},
		"one of them was told, late":             {[]models.Expected{order(1, false), order(2, true), order(3, false)}, -10, -999, 90, 1},
		"all were told":                          {[]models.Expected{order(1, true), order(2, true), order(3, true)}, -10, -999, 90, 0},
		"they were sent while we were away":      {three, -10, 5, 90, 0},
		"two of them were":                       {three, -10, 2, 90, 1},
		"none was settled":                       {nil, -10, -999, 90, 0},
	} {
		if got := models.Missed(c.settled, at(c.heard), at(c.back), at(c.now), time.Hour); got != c.want {
			t.Errorf("%s: %d missed, want %d", name, got, c.want)
		}
	}
}

func TestWhenAnAccountIsSilent(t *testing.T) {
	t.Parallel()
	heard := stoppedAt
	for name, c := range map[string]struct {
		a      models.GatewayAccount
		missed int
		want   bool
	}{
		"two missed":                     {models.GatewayAccount{LastNoticeAt: heard}, 2, false},
		"three missed":                   {models.GatewayAccount{LastNoticeAt: heard}, 3, true},
		"silent, still nothing":          {models.GatewayAccount{LastNoticeAt: heard, SilentSince: heard, SilentAt: heard.Add(time.Hour)}, 0, true},
		"silent, and one came":           {models.GatewayAccount{LastNoticeAt: heard.Add(2 * time.Hour), SilentSince: heard, SilentAt: heard.Add(time.Hour)}, 0, false},
		"silent, the clock was set back": {models.GatewayAccount{LastNoticeAt: heard.Add(-time.Hour), SilentSince: heard, SilentAt: heard.Add(time.Hour)}, 5, false},
		"never heard, three missed":      {models.GatewayAccount{}, 3, true},
		"never heard and silent":         {models.GatewayAccount{SilentAt: heard}, 0, true},
	} {
		if got := c.a.Silent(c.missed); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
