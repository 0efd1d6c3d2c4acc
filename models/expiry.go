package models

import (
	"cmp"
	"time"

	"gorm.io/gorm"
)

// ExpireAfter is for how many business days a submitted order waits for signatures,
// where no other number is set (features.md E10).
const ExpireAfter = 5

// WaitsFor is that number.
func (l Limits) WaitsFor() int { return cmp.Or(l.ExpireDays, ExpireAfter) }

// Expires is when a submitted order goes back to its maker unless it is signed. The time
// in which somebody holds it does not count: from where it goes on it has all of it.
func (l Limits) Expires(p Payout) time.Time { return l.businessDays(p.StateSince, l.WaitsFor()) }

// businessDays is the same time of day so many business days later: Monday to Friday in
// the zone of the limits.
func (l Limits) businessDays(at time.Time, days int) time.Time {
	at = at.In(l.Location())
	for days > 0 {
		at = at.AddDate(0, 0, 1)
		if day := at.Weekday(); day != time.Saturday && day != time.Sunday {
			days--
		}
	}
	return at.UTC()
}

// Expired lists submitted orders whose time is over.
func (l Limits) Expired(db *gorm.DB, now time.Time, many int) ([]Payout, error) {
	return l.waitingUntil(db, now, now, many)
}

// Expiring lists submitted orders whose time is over within a business day: people are
// reminded of them, and nobody's consent is taken for granted.
func (l Limits) Expiring(db *gorm.DB, now time.Time, many int) ([]Payout, error) {
	return l.waitingUntil(db, now, l.businessDays(now, 1), many)
}

// waitingUntil lists those whose time is over by then. So many business days take no
// fewer days than that, so that the others need not be looked at.
func (l Limits) waitingUntil(db *gorm.DB, now, then time.Time, many int) (due []Payout, err error) {
	var waiting []Payout
	oldest := then.AddDate(0, 0, -l.WaitsFor()).Add(time.Hour) // a day may be an hour shorter
	err = db.Where("stage = ? AND outcome = ? AND state_since <= ?", AwaitingApproval, None, Millis(oldest)).
		Order("state_since, id").Limit(10 * many).Find(&waiting).Error
	for _, p := range waiting {
		if !l.Expires(p).After(then) && len(due) < many {
			due = append(due, p)
		}
	}
	return due, err
}
