package models

import "gorm.io/gorm"

// ToSign counts and sums up what the person may sign now, by account.
func ToSign(db *gorm.DB, by Person) (w Signable, err error) {
	err = ToDecide(db, by).Select("account_id, currency, count(*) AS orders, sum(amount_minor) AS sum").
		Group("currency, account_id").Order("currency, account_id").Scan(&w).Error
	return w, err
}

// ToBeSigned counts what anybody may sign, by account, out of the kept totals.
func ToBeSigned(cells []PayoutCount) (w Signable) {
	for _, c := range cells {
		if c.Stage == AwaitingApproval {
			w = append(w, signableAt{c.AccountID, c.Currency, c.Orders, c.SumMinor})
		}
	}
	return w
}

// Signable are orders that somebody may sign, counted by account.
type Signable []signableAt

// signableAt are those of one account in one currency.
type signableAt struct {
	AccountID   AccountID
	Currency    string
	Orders, Sum int64
}

// Orders is how many they are.
func (w Signable) Orders() (n int64) {
	for _, row := range w {
		n += row.Orders
	}
	return n
}

// Sums is what they come to.
func (w Signable) Sums() (sums []Money) {
	for _, row := range w {
		sums = addTo(sums, Money{row.Sum, row.Currency})
	}
	return sums
}

// Next is the next cut-off of an account for which something waits, and how many orders wait
// for the accounts that have it.
func (w Signable) Next(all CutOffs) (next CutOff, orders int64) {
	ranks := all.ranks()
	first := len(ranks)
	for _, row := range w {
		switch at, known := ranks[row.AccountID]; {
		case known && at < first:
			first, next, orders = at, all[row.AccountID], row.Orders
		case known && at == first:
			orders += row.Orders
		}
	}
	return next, orders
}
