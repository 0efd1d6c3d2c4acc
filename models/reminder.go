package models

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Reminder is with whom an order is that waits for signatures (features.md E10): after some
// working hours one who may sign it is reminded, then whoever stands in for them, then
// others, and at last the controllers. It never signs anything, and takes no right from
// anybody: everybody who may sign it can at any time.
type Reminder struct {
	PayoutID PayoutID `gorm:"primaryKey"`
	Version  int
	PersonID PersonID // 0: the controllers
	Told     string
	At       time.Time `gorm:"serializer:ms"`
	NextAt   time.Time `gorm:"serializer:ms"`
}

const (
	// RemindAfter is how many working hours each has before the next one is told.
	RemindAfter = 4
	// remindMost is how many people are told before the controllers are.
	remindMost = 3
)

// WorkingHours are when people are expected at work: those of the policy, or the usual ones
// in the zone of the limits.
func WorkingHours(p Policy, l Limits) Hours {
	if p.Rules.Hours != (Hours{}) {
		return p.Rules.Hours
	}
	return Hours{Zone: l.Location().String(), Opens: 9, Closes: 18}
}

// After is so many working hours later: nights and weekends do not count.
func (h Hours) After(at time.Time, hours int) time.Time {
	for left := time.Duration(hours) * time.Hour; ; {
		opens, closes := h.day(at)
		at = latest(at, opens)
		if end := at.Add(left); !end.After(closes) && !h.weekend(at) {
			return end.UTC()
		} else if at.Before(closes) && !h.weekend(at) {
			left -= closes.Sub(at)
		}
		at = opens.AddDate(0, 0, 1)
	}
}

// day is when the hours of the day begin and end in which a moment lies.
func (h Hours) day(at time.Time) (opens, closes time.Time) {
	at = at.In(zone(h.Zone))
	y, m, d := at.Date()
	return time.Date(y, m, d, h.Opens, 0, 0, 0, at.Location()), time.Date(y, m, d, h.Closes, 0, 0, 0, at.Location())
}

func (h Hours) weekend(at time.Time) bool {
	day := at.In(zone(h.Zone)).Weekday()
	return day == time.Saturday || day == time.Sunday
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Of says whether the reminder is about the order as it waits now.
func (r Reminder) Of(p Payout) bool {
	return r.PayoutID == p.ID && r.Version == p.Version && !r.At.Before(p.StateSince) && p.Stage == AwaitingApproval
}

// ToldTo are the people who were told, in order.
func (r Reminder) ToldTo() []PersonID { return readMarks(r.Told) }

// Due is when the next one is to be told of the order; r is the last reminder, whatever it
// is about.
func (r Reminder) Due(p Payout, h Hours) time.Time {
	if r.Of(p) {
		return r.NextAt
	}
	return h.After(p.StateSince, RemindAfter)
}

// Next is the reminder that follows: the first of the line who was not told yet, and the
// controllers after some of them, or where there is nobody.
func (r Reminder) Next(p Payout, line []PersonID, h Hours, now time.Time) Reminder {
	next := Reminder{PayoutID: p.ID, Version: p.Version, At: now}
	if r.Of(p) {
		next.Told = r.Told
	}
	told := next.ToldTo()
	at := slices.IndexFunc(line, func(id PersonID) bool { return !slices.Contains(told, id) })
	if at < 0 || len(told) >= remindMost {
		return next
	}
	next.PersonID, next.NextAt = line[at], h.After(now, RemindAfter)
	next.Told = strings.TrimSuffix(next.Told, ",") + givenMark(line[at])
	return next
}

// InLine are who may sign the order, in the order in which they are reminded: to whom it was
// left, then the next by turns, with whoever stands in for them behind each. Who left it to
// another is not asked again.
func (p Payout) InLine(people []Person, signed []PersonID, standing []StandIn, left []HandOn, now time.Time) (line []PersonID) {
	able := p.CouldSign(people, signed)
	slices.SortFunc(able, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	if len(able) > 0 {
		first := int(p.ID) % len(able)
		able = append(slices.Clone(able[first:]), able[:first]...)
	}
	add := func(id PersonID) {
		may := slices.ContainsFunc(able, func(by Person) bool { return by.ID == id })
		leftIt := slices.ContainsFunc(left, func(h HandOn) bool { return h.FromID == id })
		if may && !leftIt && !slices.Contains(line, id) {
			line = append(line, id)
		}
	}
	for _, h := range slices.Backward(left) {
		add(h.ToID)
	}
	for _, by := range able {
		add(by.ID)
		for _, s := range standing {
			if s.PersonID == by.ID && s.Works(now) {
				add(s.DelegateID)
			}
		}
	}
	return line
}

// FindReminder is the last one of an order; the zero value if nobody was told.
func FindReminder(db *gorm.DB, id PayoutID) (r Reminder, err error) {
	var found []Reminder
	err = db.Where("payout_id = ?", id).Find(&found).Error
	if len(found) > 0 {
		r = found[0]
	}
	return r, err
}

// KeepReminder writes it in the place of the last one.
func KeepReminder(tx *gorm.DB, r Reminder) error {
	_, err := run(tx, `INSERT INTO reminders (payout_id, version, person_id, told, at, next_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (payout_id) DO UPDATE SET version = excluded.version, person_id = excluded.person_id, told = excluded.told, at = excluded.at, next_at = excluded.next_at`,
		r.PayoutID, r.Version, r.PersonID, r.Told, Millis(r.At), Millis(r.NextAt))
	return err
}

// reminded is true of orders of which somebody was told as they wait now.
const reminded = "EXISTS (SELECT 1 FROM reminders r WHERE r.payout_id = payouts.id AND r.version = payouts.version AND r.at >= payouts.state_since"

// ToRemind lists orders of which the next person may have to be told: those whose time has
// come, and those of which nobody was told, who waits longest first.
func ToRemind(db *gorm.DB, now time.Time, many int) (orders []Payout, err error) {
	err = db.Where("stage = ? AND outcome = ?", AwaitingApproval, None).
		Where("id IN (SELECT payout_id FROM reminders WHERE next_at > 0 AND next_at <= ?)", Millis(now)).Order("id").Limit(many).Find(&orders).Error
	if err != nil {
		return nil, err
	}
	var fresh []Payout
	err = db.Where("stage = ? AND outcome = ? AND state_since <= ?", AwaitingApproval, None, Millis(now.Add(-RemindAfter*time.Hour))).
		Where("NOT " + reminded + ")").Order("state_since, id").Limit(many).Find(&fresh).Error
	return append(orders, fresh...), err
}

// WithYou lists the orders that are with the person now and that they can still sign, who
// waits longest first.
func WithYou(db *gorm.DB, by Person, many int) ([]Payout, error) {
	return with(ToDecide(db, by), by.ID, many)
}

// WithControllers lists those that nobody who was reminded decides.
func WithControllers(db *gorm.DB, many int) ([]Payout, error) {
	return with(db.Where("stage = ?", AwaitingApproval), 0, many)
}

func with(waiting *gorm.DB, id PersonID, many int) (orders []Payout, err error) {
	err = waiting.Where("outcome = ?", None).Where(reminded+" AND r.person_id = ?)", id).Order("state_since, id").Limit(many).Find(&orders).Error
	return orders, err
}
