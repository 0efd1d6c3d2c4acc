package models

import (
	"math"
	"time"

	"gorm.io/gorm"
)

// listing is a filter made ready to ask: what needs a look into the tables is
// looked up once, and everything else is a walk along ids.
type listing struct {
	PayoutFilter
	low, high PayoutID // ids from low to below high
	blocked   []PayoutID
	found     []PayoutID // what was searched for, unless those are many
	many      bool
	rareSums  bool // few orders have such amounts: look those up first
}

// foundMany is up to how many orders a search is carried out once for the whole
// page; beyond it each question searches again.
const foundMany = 5_000

// fewAmounts is up to how many orders it is cheaper to find by their amounts than
// to walk past all the others.
const fewAmounts = 2_000

func (f PayoutFilter) ready(db *gorm.DB) (l listing, err error) {
	l = listing{PayoutFilter: f, high: math.MaxInt64}
	if l.low, l.high, err = idsBetween(db, f.From, f.Until); err != nil {
		return l, err
	}
	if f.Search.Text != "" {
		err = db.Model(&Payout{}).Where("id IN ("+searched+")", f.Search.terms()).Limit(foundMany+1).Pluck("id", &l.found).Error
		if l.many = len(l.found) > foundMany; err != nil {
			return l, err
		}
	}
	if f.Blocked {
		if l.blocked, err = BlockedOrders(db); err != nil {
			return l, err
		}
	}
	if f.Least > 0 || f.Most > 0 {
		var count int64
		probe := db.Model(&Payout{}).Select("1").Where("amount_minor BETWEEN ? AND ?", f.Least, f.upTo()).Limit(fewAmounts + 1)
		err = db.Table("(?) AS probe", probe).Count(&count).Error
		l.rareSums = count <= fewAmounts
	}
	return l, err
}

// in is the same list in another tab.
func (l listing) in(tab Tab) listing {
	l.Tab = tab
	return l
}

// upTo is the highest amount of the filter.
func (f PayoutFilter) upTo() int64 {
	if f.Most == 0 {
		return math.MaxInt64
	}
	return f.Most
}

// idsBetween turns a span of time into a span of ids, since orders are numbered
// as they are made: then every list is walked along one index. After a clock that
// jumped back the bounds are as exact as that clock was.
func idsBetween(db *gorm.DB, from, until time.Time) (low, high PayoutID, err error) {
	if low, err = firstSince(db, from, 0); err != nil {
		return low, high, err
	}
	high, err = firstSince(db, until, math.MaxInt64)
	return low, high, err
}

func firstSince(db *gorm.DB, at time.Time, open PayoutID) (PayoutID, error) {
	if at.IsZero() {
		return open, nil
	}
	var found []PayoutID
	err := db.Model(&Payout{}).Where("created_at >= ?", Millis(at)).Order("created_at, id").Limit(1).Pluck("id", &found).Error
	if err != nil || len(found) == 0 {
		return math.MaxInt64, err
	}
	return found[0], nil
}

// arms are the questions whose answers together are the list, each a walk along
// one index in the order of ids: one for each state that the filter leaves.
func (l listing) arms(db *gorm.DB) (arms []*gorm.DB) {
	places := l.places()
	if places == nil {
		return []*gorm.DB{l.narrow(db, false)}
	}
	for _, p := range places {
		// Nearly all orders end as paid. Every other state is the narrower walk,
		// which the plus before the other columns keeps to.
		arm := l.narrow(db, p != place{Sent, Paid}).Where("stage = ? AND outcome = ?", p.Stage, p.Outcome)
		if l.Tab == TabMine {
			arm = l.mine(arm, p)
		}
		arms = append(arms, arm)
	}
	return arms
}

// mine leaves what the reader has to act on: their drafts, what they may sign,
// and the unclear cases that they took on.
func (l listing) mine(arm *gorm.DB, p place) *gorm.DB {
	me := l.Reader.ID
	switch {
	case p.Stage == Draft:
		return arm.Where(drafterIs, me, me)
	case p.Outcome == Unclear:
		return arm.Where("owner_id = ?", me)
	case may(l.Reader, VerbApprove) != nil:
		return arm.Where("1 = 0")
	}
	return arm.Where("maker_id <> ? AND payee_by <> ? AND NOT "+signedNow, me, me, me).Where(notGiven+" AND NOT "+leftToOthers, givenMark(me), me)
}

// narrow leaves what fits everything but the states; byState says that those are
// few enough to go by.
func (l listing) narrow(db *gorm.DB, byState bool) *gorm.DB {
	plus := map[bool]string{true: "+"}[byState]
	q := db.Model(&Payout{})
	when := func(on bool, condition string, values ...any) {
		if on {
			q = q.Where(condition, values...)
		}
	}
	when(l.low > 0, "id >= ?", l.low)
	when(l.high < math.MaxInt64, "id < ?", l.high)
	when(l.Search.Text != "" && l.many, "id IN ("+searched+")", l.Search.terms())
	when(l.Search.Text != "" && !l.many, "id IN ?", l.found)
	when(l.Number != nil, "account_hash = ?", l.Number)
	when(l.Currency != "", "currency = ?", l.Currency)
	when(l.Account != 0, plus+"account_id = ?", l.Account)
	when(l.Rail != "", "rail = ?", l.Rail)
	when(l.Maker != 0, plus+"maker_id = ?", l.Maker)
	when(l.Payee != 0, "payee_id = ?", l.Payee)
	when(l.Own, plus+"maker_id = ?", l.Reader.ID)
	when(l.Reason != ReasonNone, "unclear_reason = ?", l.Reason)
	when(l.Rejected != "", "id IN ("+rejectedFor+")", l.Rejected)
	when(l.Grade != AnyGrade, "grade = ?", l.Grade)
	when(l.Contradicted, "contradicted = 1")
	when(l.Tab == TabDone, "contradicted = 0")
	when(l.ByHand, "by_hand = 1")
	when(l.Blocked, "id IN ?", l.blocked)
	when(l.AtRisk, "id IN ("+atRisk+")")
	return l.narrowAmounts(q)
}

// narrowAmounts takes the index of amounts only where few orders are in it: sorted
// by amount a long list would have to be sorted again by id.
func (l listing) narrowAmounts(q *gorm.DB) *gorm.DB {
	switch {
	case l.Least == 0 && l.Most == 0:
		return q
	case l.rareSums:
		return q.Where("id IN (SELECT id FROM payouts WHERE amount_minor BETWEEN ? AND ?)", l.Least, l.upTo())
	}
	return q.Where("+amount_minor BETWEEN ? AND ?", l.Least, l.upTo())
}
