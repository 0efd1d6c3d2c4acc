package models

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// TabCount is how many orders a tab of a filter holds. Capped says that they are
// that many or more.
type TabCount struct {
	Tab    Tab
	Orders int64
	Capped bool
}

// PayoutOverview is everything that one page says of a list.
type PayoutOverview struct {
	PayoutList
	Tabs  []TabCount
	Above int64 // orders of the filter above the first row
	Sums  []Money
}

// Overlook reads a page of a list with its counts and sums. Inside one snapshot
// they tell of the same orders (I30).
func Overlook(db *gorm.DB, f PayoutFilter, p PayoutPage) (o PayoutOverview, err error) {
	l, err := f.ready(db)
	if err != nil {
		return o, err
	}
	if o.PayoutList, err = l.list(db, p); err != nil {
		return o, err
	}
	for _, tab := range Tabs {
		count := TabCount{Tab: tab}
		if count.Orders, count.Capped, err = l.in(tab).total(db); err != nil {
			return o, err
		}
		o.Tabs = append(o.Tabs, count)
	}
	if o.Newer {
		if o.Above, _, err = l.count(db, "id > ?", o.Rows[0].ID); err != nil {
			return o, err
		}
	}
	o.Sums, _, err = l.sums(db)
	return o, err
}

// CountPayouts counts the orders of a filter. Beyond Capped it stops and says so;
// what the kept counters can tell is counted to the end.
func CountPayouts(db *gorm.DB, f PayoutFilter) (orders int64, capped bool, err error) {
	l, err := f.ready(db)
	if err != nil {
		return 0, false, err
	}
	return l.total(db)
}

// CountNewer counts the orders of a filter that came after the one with this id.
func CountNewer(db *gorm.DB, f PayoutFilter, id PayoutID) (orders int64, capped bool, err error) {
	l, err := f.ready(db)
	if err != nil {
		return 0, false, err
	}
	return l.count(db, "id > ?", id)
}

func (l listing) total(db *gorm.DB) (orders int64, capped bool, err error) {
	if !l.kept() {
		return l.count(db, "")
	}
	cells, err := PayoutCounts(db)
	orders, _ = Kept(cells, l.PayoutFilter)
	return orders, false, err
}

func (l listing) count(db *gorm.DB, condition string, bound ...any) (orders int64, capped bool, err error) {
	for _, arm := range l.arms(db) {
		if condition != "" {
			arm = arm.Where(condition, bound...)
		}
		var some int64
		if err := db.Table("(?) AS some", arm.Select("1").Limit(Capped+1)).Count(&some).Error; err != nil {
			return 0, false, err
		}
		orders += some
	}
	if orders > Capped {
		return Capped, true, nil
	}
	return orders, false, nil
}

// SumPayouts sums up the orders of a filter, one sum a currency. Where they are
// more than Capped it gives none: half a sum would be a wrong one (I30).
func SumPayouts(db *gorm.DB, f PayoutFilter) (sums []Money, capped bool, err error) {
	l, err := f.ready(db)
	if err != nil {
		return nil, false, err
	}
	return l.sums(db)
}

func (l listing) sums(db *gorm.DB) (sums []Money, capped bool, err error) {
	if l.kept() {
		cells, err := PayoutCounts(db)
		_, sums = Kept(cells, l.PayoutFilter)
		return sums, false, err
	}
	if _, capped, err := l.count(db, ""); err != nil || capped {
		return nil, capped, err
	}
	for _, arm := range l.arms(db) {
		var found []Money
		if err := arm.Select("sum(amount_minor) AS minor, currency").Group("currency").Scan(&found).Error; err != nil {
			return nil, false, err
		}
		for _, sum := range found {
			sums = addTo(sums, sum)
		}
	}
	return sums, false, nil
}

// addTo adds a sum to the one of its currency, and keeps them by currency.
func addTo(sums []Money, sum Money) []Money {
	for i := range sums {
		if sums[i].Currency == sum.Currency {
			sums[i].Minor += sum.Minor
			return sums
		}
	}
	sums = append(sums, sum)
	slices.SortFunc(sums, func(a, b Money) int { return strings.Compare(a.Currency, b.Currency) })
	return sums
}

// kept says whether the counters know the answer: they are kept by account,
// currency, state and contradiction.
func (f PayoutFilter) kept() bool {
	rest := f
	rest.Currency, rest.Account, rest.Contradicted, rest.Held, rest.Reserved = "", 0, false, false, false
	return f.Tab != TabMine && !f.Own && !rest.Narrowed()
}

// Kept is what the counters say of a filter that asks for nothing that they do not
// know: tab, currency, account, contradictions, held, reserved.
func Kept(cells []PayoutCount, f PayoutFilter) (orders int64, sums []Money) {
	for _, c := range cells {
		if f.admits(c) {
			orders, sums = orders+c.Orders, addTo(sums, c.Sum())
		}
	}
	return orders, sums
}

// admits is the filter as the counters see it.
func (f PayoutFilter) admits(c PayoutCount) bool {
	places := f.places()
	return (places == nil || slices.Contains(places, place{c.Stage, c.Outcome})) &&
		(f.Currency == "" || c.Currency == f.Currency) && (f.Account == 0 || c.AccountID == f.Account) &&
		(!f.Contradicted || c.Contradicted) && (f.Tab != TabDone || !c.Contradicted)
}
