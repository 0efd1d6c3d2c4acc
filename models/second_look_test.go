package models_test

import (
	"testing"
	"time"

	"countersign/models"
)

func TestM25_WhatIsCalledFailedIsAskedAboutAgainAnHourADayAndAWeekLater(t *testing.T) {
	t.Parallel()
	failed := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]time.Duration{
		0: time.Hour, 59 * time.Minute: time.Hour, time.Hour: 24 * time.Hour, 23 * time.Hour: 24 * time.Hour, 3 * 24 * time.Hour: 7 * 24 * time.Hour,
	} {
		if got := models.SecondLook(failed, failed.Add(after)).Sub(failed); got != want {
			t.Errorf("after %s: asked after %s, want %s", after, got, want)
		}
	}
	if got := models.SecondLook(failed, failed.Add(7*24*time.Hour)); !got.IsZero() {
		t.Errorf("after a week it goes on: %s", got)
	}
}
