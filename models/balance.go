package models

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// balanceOld is after how long a balance is called old: the timetable asks open accounts
// every five minutes, so three readings in a row have failed or were not made by then.
const balanceOld = 15 * time.Minute

// BalanceOld says whether the balance was read so long ago that little can be built on
// it. One that was never read is not old but unknown.
func (a GatewayAccount) BalanceOld(now time.Time) bool {
	return !a.BalanceAt.IsZero() && now.Sub(a.BalanceAt) >= balanceOld
}

// BalanceHour is the last balance that the gateway named in an hour (J1).
type BalanceHour struct {
	AccountID    AccountID
	Hour         time.Time `gorm:"serializer:ms"`
	At           time.Time `gorm:"serializer:ms"` // of the reading
	BalanceMinor int64
	FrozenMinor  int64
}

// balancesKept is how long the hours are kept.
const balancesKept = 400 * 24 * time.Hour

// NoteBalance keeps the account's balance as the figure of the hour in which it was
// read. An hour without a row is one in which no reading came through.
func NoteBalance(tx *gorm.DB, a GatewayAccount) error {
	row := BalanceHour{
		AccountID: a.ID, Hour: a.BalanceAt.UTC().Truncate(time.Hour), At: a.BalanceAt, BalanceMinor: a.BalanceMinor, FrozenMinor: a.FrozenMinor,
	}
	if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return err
	}
	return tx.Where("account_id = ? AND hour < ?", a.ID, Millis(a.BalanceAt.Add(-balancesKept))).Delete(&BalanceHour{}).Error
}

// BalanceTrend is an account's balance for each of the last hours, the oldest first;
// below zero where nothing was read. A balance below zero counts as zero.
type BalanceTrend struct {
	Hours           []time.Time
	Balance, Frozen []int64
}

// BalanceByHour reads the trend up to now.
func BalanceByHour(db *gorm.DB, id AccountID, now time.Time, hours int) (t BalanceTrend, err error) {
	first := now.UTC().Truncate(time.Hour).Add(-time.Duration(hours-1) * time.Hour)
	var rows []BalanceHour
	err = db.Where("account_id = ? AND hour >= ?", id, Millis(first)).Find(&rows).Error
	for i := range hours {
		t.Hours = append(t.Hours, first.Add(time.Duration(i)*time.Hour))
		t.Balance, t.Frozen = append(t.Balance, -1), append(t.Frozen, -1)
	}
	for _, row := range rows {
		if i := int(row.Hour.Sub(first) / time.Hour); i < hours {
			t.Balance[i], t.Frozen[i] = max(row.BalanceMinor, 0), max(row.FrozenMinor, 0)
		}
	}
	return t, err
}

// Drawn says whether there is a line at all: two hours that were read.
func (t BalanceTrend) Drawn() bool {
	read := 0
	for _, b := range t.Balance {
		if b >= 0 {
			read++
		}
	}
	return read > 1
}
