package models

import (
	"strconv"
	"time"

	"gorm.io/gorm"
)

// Due lists the payouts whose time has come and that nobody works on, the oldest
// due first: of each account so many that wait to be sent and so many others, or a
// gateway that answers nobody would starve the rest (I13).
func Due(db *gorm.DB, now time.Time, limit int) ([]Payout, error) {
	lanes := db.Model(&Payout{}).
		Select("id, row_number() OVER (PARTITION BY account_id, stage = 'approved' ORDER BY next_action_at, id) AS place").
		Where("next_action_at > 0 AND next_action_at <= ?", Millis(now))
	fresh := db.Session(&gorm.Session{NewDB: true})
	first := fresh.Table("(?)", lanes).Select("id").Where("place <= ?", limit)
	var due []Payout
	err := fresh.Where("id IN (?)", first).Order("next_action_at, id").Find(&due).Error
	return due, err
}

// Claimed lists the payouts that a sender has claimed and not done yet.
func Claimed(db *gorm.DB) (claimed []Payout, err error) {
	err = db.Where("next_action_at > 0 AND leased_by <> ''").Find(&claimed).Error
	return claimed, err
}

// BringForward moves every plan by as much as the clock was set back, or it would
// wait for the clock to come round again (I20).
func BringForward(tx *gorm.DB, now time.Time, back time.Duration) error {
	windows := tx.Model(&Payout{}).Where("stage = ? AND leaves_at > ?", Approved, Millis(now)).
		Update("leaves_at", gorm.Expr("max(leaves_at - ?, 1)", back.Milliseconds()))
	if windows.Error != nil {
		return windows.Error
	}
	return tx.Model(&Payout{}).Where("next_action_at > ?", Millis(now)).
		Update("next_action_at", gorm.Expr("max(next_action_at - ?, 1)", back.Milliseconds())).Error
}

// Leaving lists released orders that can still be called back, the first to leave first.
func Leaving(db *gorm.DB, now time.Time, many int) (orders []Payout, err error) {
	err = db.Where("stage = 'approved' AND leaves_at > 0 AND leaves_at > ? AND room <> ''", Millis(now)).Order("leaves_at, id").Limit(many).Find(&orders).Error
	return orders, err
}

// LetGo makes what waits to be sent due now, of one account or of all where none is
// named: what kept it back is gone. An order that somebody works on stays theirs.
func LetGo(tx *gorm.DB, account AccountID, now time.Time) error {
	waiting := tx.Model(&Payout{}).Where("next_action_at > 0 AND next_action_at > ? AND stage = ? AND leased_until <= ?", Millis(now), Approved, Millis(now))
	if account > 0 {
		waiting = waiting.Where("account_id = ?", account)
	}
	return waiting.Update("next_action_at", Millis(now)).Error
}

// Planned says how many payouts have a next action, as text for the duty's note.
func Planned(db *gorm.DB) (string, error) {
	var count int64
	err := db.Model(&Payout{}).Where("next_action_at > 0").Count(&count).Error
	return strconv.FormatInt(count, 10), err
}
