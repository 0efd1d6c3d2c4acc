package models

import (
	"math"
	"slices"
	"strings"

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

// ListPayouts reads one page of the list.
func ListPayouts(db *gorm.DB, f PayoutFilter, p PayoutPage) (PayoutList, error) {
	l, err := f.ready(db)
	if err != nil {
		return PayoutList{}, err
	}
	return l.list(db, p)
}

func (l listing) list(db *gorm.DB, p PayoutPage) (list PayoutList, err error) {
	ids, more, err := l.page(db, p)
	if err != nil || len(ids) == 0 {
		return list, err
	}
	list.Newer, list.Older = more, more
	if p.After > 0 {
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
