package models

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// EventPage is where in the log a page stands: the acts next older than Before,
// or next newer than After, or the newest.
type EventPage struct {
	Before int64
	After  int64
	Size   int
}

// EventList is one page of acts, the newest first.
type EventList struct {
	Events []Event
	Newer  bool
	Older  bool
}

// ListEvents reads one page of the log.
func ListEvents(db *gorm.DB, f EventFilter, p EventPage) (list EventList, err error) {
	t, err := f.ready(db)
	if err != nil {
		return list, err
	}
	seqs, more, err := t.page(db, p)
	if err != nil || len(seqs) == 0 {
		return list, err
	}
	list.Newer, list.Older = more, more
	if p.After > 0 {
		list.Older, err = t.any(db, "seq < ?", seqs[len(seqs)-1])
	} else {
		list.Newer, err = t.any(db, "seq > ?", seqs[0])
	}
	if err != nil {
		return list, err
	}
	err = db.Where("seq IN ?", seqs).Order("seq DESC").Find(&list.Events).Error
	return list, err
}

// page merges the arms. An act may be found by two of them, by its order and by
// who did it, and stands once.
func (t trail) page(db *gorm.DB, p EventPage) (seqs []int64, more bool, err error) {
	order, condition, bound := "seq DESC", "seq < ?", int64(math.MaxInt64)
	switch {
	case p.After > 0:
		order, condition, bound = "seq", "seq > ?", p.After
	case p.Before > 0:
		bound = p.Before
	}
	for _, arm := range t.arms(db) {
		var found []int64
		if err := arm.Where(condition, bound).Order(order).Limit(p.Size+1).Pluck("seq", &found).Error; err != nil {
			return nil, false, err
		}
		seqs = append(seqs, found...)
	}
	slices.Sort(seqs)
	seqs = slices.Compact(seqs)
	if p.After == 0 {
		slices.Reverse(seqs)
	}
	if more = len(seqs) > p.Size; more {
		seqs = seqs[:p.Size]
	}
	if p.After > 0 {
		slices.Reverse(seqs)
	}
	return seqs, more, nil
}

func (t trail) any(db *gorm.DB, condition string, bound int64) (bool, error) {
	for _, arm := range t.arms(db) {
		var found []int64
		if err := arm.Where(condition, bound).Limit(1).Pluck("seq", &found).Error; err != nil || len(found) > 0 {
			return len(found) > 0, err
		}
	}
	return false, nil
}

// CountEvents counts the acts of a filter up to Capped.
func CountEvents(db *gorm.DB, f EventFilter) (acts int64, capped bool, err error) {
	t, err := f.ready(db)
	if err != nil {
		return 0, false, err
	}
	cut, err := t.countBack(db)
	if err != nil {
		return 0, false, err
	}
	seen := map[int64]bool{}
	for _, arm := range t.arms(db) {
		if !t.sought {
			var some int64
			if err := db.Table("(?) AS some", arm.Select("1").Limit(Capped+1)).Count(&some).Error; err != nil {
				return 0, false, err
			}
			acts += some
			continue
		}
		var found []int64
		if err := arm.Limit(Capped+1).Pluck("seq", &found).Error; err != nil {
			return 0, false, err
		}
		for _, seq := range found {
			seen[seq] = true
		}
	}
	if acts += int64(len(seen)); acts > Capped {
		return Capped, true, nil
	}
	return acts, cut, nil
}

// countedBack is how far back the acts within a scope are counted: there may be few of
// them among many others, and nobody walks the whole log for a figure.
const countedBack = 50_000

// countBack bounds the count of a reader who does not see everything; cut says whether
// there is more before it.
func (t *trail) countBack(db *gorm.DB) (cut bool, err error) {
	if t.low > 0 || scopeOf(db).Whole() {
		return false, nil
	}
	head, _, err := Head(db)
	t.low = max(head-countedBack, 1)
	return t.low > 1, err
}

// EntryMentions says whether the text is a number in the log, so that a search
// jumps there.
func EntryMentions(text string) (seq int64, ok bool) {
	digits := strings.ReplaceAll(text, ",", "")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 12 {
		return 0, false
	}
	for _, d := range digits {
		seq = seq*10 + int64(d-'0')
	}
	return seq, seq > 0
}

// OrdersOf reads the orders that events are about.
func OrdersOf(db *gorm.DB, events []Event) (map[PayoutID]Payout, error) {
	var ids []PayoutID
	for _, e := range events {
		if e.PayoutID > 0 {
			ids = append(ids, e.PayoutID)
		}
	}
	slices.Sort(ids)
	var found []Payout
	err := db.Where("id IN ?", slices.Compact(ids)).Find(&found).Error
	orders := make(map[PayoutID]Payout, len(found))
	for _, p := range found {
		orders[p.ID] = p
	}
	return orders, err
}

// VerdictsOf reads the proposals that events are about, by their ids.
func VerdictsOf(db *gorm.DB, events []Event) (map[string]Verdict, error) {
	var ids []string
	for _, e := range events {
		if id := e.Details["verdict"]; id != "" {
			ids = append(ids, id)
		}
	}
	var found []Verdict
	verdicts := make(map[string]Verdict, len(ids))
	if len(ids) == 0 {
		return verdicts, nil
	}
	err := db.Where("id IN ?", ids).Find(&found).Error
	for _, v := range found {
		verdicts[strconv.FormatInt(v.ID, 10)] = v
	}
	return verdicts, err
}
