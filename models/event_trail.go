package models

import (
	"strings"

	"math"
	"time"

	"gorm.io/gorm"
)

// trail is a filter made ready to ask.
type trail struct {
	EventFilter
	low, high int64
	orders    []PayoutID // that the filter names
	actors    []PersonID
	sought    bool // orders and actors are what was searched for, any of them
}

func (f EventFilter) ready(db *gorm.DB) (t trail, err error) {
	t = trail{EventFilter: f, high: math.MaxInt64}
	if t.low, err = firstEventSince(db, f.From, 0); err != nil {
		return t, err
	}
	if t.high, err = firstEventSince(db, f.Until, math.MaxInt64); err != nil {
		return t, err
	}
	if f.Order != "" {
		err = db.Model(&Payout{}).Where("order_no = ?", f.Order).Pluck("id", &t.orders).Error
	}
	if err == nil && f.Search != "" {
		err = t.seek(db)
	}
	return t, err
}

// firstEventSince turns a time into a place in the log.
func firstEventSince(db *gorm.DB, at time.Time, open int64) (int64, error) {
	if at.IsZero() {
		return open, nil
	}
	var found []int64
	err := db.Model(&Event{}).Where("at >= ?", Millis(at)).Order("at, seq").Limit(1).Pluck("seq", &found).Error
	if err != nil || len(found) == 0 {
		return math.MaxInt64, err
	}
	return found[0], nil
}

// soughtMany bounds how many orders or people one search may mean.
const soughtMany = 50

// seek finds the orders and people that the search can mean.
func (t *trail) seek(db *gorm.DB) error {
	t.sought = true
	terms := Search{Text: t.Search}.terms()
	err := db.Model(&Payout{}).Where("order_no IN (@number, @upper) OR substr(order_no, -6) = @tail", terms).
		Limit(soughtMany).Pluck("id", &t.orders).Error
	if err != nil {
		return err
	}
	like := "%" + likely.Replace(t.Search) + "%"
	return db.Model(&Person{}).Where(`name LIKE ? ESCAPE '\' OR login LIKE ? ESCAPE '\'`, like, like).
		Limit(soughtMany).Pluck("id", &t.actors).Error
}

// likely takes the meaning out of what LIKE would read as a pattern.
var likely = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// arms are the questions whose answers together are the list, each a walk along
// one index in the order of the log.
func (t trail) arms(db *gorm.DB) (arms []*gorm.DB) {
	switch {
	case t.Order != "" || t.sought:
		for _, id := range t.orders {
			arms = append(arms, t.narrow(db, true).Where("payout_id = ? AND payout_id > 0", id))
		}
		for _, id := range t.actors {
			arms = append(arms, t.narrow(db, true).Where("actor_id = ? AND actor_id > 0", id))
		}
		return arms
	case len(t.verbs()) > 0:
		for _, verb := range t.verbs() {
			arms = append(arms, t.narrow(db, false).Where("verb = ?", verb))
		}
		return arms
	}
	return []*gorm.DB{t.narrow(db, false)}
}

// narrow leaves what fits everything but what the arm itself walks along.
func (t trail) narrow(db *gorm.DB, verbs bool) *gorm.DB {
	q := db.Model(&Event{})
	when := func(on bool, condition string, values ...any) {
		if on {
			q = q.Where(condition, values...)
		}
	}
	when(t.low > 0, "seq >= ?", t.low)
	when(t.high < math.MaxInt64, "seq < ?", t.high)
	when(verbs && len(t.verbs()) > 0, "verb IN ?", t.verbs())
	for _, condition := range questionConditions[t.Question] {
		q = q.Where(condition)
	}
	when(t.Actor != 0, "actor_id = ? AND actor_id > 0", t.Actor)
	when(t.Subject != "", "subject = ?", t.Subject)
	return q
}
