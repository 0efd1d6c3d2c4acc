package models

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// Away is a stretch of time in which nothing of ours ran: notices found nobody, and
// nobody asked (features.md, X6).
type Away struct{ From, Until time.Time }

const (
	// AwayAfter is how long nothing has to show that the sweeper lives. It says so
	// every ten seconds, and no round of it takes longer than an exchange may.
	AwayAfter = 5 * time.Minute
	// turnGap is between the questions that one account is asked to catch up: what
	// falls due by its own plan finds its place among them.
	turnGap = 100 * time.Millisecond
	// deniableSince is how long an order that a notice alone calls paid, or that is
	// called failed, may still have been denied by a notice that was lost.
	deniableSince = 30 * 24 * time.Hour
)

// AwayBetween says whether so much time has passed since the last sign of life that
// we were away.
func AwayBetween(alive, now time.Time) (a Away, away bool) {
	a = Away{alive, now}
	return a, !alive.IsZero() && a.Length() >= AwayAfter
}

// Length is how long it lasted.
func (a Away) Length() time.Duration { return a.Until.Sub(a.From) }

// Outlasted says whether a gateway that repeats its notices for so long has given up
// in the meantime; one that has not may still come by itself, after hours.
func (a Away) Outlasted(window time.Duration) bool { return a.Length() >= window }

// MayHaveMissed says whether a notice about the order may have found nobody, so that
// the gateway is asked at once: it was with the gateway, and its fate is open,
// disputed, known by a notice alone, or called failed, which another notice may have
// denied. Whether the gateway still repeats it makes no difference: the last try of
// any notice may have fallen into the outage, and the next one may be hours away.
func (a Away) MayHaveMissed(p Payout) bool {
	if p.Stage != Sent || p.SentAt.After(a.Until) {
		return false
	}
	settledLately := p.SettledAt.After(a.From.Add(-deniableSince))
	thin := p.Outcome == Paid && p.Grade < E3
	return p.Open() || p.Clash || settledLately && (thin || p.Denied())
}

// Turn is when an order is asked about to catch up.
type Turn struct {
	Payout PayoutID
	At     time.Time
}

// Turns are the questions that are due now: about every order that may have missed a
// notice, of each account the longest on its way first, a little apart, so that
// thousands are no storm. One whose plan is earlier keeps it.
func (a Away) Turns(orders []Payout) (turns []Turn) {
	orders = slices.Clone(orders)
	slices.SortFunc(orders, func(x, y Payout) int { return cmp.Or(x.SentAt.Compare(y.SentAt), cmp.Compare(x.ID, y.ID)) })
	place := map[AccountID]time.Duration{}
	for _, p := range orders {
		if !a.MayHaveMissed(p) {
			continue
		}
		at := a.Until.Add(place[p.AccountID] * turnGap)
		place[p.AccountID]++
		if planned := p.NextActionAt; !planned.IsZero() && planned.Before(at) {
			at = planned
		}
		turns = append(turns, Turn{p.ID, at})
	}
	return turns
}

// MissedIn lists the orders that may have missed a notice, with as much of them as
// the rule looks at.
func MissedIn(db *gorm.DB, a Away) ([]Payout, error) {
	var found []Payout
	for _, arm := range a.arms(db) {
		var some []Payout
		if err := arm.Find(&some).Error; err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// arms are the questions to the database, each with an index of its own, and no order
// in two of them.
func (a Away) arms(db *gorm.DB) []*gorm.DB {
	light := func() *gorm.DB {
		return db.Model(&Payout{}).Select("id, account_id, stage, outcome, grade, by_hand, contradicted, sent_at, settled_at, next_action_at")
	}
	return []*gorm.DB{
		light().Where("stage = 'sent' AND outcome IN ('pending', 'unclear')"),
		light().Where("contradicted = 1 AND outcome NOT IN ('pending', 'unclear')"),
		light().Where("stage = 'sent' AND outcome = 'paid' AND grade < 3 AND contradicted = 0").
			Where("settled_at > ?", Millis(a.From.Add(-deniableSince))),
		light().Where("stage = 'sent' AND outcome = 'failed' AND contradicted = 0").
			Where("settled_at > ?", Millis(a.From.Add(-deniableSince))),
	}
}

// TakeTurns puts the questions on the plans of their orders.
func TakeTurns(tx *gorm.DB, turns []Turn) error {
	for _, t := range turns {
		_, err := run(tx, "UPDATE payouts SET next_action_at = ? WHERE id = ? AND stage = 'sent' AND (next_action_at = 0 OR next_action_at > ?)",
			Millis(t.At), t.Payout, Millis(t.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// LastAway reads when we were last away, and how many orders were asked about then;
// ok is false if we never were.
func LastAway(db *gorm.DB) (a Away, orders int, ok bool, err error) {
	var found []Event
	err = db.Where("verb = 'caught_up'").Order("seq DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return a, 0, false, err
	}
	a, orders = ReadAway(found[0].Details)
	return a, orders, true, nil
}

// Details are what the event of an outage says of it.
func (a Away) Details(orders int) Details {
	return Details{"from": a.From.UTC().Format(time.RFC3339), "until": a.Until.UTC().Format(time.RFC3339), "orders": strconv.Itoa(orders)}
}

// ReadAway reads them back.
func ReadAway(d Details) (a Away, orders int) {
	a.From, _ = time.Parse(time.RFC3339, d["from"])
	a.Until, _ = time.Parse(time.RFC3339, d["until"])
	orders, _ = strconv.Atoi(d["orders"])
	return a, orders
}
