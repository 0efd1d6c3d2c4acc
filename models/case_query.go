package models

import (
	"time"

	"gorm.io/gorm"
)

// UnclearOrders lists the orders of which nobody knows whether the money left,
// the longest unclear first.
func UnclearOrders(db *gorm.DB, limit int) ([]Payout, error) {
	var all []Payout
	err := db.Where("stage = ? AND outcome = ?", Sent, Unclear).Order("unclear_since, id").Limit(limit).Find(&all).Error
	return all, err
}

// UnclearFigures are the numbers at the head of the queue.
type UnclearFigures struct {
	Cases     int
	Unclaimed int
	Awaiting  int // a proposal waits for a second person
	Oldest    time.Time
	Ages      [5]int // under 15 min, to 1 h, to 4 h, to 24 h, over
	Risk      []Money
}

// unclearTally is one currency's part of the figures.
type unclearTally struct {
	Currency                   string
	Cases, Unclaimed, Awaiting int
	Sum, Oldest                int64
	Band0, Band1, Band2, Band3 int
}

// CountUnclear counts every unclear order, also those that a long list leaves out.
func CountUnclear(db *gorm.DB, now time.Time) (UnclearFigures, error) {
	before := func(age time.Duration) int64 { return Millis(now.Add(-age)) }
	var tallies []unclearTally
	err := db.Model(&Payout{}).Where("stage = ? AND outcome = ?", Sent, Unclear).
		Select("currency, count(*) AS cases, sum(amount_minor) AS sum, sum(owner_id = 0) AS unclaimed, min(unclear_since) AS oldest, "+
			"sum(EXISTS (SELECT 1 FROM verdicts WHERE payout_id = payouts.id AND state = 'open')) AS awaiting, "+
			"sum(unclear_since > ?) AS band0, sum(unclear_since > ?) AS band1, sum(unclear_since > ?) AS band2, sum(unclear_since > ?) AS band3",
			before(15*time.Minute), before(time.Hour), before(4*time.Hour), before(24*time.Hour)).
		Group("currency").Order("currency").Scan(&tallies).Error
	var f UnclearFigures
	for _, t := range tallies {
		f.add(t)
	}
	return f, err
}

func (f *UnclearFigures) add(t unclearTally) {
	f.Cases, f.Unclaimed, f.Awaiting = f.Cases+t.Cases, f.Unclaimed+t.Unclaimed, f.Awaiting+t.Awaiting
	if oldest := FromMillis(t.Oldest); f.Oldest.IsZero() || oldest.Before(f.Oldest) {
		f.Oldest = oldest
	}
	younger := 0
	for i, within := range []int{t.Band0, t.Band1, t.Band2, t.Band3, t.Cases} {
		f.Ages[i] += within - younger
		younger = within
	}
	f.Risk = append(f.Risk, Money{t.Sum, t.Currency})
}

// ContradictedOrders lists the orders whose evidence disagrees, the oldest
// contradiction first.
func ContradictedOrders(db *gorm.DB) ([]Payout, error) {
	var all []Payout
	err := db.Where("contradicted = 1").Order("state_since, id").Find(&all).Error
	return all, err
}

// OpenContradictionOf reads the contradiction that is open on an order; ok is
// false if none is.
func OpenContradictionOf(db *gorm.DB, id PayoutID) (c Contradiction, ok bool, err error) {
	var found []Contradiction
	err = db.Where("payout_id = ? AND closed_at = 0", id).Find(&found).Error
	if err != nil || len(found) == 0 {
		return c, false, err
	}
	return found[0], true, nil
}

// OpenVerdicts lists the proposals that wait for a second person, by order.
func OpenVerdicts(db *gorm.DB) (map[PayoutID]Verdict, error) {
	var all []Verdict
	err := db.Where("state = 'open'").Find(&all).Error
	open := make(map[PayoutID]Verdict, len(all))
	for _, v := range all {
		open[v.PayoutID] = v
	}
	return open, err
}

// LastSettled reads the order of which two people, or the gateway, last told
// what became of it after it had been unclear; ok is false if none was.
func LastSettled(db *gorm.DB) (e Event, ok bool, err error) {
	var found []Event
	// The bound keeps the look short where thousands were paid since.
	err = db.Where("verb IN ?", []Move{MovePaid, MoveFail, MoveVerdictPaid, MoveVerdictFailed}).
		Where("seq > (SELECT coalesce(max(seq), 0) FROM events) - 50000").
		Where("before LIKE ?", `%"outcome":"unclear"%`).Order("seq DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return e, false, err
	}
	return found[0], true, nil
}

// DoubtedSince is when the doubt began that the event ended.
func DoubtedSince(db *gorm.DB, ended Event) (time.Time, error) {
	past, err := EventsOf(db, ended.PayoutID)
	if err != nil {
		return ended.At, err
	}
	since := ended.At
	for _, e := range past {
		was, errWas := ReadState(e.Before)
		is, errIs := ReadState(e.After)
		if e.Seq < ended.Seq && errWas == nil && errIs == nil && was.Outcome != Unclear && is.Outcome == Unclear {
			since = e.At
		}
	}
	return since, nil
}

// Successors gives what replaces each of the orders that is replaced.
func Successors(db *gorm.DB, ids []PayoutID) (map[PayoutID]Payout, error) {
	var all []Payout
	err := db.Where("replaces_id IN ?", ids).Find(&all).Error
	next := map[PayoutID]Payout{}
	for _, p := range all {
		next[*p.ReplacesID] = p
	}
	return next, err
}
