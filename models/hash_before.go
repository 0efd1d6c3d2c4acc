package models

import "gorm.io/gorm"

// HashBefore is the hash of the event before this number, nothing for the first.
func HashBefore(db *gorm.DB, seq int64) (hash []byte, err error) {
	_, err = one(db, []any{&hash}, "SELECT hash FROM events WHERE seq = ?", seq-1)
	return hash, err
}
