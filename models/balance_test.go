package models_test

import (
	"testing"
	"time"

	"countersign/models"
)

func TestABalanceIsOldAfterThreeReadingsThatFailed(t *testing.T) {
	now := time.Date(2026, 11, 2, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		at   time.Time
		want bool
	}{
		{"never read", time.Time{}, false},
		{"just read", now, false},
		{"read by a clock ahead of ours", now.Add(time.Hour), false},
		{"two readings failed", now.Add(-15*time.Minute + time.Millisecond), false},
		{"three readings failed", now.Add(-15 * time.Minute), true},
		{"yesterday", now.AddDate(0, 0, -1), true},
	} {
		if got := (models.GatewayAccount{BalanceAt: c.at}).BalanceOld(now); got != c.want {
			t.Errorf("%s: old is %v", c.name, got)
		}
	}
}
