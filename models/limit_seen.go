package models

import (
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
