package models

import (
	"testing"
	"time"
)

func TestOffHoursAreTheGatewaysOwn(t *testing.T) {
	t.Parallel()
	taipei := time.FixedZone("Taipei", 8*3600)
	for at, want := range map[string]bool{
		"2026-11-19T06:20:00Z": false, // Thursday 14:20
		"2026-11-18T22:59:00Z": true,  // Thursday 06:59
		"2026-11-18T23:00:00Z": false, // Thursday 07:00
		"2026-11-19T12:00:00Z": true,  // Thursday 20:00
		"2026-11-20T16:30:00Z": true,  // Saturday 00:30
		"2026-11-22T06:00:00Z": true,  // Sunday 14:00
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := OffHours(moment, taipei); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
}

func TestUsualIsTheMedianOfEnough(t *testing.T) {
	t.Parallel()
	past := func(sums ...int64) (all []Payout) {
		for _, sum := range sums {
			all = append(all, Payout{AmountMinor: sum, Currency: "TWD"})
		}
		return all
	}
	if _, ok := Usual(past(100, 200)); ok {
		t.Error("two are enough")
	}
	if m, ok := Usual(past(900, 100, 200)); !ok || m != (Money{200, "TWD"}) {
		t.Errorf("the median is %v", m)
	}
}

func TestTheAmountIsTypedFromTheSecondBandOn(t *testing.T) {
	t.Parallel()
	policy := Policy{Bands: Bands{{"PEN", 1, Anybody(1)}, {"PEN", 1_500_00, Anybody(2)}, {"TWD", 1, Anybody(2)}}}
	for sum, want := range map[Money]bool{
		{1_499_99, "PEN"}: false, {1_500_00, "PEN"}: true, {9_000_000_00, "TWD"}: false, {1, "CNY"}: false,
	} {
		if got := policy.TypesAmount(sum); got != want {
			t.Errorf("%s: %v", sum, got)
		}
	}
}
