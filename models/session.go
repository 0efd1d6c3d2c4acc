package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Session is one signed-in browser. The cookie holds a random id; only its
// digest is stored (S1).
type Session struct {
	Digest    []byte `gorm:"primaryKey"` // SHA-256 of the id in the cookie
	PersonID  PersonID
	CreatedAt time.Time `gorm:"serializer:ms;autoCreateTime:false"`
	SeenAt    time.Time `gorm:"serializer:ms"`
	Address   string
	Agent     string
	Data      []byte // the session's values, encoded by the session store
}

// FindSession reads a session by its digest.
func FindSession(db *gorm.DB, digest []byte) (Session, error) {
	var s Session
	err := db.Take(&s, "digest = ?", digest).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return s, Refuse(Missing, "session.missing")
	}
	return s, err
}

// OpenSession stores a new session.
func OpenSession(tx *gorm.DB, s *Session) error { return tx.Create(s).Error }

// SeeSession notes when the browser was last heard of. A session that has ended
// meanwhile stays ended.
func SeeSession(tx *gorm.DB, digest []byte, at time.Time) error {
	return tx.Model(&Session{}).Where("digest = ?", digest).Update("seen_at", Millis(at)).Error
}

// KeepSessionData stores the session's values, if the session has not ended.
func KeepSessionData(tx *gorm.DB, digest, data []byte) error {
	return tx.Model(&Session{}).Where("digest = ?", digest).Update("data", data).Error
}

// SessionsOf lists a person's sessions, the latest seen first.
func SessionsOf(db *gorm.DB, id PersonID) ([]Session, error) {
	var all []Session
	err := db.Where("person_id = ?", id).Order("seen_at DESC").Find(&all).Error
	return all, err
}

// EndSession removes one session.
func EndSession(tx *gorm.DB, digest []byte) error {
	return tx.Where("digest = ?", digest).Delete(&Session{}).Error
}

// EndSessionsOf removes all sessions of a person but the one to spare (nil
// spares none).
func EndSessionsOf(tx *gorm.DB, id PersonID, spare []byte) error {
	if spare == nil {
		spare = []byte{}
	}
	return tx.Where("person_id = ? AND digest <> ?", id, spare).Delete(&Session{}).Error
}

// DropSessions removes the sessions that nobody has used since idle, or that
// began before whole.
func DropSessions(tx *gorm.DB, idle, whole time.Time) error {
	return tx.Where("seen_at < ? OR created_at < ?", Millis(idle), Millis(whole)).Delete(&Session{}).Error
}

// SignInTry counts tries under one name: a login or an address (S4).
type SignInTry struct {
	Name        string `gorm:"primaryKey"`
	Wrong       int
	FirstAt     time.Time `gorm:"serializer:ms"`
	LockedUntil time.Time `gorm:"serializer:ms"`
}

// CountTry counts one try under the name before its password is looked at, so
// that many tries at once are still counted. The last one of the allowance locks
// the name; while it is locked nothing is counted and locked says until when.
func CountTry(tx *gorm.DB, name string, at time.Time, allowance int, lock time.Duration) (locked time.Time, err error) {
	var found []SignInTry
	if err := tx.Where("name = ?", name).Find(&found).Error; err != nil {
		return locked, err
	}
	try := SignInTry{Name: name, FirstAt: at}
	if len(found) == 1 {
		try = found[0].again(at, lock)
	}
	if at.Before(try.LockedUntil) {
		return try.LockedUntil, nil
	}
	if try.Wrong++; try.Wrong >= allowance {
		try.LockedUntil = at.Add(lock)
	}
	return locked, tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&try).Error
}

// again starts counting anew once the lock, or the time without one, is over.
func (t SignInTry) again(at time.Time, lock time.Duration) SignInTry {
	over := t.FirstAt.Add(lock)
	if !t.LockedUntil.IsZero() {
		over = t.LockedUntil
	}
	if at.Before(over) {
		return t
	}
	return SignInTry{Name: t.Name, FirstAt: at}
}

// TakeBackTry takes back the count of a try that was right. At a login nothing
// is left of the wrong ones before it; at an address they stay.
func TakeBackTry(tx *gorm.DB, login, address string) error {
	if err := tx.Where("name = ?", login).Delete(&SignInTry{}).Error; err != nil {
		return err
	}
	return tx.Model(&SignInTry{}).Where("name = ? AND wrong > 0", address).
		Updates(map[string]any{"wrong": gorm.Expr("wrong - 1"), "locked_until": 0}).Error
}

// DropTries removes counts that began before the time and lock nobody any more.
func DropTries(tx *gorm.DB, before time.Time) error {
	return tx.Where("first_at < ? AND locked_until < ?", Millis(before), Millis(before)).Delete(&SignInTry{}).Error
}

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
