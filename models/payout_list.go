package models

import (
	"math"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Capped is how far filtered lists are counted; a page says "10,000+" beyond it.
const Capped = 10_000

// PayoutPage is where in a list a page stands: the rows next older than Before,
// or next newer than After, or the newest of all (K5).
type PayoutPage struct {
	Before PayoutID
	After  PayoutID
	Size   int
}

// PayoutList is one page of a list, the newest first.
type PayoutList struct {
	Rows  []Payout
	Newer bool // there are rows before the first
	Older bool // there are rows after the last
}

// listing is a filter made ready to ask: what needs a look into the tables is
// looked up once, and everything else is a walk along ids.
type listing struct {
	PayoutFilter
	low, high PayoutID // ids from low to below high
	blocked   []PayoutID
	rareSums  bool // few orders have such amounts: look those up first
}

// fewAmounts is up to how many orders it is cheaper to find by their amounts than
// to walk past all the others.
const fewAmounts = 2_000

func (f PayoutFilter) ready(db *gorm.DB) (l listing, err error) {
	l = listing{PayoutFilter: f, high: math.MaxInt64}
	if l.low, l.high, err = idsBetween(db, f.From, f.Until); err != nil {
		return l, err
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
		return arm.Where("maker_id = ?", me)
	case p.Outcome == Unclear:
		return arm.Where("owner_id = ?", me)
	case may(l.Reader, VerbApprove) != nil:
		return arm.Where("1 = 0")
	}
	return arm.Where("maker_id <> ? AND NOT "+signedNow, me, me)
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
	when(l.Search.Text != "", "id IN ("+searched+")", l.Search.terms())
	when(l.Number != nil, "account_hash = ?", l.Number)
	when(l.Currency != "", "currency = ?", l.Currency)
	when(l.Account != 0, plus+"account_id = ?", l.Account)
	when(l.Rail != "", "rail = ?", l.Rail)
	when(l.Maker != 0, plus+"maker_id = ?", l.Maker)
	when(l.Own, plus+"maker_id = ?", l.Reader.ID)
	when(l.Reason != ReasonNone, "unclear_reason = ?", l.Reason)
	when(l.Grade != AnyGrade, "grade = ?", l.Grade)
	when(l.Contradicted, "contradicted = 1")
	when(l.Tab == TabDone, "contradicted = 0")
	when(l.ByHand, "by_hand = 1")
	when(l.Blocked, "id IN ?", l.blocked)
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

// ListPayouts reads one page of the list.
func ListPayouts(db *gorm.DB, f PayoutFilter, p PayoutPage) (list PayoutList, err error) {
	l, err := f.ready(db)
	if err != nil {
		return list, err
	}
	ids, more, err := l.page(db, p)
	if err != nil || len(ids) == 0 {
		return list, err
	}
	back := p.After > 0
	list.Newer, list.Older = more, more
	if back {
		list.Older, err = l.any(db, "id < ?", ids[len(ids)-1])
	} else {
		list.Newer, err = l.any(db, "id > ?", ids[0])
	}
	if err != nil {
		return list, err
	}
	err = db.Where("id IN ?", ids).Order("id DESC").Find(&list.Rows).Error
	return list, err
}

// page merges the arms into one page of ids, the newest first.
func (l listing) page(db *gorm.DB, p PayoutPage) (ids []PayoutID, more bool, err error) {
	order, condition, bound := "id DESC", "id < ?", PayoutID(math.MaxInt64)
	switch {
	case p.After > 0:
		order, condition, bound = "id", "id > ?", p.After
	case p.Before > 0:
		bound = p.Before
	}
	for _, arm := range l.arms(db) {
		var found []PayoutID
		if err := arm.Where(condition, bound).Order(order).Limit(p.Size+1).Pluck("id", &found).Error; err != nil {
			return nil, false, err
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	if p.After == 0 {
		slices.Reverse(ids)
	}
	if more = len(ids) > p.Size; more {
		ids = ids[:p.Size]
	}
	if p.After > 0 {
		slices.Reverse(ids)
	}
	return ids, more, nil
}

// any says whether the list has a row beyond a bound.
func (l listing) any(db *gorm.DB, condition string, bound PayoutID) (bool, error) {
	for _, arm := range l.arms(db) {
		var found []PayoutID
		if err := arm.Where(condition, bound).Limit(1).Pluck("id", &found).Error; err != nil || len(found) > 0 {
			return len(found) > 0, err
		}
	}
	return false, nil
}

// NewestPayout is the id of the order that was made last, 0 before the first.
func NewestPayout(db *gorm.DB) (id PayoutID, err error) {
	err = db.Model(&Payout{}).Select("coalesce(max(id), 0)").Scan(&id).Error
	return id, err
}

// ChangedSince lists those of the orders that have an event after the given one.
func ChangedSince(db *gorm.DB, seq int64, ids []PayoutID) ([]Payout, error) {
	var changed []Payout
	touched := db.Model(&Event{}).Distinct("payout_id").Where("seq > ? AND +payout_id IN ?", seq, ids)
	err := db.Where("id IN (?)", touched).Order("id DESC").Find(&changed).Error
	return changed, err
}

// BanksOf names the bank of each payee version of the orders: "Taishin 812". Codes
// of one or two digits are a gateway's own and nobody knows them.
func BanksOf(db *gorm.DB, orders []Payout) (map[PayeeVersionID]string, error) {
	ids := make([]PayeeVersionID, len(orders))
	for i, p := range orders {
		ids[i] = p.PayeeVersionID
	}
	var versions []PayeeVersion
	err := db.Select("id", "bank", "bank_name").Where("id IN ?", ids).Find(&versions).Error
	banks := make(map[PayeeVersionID]string, len(versions))
	for _, v := range versions {
		banks[v.ID] = v.BankName
		if len(v.Bank) > 2 {
			banks[v.ID] = strings.TrimSpace(v.BankName + " " + v.Bank)
		}
	}
	return banks, err
}
