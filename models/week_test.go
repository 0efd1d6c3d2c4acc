package models

import (
	"testing"
	"time"
)

func TestAWeekBeginsOnMondayInTheReadersZone(t *testing.T) {
	t.Parallel()
	taipei, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	sunday := time.Date(2026, 11, 22, 15, 59, 0, 0, time.UTC) // 23:59 in Taipei
	for at, want := range map[time.Time]string{
		sunday: "2026-W47", sunday.Add(2 * time.Minute): "2026-W48",
		time.Date(2026, 12, 31, 4, 0, 0, 0, time.UTC): "2026-W53", time.Date(2027, 1, 3, 4, 0, 0, 0, time.UTC): "2026-W53",
	} {
		week := WeekOf(at, taipei)
		if week.String() != want {
			t.Errorf("%s lies in %s, not %s", at, week, want)
		}
		if from, to := week.Span(); at.Before(from) || !at.Before(to) || to.Sub(from) != 7*24*time.Hour {
			t.Errorf("%s lasts from %s to %s", week, from, to)
		}
		if again, err := ReadWeek(want, at, taipei); err != nil || again.String() != want {
			t.Errorf("%s is read as %s: %v", want, again, err)
		}
	}
	for _, odd := range []string{"2026-47", "2026-W54", "2025-W53", "x", "2026-W00", "2026-W7"} {
		if _, err := ReadWeek(odd, sunday, taipei); err == nil {
			t.Errorf("%s was read", odd)
		}
	}
}
