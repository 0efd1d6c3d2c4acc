package models

import (
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// Limits count over everything, and a reader may see a part of it. What others use outside
// that part is told to nobody (invariants.md 3): of such a limit one learns what it is, and
// whether there is room.

// SeesAllOf says whether the reader sees every order of the currency.
func SeesAllOf(db *gorm.DB, currency string) (bool, error) {
	s := scopeOf(db)
	if len(s.Currencies) > 0 && !slices.Contains(s.Currencies, currency) {
		return false, nil
	}
	if len(s.Accounts) == 0 {
		return true, nil
	}
	var hidden int64
	err := db.WithContext(Everywhere(db.Statement.Context)).Model(&GatewayAccount{}).
		Where("currency = ? AND id NOT IN ?", currency, s.Accounts).Count(&hidden).Error
	return hidden == 0, err
}

// SeesOf says whether the reader sees any order of the currency.
func SeesOf(db *gorm.DB, currency string) (bool, error) {
	if s := scopeOf(db); s.Whole() {
		return true, nil
	}
	var seen int64
	err := db.Model(&GatewayAccount{}).Where("currency = ?", currency).Count(&seen).Error
	return seen > 0, err
}

// UsesSeen is what is used of the limits of a scope on a day, the most first, as far as
// the reader sees whose it is; known is false where even that would tell of others. The
// used part of a day's limit is then that of the accounts that the reader sees.
func UsesSeen(db *gorm.DB, day, currency string, scope LimitScope, many int) (uses []LimitUse, known bool, err error) {
	all, err := SeesAllOf(db, currency)
	if err != nil || all {
		uses, err = UsesOn(db, day, currency, scope, many)
		return uses, true, err
	}
	if scope != LimitGateway && scope != LimitDay {
		return nil, false, nil
	}
	var own []string
	for _, id := range scopeOf(db).Accounts {
		own = append(own, strconv.FormatInt(int64(id), 10))
	}
	through := db.Where("day = ? AND currency = ? AND scope = ? AND orders <> 0", day, currency, LimitGateway).Where("subject IN ?", own)
	err = through.Order("sum_minor DESC, subject").Find(&uses).Error
	if scope == LimitGateway {
		return uses[:min(len(uses), many)], true, err
	}
	sum := LimitUse{Day: day, Currency: currency, Scope: LimitDay}
	for _, use := range uses {
		sum.Orders, sum.SumMinor = sum.Orders+use.Orders, sum.SumMinor+use.SumMinor
	}
	return []LimitUse{sum}, false, err
}

// VersionsSeen are the versions of the limits, the newest first, as far as the reader sees
// their currencies: what changed nothing there is left out.
func VersionsSeen(db *gorm.DB) (seen []LimitVersion, err error) {
	all, err := LimitVersions(db)
	if err != nil || scopeOf(db).Whole() {
		return all, err
	}
	before := ""
	for _, v := range slices.Backward(all) {
		if v.Content, err = v.Content.seen(db); err != nil {
			return nil, err
		}
		now := fmt.Sprint(v.Content.Sorted())
		if now != before {
			seen = append(seen, v)
		}
		before = now
	}
	slices.Reverse(seen)
	return seen, nil
}

// seen are the limits of the currencies that the reader sees.
func (l Limits) seen(db *gorm.DB) (Limits, error) {
	limits, windows := l.Limits, l.Windows
	l.Limits, l.Windows = nil, nil
	for _, currency := range (Limits{Limits: limits, Windows: windows}).Currencies() {
		sees, err := SeesOf(db, currency)
		if err != nil || !sees {
			if err != nil {
				return l, err
			}
			continue
		}
		l.Limits = append(l.Limits, slices.DeleteFunc(slices.Clone(limits), func(o Limit) bool { return o.Currency != currency })...)
		l.Windows = append(l.Windows, slices.DeleteFunc(slices.Clone(windows), func(o Window) bool { return o.Currency != currency })...)
	}
	return l, nil
}
