package models

import (
	"maps"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Day is one day in a zone and the orders that were made on it, as a span of ids.
type Day struct {
	Start time.Time
	low   PayoutID
	high  PayoutID
}

// LastDays are the last so many days in the zone of now, the oldest first. Days
// have the length that the zone gave them.
func LastDays(db *gorm.DB, now time.Time, many int) ([]Day, error) {
	_, tomorrow := span("today", now)
	days := make([]Day, many)
	high := PayoutID(math.MaxInt64)
	for i := many - 1; i >= 0; i-- {
		start := tomorrow.AddDate(0, 0, i-many)
		low, err := firstSince(db, start, 0)
		if err != nil {
			return nil, err
		}
		days[i] = Day{Start: start, low: min(low, high), high: high}
		high = days[i].low
	}
	return days, nil
}

// of leaves the orders of the day; the plus keeps every other index out of it.
func (d Day) of(db *gorm.DB) *gorm.DB {
	return db.Model(&Payout{}).Where("id >= ? AND id < ? AND +stage IN ?", d.low, d.high, []Stage{Sending, Sent})
}

// ValueByDay sums up what was made on each day and sent, by what has become of it.
func ValueByDay(db *gorm.DB, days []Day, currency string) ([]map[Outcome]int64, error) {
	values := make([]map[Outcome]int64, len(days))
	for i, day := range days {
		var found []struct {
			Outcome Outcome
			Sum     int64
		}
		err := day.of(db).Where("currency = ?", currency).Select("outcome, sum(amount_minor) AS sum").Group("outcome").Scan(&found).Error
		if err != nil {
			return nil, err
		}
		values[i] = map[Outcome]int64{}
		for _, f := range found {
			values[i][f.Outcome] = f.Sum
		}
	}
	return values, nil
}

// Certainty is how long the orders of a day were on the way: half of them, and 95
// of 100, were certain within so many seconds. Both are below zero without orders.
type Certainty struct {
	Half, Most int64
	Orders     int64
}

// lasted is so many orders that took so many seconds.
type lasted struct{ Seconds, Orders int64 }

// CertaintyByDay measures from the send to the gateway's own proof, for each day
// and for all of them together. What two people decided is no proof, and how long
// they took says nothing of a gateway.
func CertaintyByDay(db *gorm.DB, days []Day) (found []Certainty, whole Certainty, err error) {
	orders := map[int64]int64{}
	for _, day := range days {
		var times []lasted
		err := day.of(db).Where("settled_at > 0 AND sent_at > 0 AND by_hand = 0").
			Select("max(settled_at - sent_at, 0) / 1000 AS seconds, count(*) AS orders").Group("seconds").Order("seconds").Scan(&times).Error
		if err != nil {
			return nil, whole, err
		}
		found = append(found, certain(times))
		for _, t := range times {
			orders[t.Seconds] += t.Orders
		}
	}
	var all []lasted
	for _, seconds := range slices.Sorted(maps.Keys(orders)) {
		all = append(all, lasted{seconds, orders[seconds]})
	}
	return found, certain(all), nil
}

// certain finds the two marks among times that are sorted.
func certain(times []lasted) (c Certainty) {
	for _, t := range times {
		c.Orders += t.Orders
	}
	c.Half, c.Most = mark(times, c.Orders, 50), mark(times, c.Orders, 95)
	return c
}

func mark(times []lasted, orders, percent int64) int64 {
	var sofar int64
	for _, t := range times {
		if sofar += t.Orders; sofar*100 >= orders*percent {
			return t.Seconds
		}
	}
	return -1
}

// Failure is why orders failed, as the gateway put it, and how many.
type Failure struct {
	AccountID AccountID
	Code      string
	CodeText  string
	ByHand    bool
	Orders    int64
}

// FailuresSince counts the proven failures among the orders of these days, by
// what the gateway said.
func FailuresSince(db *gorm.DB, days []Day) ([]Failure, error) {
	var found []Failure
	if len(days) == 0 {
		return found, nil
	}
	err := db.Model(&Payout{}).Where("stage = ? AND outcome = ? AND id >= ?", Sent, Failed, days[0].low).
		Select("account_id, code, code_text, by_hand, count(*) AS orders").
		Group("account_id, code, code_text, by_hand").Order("orders DESC").Scan(&found).Error
	return found, err
}

// MainCurrency is the one that most orders are in, "" without orders.
func MainCurrency(cells []PayoutCount) (currency string) {
	orders := map[string]int64{}
	for _, c := range cells {
		orders[c.Currency] += c.Orders
	}
	for name, n := range orders {
		if most := orders[currency]; n > most || n == most && name < currency {
			currency = name
		}
	}
	return currency
}

// HeldReasons are why orders are held, the most frequent first, as catalogue keys.
func HeldReasons(db *gorm.DB) (keys []string, err error) {
	err = db.Model(&Payout{}).Where("stage = ? AND outcome = ?", Held, None).Group("held_why").Order("count(*) DESC").Pluck("held_why", &keys).Error
	return keys, err
}

// OldestContradiction is since when the longest open contradiction has been open;
// zero if none is.
func OldestContradiction(db *gorm.DB) (time.Time, error) {
	var at int64
	err := db.Model(&Contradiction{}).Where("closed_at = 0").Select("coalesce(min(opened_at), 0)").Scan(&at).Error
	return FromMillis(at), err
}

// SumsOf adds up orders by currency.
func SumsOf(orders []Payout) (sums []Money) {
	for _, p := range orders {
		sums = addTo(sums, p.Amount())
	}
	return sums
}
