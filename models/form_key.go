package models

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// FormKey is a used one-time key of a form and where its first use led (S6).
type FormKey struct {
	Digest   []byte    `gorm:"primaryKey"`
	UsedAt   time.Time `gorm:"serializer:ms"`
	Location string    // "" while the first use has not ended
}

// ClaimFormKey marks the key as used; first is false when it was used before,
// and the key then says where that led.
func ClaimFormKey(tx *gorm.DB, digest []byte, at time.Time) (k FormKey, first bool, err error) {
	k = FormKey{Digest: digest, UsedAt: at}
	made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&k)
	if made.Error != nil || made.RowsAffected == 1 {
		return k, made.Error == nil, made.Error
	}
	return k, false, tx.Take(&k, "digest = ?", digest).Error
}

// LeadFormKey notes where the first use led.
func LeadFormKey(tx *gorm.DB, digest []byte, location string) error {
	return tx.Model(&FormKey{}).Where("digest = ?", digest).Update("location", location).Error
}

// FreeFormKey lets the key be used again, because its use was refused and did nothing.
func FreeFormKey(tx *gorm.DB, digest []byte) error {
	return tx.Where("digest = ?", digest).Delete(&FormKey{}).Error
}

// DropFormKeys removes keys that are too old to be accepted anyway.
func DropFormKeys(tx *gorm.DB, before time.Time) error {
	return tx.Where("used_at < ?", Millis(before)).Delete(&FormKey{}).Error
}
