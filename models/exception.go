package models

import (
	"time"

	"gorm.io/gorm"
)

// RoleException lets a person hold two roles that are kept apart, until a day that two
// people have agreed on. Then the later role goes.
type RoleException struct {
	ID       int64
	PersonID PersonID
	Later    Role // goes at the end
	Earlier  Role
	Reason   string
	GivenAt  time.Time `gorm:"serializer:ms"`
	UntilAt  time.Time `gorm:"serializer:ms"`
	EndedAt  time.Time `gorm:"serializer:ms"` // when one of the roles went
}

// ExceptionLasts is the longest that roles may be held against the matrix.
const ExceptionLasts = 90 * 24 * time.Hour

// Exceptions are those that stand, the first to end first.
func Exceptions(db *gorm.DB) ([]RoleException, error) {
	var all []RoleException
	err := db.Where("ended_at = 0").Order("until_at, id").Find(&all).Error
	return all, err
}

// Covers says whether the exception is about these two roles of this person.
func (e RoleException) Covers(id PersonID, pair Apart) bool {
	return e.PersonID == id && (e.Later == pair.One && e.Earlier == pair.Other || e.Later == pair.Other && e.Earlier == pair.One)
}

// AddException stores one.
func AddException(tx *gorm.DB, e *RoleException) error { return tx.Create(e).Error }

// EndExceptions ends those of a person of which a role is no longer held.
func EndExceptions(tx *gorm.DB, id PersonID, held []Role, at time.Time) error {
	return tx.Model(&RoleException{}).Where("person_id = ? AND ended_at = 0", id).
		Where("later NOT IN ? OR earlier NOT IN ?", append(held, ""), append(held, "")).Update("ended_at", Millis(at)).Error
}
