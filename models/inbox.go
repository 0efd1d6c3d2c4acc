package models

import (
	"strings"
	"time"

	"gorm.io/gorm"
)

// InboxSort is in which order orders that wait for signatures are listed.
type InboxSort string

// The orders in which they are. What has the same cut-off is listed by the sum, and sums of
// two currencies are never compared.
const (
	ByCutOff  InboxSort = "cut_off"
	ByAmount  InboxSort = "largest"
	ByWaiting InboxSort = "longest" // who waits longest
)

// InboxSorts lists them.
var InboxSorts = []InboxSort{ByCutOff, ByAmount, ByWaiting}

// Inbox is a page of orders that wait for signatures.
type Inbox struct {
	Sort    InboxSort
	CutOffs CutOffs // of the accounts, at the moment by which the list is sorted
	After   *Payout // the last one of the page before
	Limit   int
}

// NewInbox is the usual list: by cut-off, then by amount (screens.md 3); who waits longest
// where no gateway has a cut-off.
func NewInbox(db *gorm.DB, at time.Time) (q Inbox, err error) {
	if q.CutOffs, err = ReadCutOffs(db, at); len(q.CutOffs) > 0 {
		q.Sort = ByCutOff
	} else {
		q.Sort = ByWaiting
	}
	return q, err
}

// Find reads the page out of narrowed orders.
func (q Inbox) Find(narrowed *gorm.DB) ([]Payout, error) {
	var page []Payout
	columns := q.columns()
	if q.After != nil {
		narrowed = narrowed.Where(against(columns, ">"), q.key(*q.After)...)
	}
	err := narrowed.Order(strings.Join(columns, ", ")).Limit(q.Limit).Find(&page).Error
	return page, err
}

// columns are what the list is sorted by; the last of them tells any two orders apart.
func (q Inbox) columns() []string {
	switch q.Sort {
	case ByCutOff:
		return []string{q.CutOffs.rankSQL(), "currency", "-amount_minor", "id"}
	case ByAmount:
		return []string{"currency", "-amount_minor", "id"}
	}
	return []string{"submitted_at", "id"}
}

// key is what an order has in those columns.
func (q Inbox) key(p Payout) []any {
	switch q.Sort {
	case ByCutOff:
		return []any{q.CutOffs.rank(p.AccountID), p.Currency, -p.AmountMinor, p.ID}
	case ByAmount:
		return []any{p.Currency, -p.AmountMinor, p.ID}
	}
	return []any{Millis(p.SubmittedAt), p.ID}
}

// against compares columns, taken together, with a key.
func against(columns []string, how string) string {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	return "(" + strings.Join(columns, ", ") + ") " + how + " (" + marks + ")"
}

// Place is which of the orders that wait for this person an order is, in the order of the
// list; 0 if it does not wait for them.
func (q Inbox) Place(db *gorm.DB, by Person, p Payout) (int, error) {
	here, err := count(ToDecide(db, by).Where("id = ?", p.ID))
	if err != nil || here == 0 {
		return 0, err
	}
	before, err := count(ToDecide(db, by).Where(against(q.columns(), "<"), q.key(p)...))
	return before + 1, err
}
