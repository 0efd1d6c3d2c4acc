package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// SignInStep is a sign-in whose password was right and whose second factor is still to
// come. It is no session: whoever has one is nobody yet.
type SignInStep struct {
	Digest   []byte `gorm:"primaryKey"` // SHA-256 of the id in the cookie
	PersonID PersonID
	BeganAt  time.Time `gorm:"serializer:ms"`
}

// FindStep reads a half sign-in by its digest.
func FindStep(db *gorm.DB, digest []byte) (SignInStep, error) {
	var s SignInStep
	err := db.Take(&s, "digest = ?", digest).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return s, Refuse(Missing, "sign_in.no_step")
	}
	return s, err
}

// OpenStep stores a half sign-in.
func OpenStep(tx *gorm.DB, s *SignInStep) error { return tx.Create(s).Error }

// EndStep removes it; whoever removes it is the one who goes on.
func EndStep(tx *gorm.DB, digest []byte) error {
	ended := tx.Where("digest = ?", digest).Delete(&SignInStep{})
	if ended.Error == nil && ended.RowsAffected != 1 {
		return Refuse(Missing, "sign_in.no_step")
	}
	return ended.Error
}

// DropSteps removes those that began before the time.
func DropSteps(tx *gorm.DB, before time.Time) error {
	return tx.Where("began_at < ?", Millis(before)).Delete(&SignInStep{}).Error
}
