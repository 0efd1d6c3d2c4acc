package models

import (
	"strconv"
	"time"

	"gorm.io/gorm"
)

// Due lists the payouts whose time has come and that nobody works on, the oldest
// due first (I13).
func Due(db *gorm.DB, now time.Time, limit int) ([]Payout, error) {
	var due []Payout
	err := db.Where("next_action_at > 0 AND next_action_at <= ?", Millis(now)).
		Order("next_action_at, id").Limit(limit).Find(&due).Error
	return due, err
}

// Planned says how many payouts have a next action, as text for the duty's note.
func Planned(db *gorm.DB) (string, error) {
	var count int64
	err := db.Model(&Payout{}).Where("next_action_at > 0").Count(&count).Error
	return strconv.FormatInt(count, 10), err
}
