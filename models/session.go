package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
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
	Factor    FactorKind // what proved beside the password who it is; "" nothing
	Data      []byte     // the session's values, encoded by the session store
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
// spares none), and every sign-in that is half done.
func EndSessionsOf(tx *gorm.DB, id PersonID, spare []byte) error {
	if err := tx.Where("person_id = ?", id).Delete(&SignInStep{}).Error; err != nil {
		return err
	}
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
