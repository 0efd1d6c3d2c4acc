package models

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// PayeeState narrows the book by what is known of a payee.
type PayeeState string

// The states of the filter.
const (
	PayeesAll     PayeeState = ""
	PayeesNew     PayeeState = "new"     // nothing was ever paid to them
	PayeesChanged PayeeState = "changed" // their details have changed at least once
)

// PayeeStates lists them in the order of the page.
var PayeeStates = []PayeeState{PayeesAll, PayeesNew, PayeesChanged}

// PayeeFilter is which payees the book shows; it is the whole of the address (K2).
type PayeeFilter struct {
	State  PayeeState
	Search string // part of a name, or the last four of an account
	Number []byte // keyed hash of a whole account number
	Rail   string
}

// ParsePayeeFilter reads an address. What it cannot read it leaves out and names.
func ParsePayeeFilter(values url.Values) (PayeeFilter, Refusals) {
	q := newAddress(values)
	names := make([]string, len(PayeeStates))
	for i, state := range PayeeStates {
		names[i] = string(state)
	}
	f := PayeeFilter{State: PayeeState(q.oneOf("state", names)), Search: ReadSearch(q.text("q")).Text, Number: q.digest("number"), Rail: q.text("rail")}
	return f, q.refusals("before", "after")
}

// Values is the address of the filter, without the page in it.
func (f PayeeFilter) Values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"state": string(f.State), "q": f.Search, "number": hexText(f.Number), "rail": f.Rail} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// Narrowed says whether anything but the state leaves payees out.
func (f PayeeFilter) Narrowed() bool { return f.Search != "" || f.Number != nil || f.Rail != "" }

// PayeeLine is one payee as the book lists them: by their newest details.
type PayeeLine struct {
	PayeeVersion
	Orders    int
	LastOrder Payout // the newest, without an id where there is none
}

// PayeePage is one page of the book, by name.
type PayeePage struct {
	Lines []PayeeLine
	Back  PayeeID // the page before ends above this payee; 0 where there is none
	On    PayeeID // the next page begins below this one
}

// The conditions of the filter.
const (
	everNumbered = "id IN (SELECT payee_id FROM payee_versions WHERE account_hash = ?)"
	everNamed    = "(folded LIKE @folded OR romanised LIKE @whole OR initials LIKE @initials OR id IN (SELECT payee_id FROM payee_versions WHERE last4 = @last4))"
	onRail       = "EXISTS (SELECT 1 FROM payee_versions v WHERE v.payee_id = payees.id AND v.rail = ?)"
	neverPaidTo  = "NOT EXISTS (SELECT 1 FROM payouts p WHERE p.payee_id = payees.id AND p.outcome = 'paid')"
	everChanged  = "id IN (SELECT payee_id FROM payee_versions INDEXED BY payee_versions_changed WHERE number > 1)"
)

func (f PayeeFilter) narrow(db *gorm.DB) *gorm.DB {
	q := db.Model(&Payee{})
	if f.Number != nil {
		q = q.Where(everNumbered, f.Number)
	}
	if f.Search != "" {
		whole, initials := romanisedPattern(FoldName(f.Search))
		q = q.Where(everNamed, map[string]any{"folded": namePattern(f.Search), "whole": whole, "initials": initials, "last4": f.Search})
	}
	if f.Rail != "" {
		q = q.Where(onRail, f.Rail)
	}
	switch f.State {
	case PayeesNew:
		q = q.Where(neverPaidTo)
	case PayeesChanged:
		q = q.Where(everChanged)
	}
	return q
}

// namePattern finds names that hold the text, in any way of writing it; NULL, which
// finds nothing, where the text can be a number alone, or one letter. One Chinese
// character is a surname.
func namePattern(text string) any {
	folded := FoldName(text)
	number := strings.Trim(text, "0123456789.,…·* ") == ""
	if number || folded == "" || len(folded) == 1 {
		return nil
	}
	return "%" + folded + "%"
}

// ListPayees reads one page of the book, by name: those next after one payee, or next
// before one, or the first.
func ListPayees(db *gorm.DB, f PayeeFilter, before, after PayeeID, size int) (page PayeePage, err error) {
	q := f.narrow(db).Limit(size + 1)
	switch {
	case before > 0:
		q = q.Where("(folded, id) < (SELECT folded, id FROM payees WHERE id = ?)", before).Order("folded DESC, id DESC")
	case after > 0:
		q = q.Where("(folded, id) > (SELECT folded, id FROM payees WHERE id = ?)", after).Order("folded, id")
	default:
		q = q.Order("folded, id")
	}
	var ids []PayeeID
	if err := q.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return page, err
	}
	more := len(ids) > size
	ids = ids[:min(len(ids), size)]
	if before > 0 {
		slices.Reverse(ids)
	}
	if before > 0 && more || after > 0 {
		page.Back = ids[0]
	}
	if before > 0 || more {
		page.On = ids[len(ids)-1]
	}
	page.Lines, err = payeeLines(db, ids)
	return page, err
}

// payeeLines reads what the book says of each.
func payeeLines(db *gorm.DB, ids []PayeeID) ([]PayeeLine, error) {
	lines := make([]PayeeLine, 0, len(ids))
	for _, id := range ids {
		latest, err := LatestVersion(db, id)
		if err != nil {
			return nil, err
		}
		line := PayeeLine{PayeeVersion: latest}
		if line.Orders, err = count(db.Model(&Payout{}).Where("payee_id = ?", id)); err != nil {
			return nil, err
		}
		past, err := OrdersTo(db, id, 1)
		if err != nil {
			return nil, err
		}
		if len(past) > 0 {
			line.LastOrder = past[0]
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// OrdersTo lists the newest orders to a payee.
func OrdersTo(db *gorm.DB, id PayeeID, limit int) ([]Payout, error) {
	var orders []Payout
	err := db.Where("payee_id = ?", id).Order("id DESC").Limit(limit).Find(&orders).Error
	return orders, err
}

// Value is the id as an address has it.
func (id PayeeID) Value() string { return strconv.FormatInt(int64(id), 10) }
