package models

import (
	"crypto/subtle"
	"errors"
	"time"

	"gorm.io/gorm"
)

// LinkTries is how many wrong codes a link bears (S4).
const LinkTries = 10

// Invitation is a link that works once: who has it chooses the password of a person, or
// is the first person of the installation (S20). One that a person asked for is half a key:
// it opens with the code that whoever confirmed it has, and no other (decision 17).
type Invitation struct {
	ID         int64
	Digest     []byte    // SHA-256 of the link's secret
	PersonID   *PersonID // nil: for the first person
	MadeBy     *PersonID // nil: the machine
	MadeAt     time.Time `gorm:"serializer:ms"`
	ExpiresAt  time.Time `gorm:"serializer:ms"`
	UsedAt     time.Time `gorm:"serializer:ms"`
	ChangeID   *int64    // by which two people agreed on it; nil: the machine's
	CodeDigest []byte    // SHA-256 of the other half; nil until it was confirmed
	Wrong      int       // codes that did not fit
}

var errInvitationOver = Refuse(Missing, "invitation.over")

// HasCode says whether the link opens with a code alone: every one that a person asked for.
func (i Invitation) HasCode() bool { return i.MadeBy != nil }

// CheckOpen says whether the link opens at all: one that a person asked for does once a
// second person has confirmed it, and until too many wrong codes were tried.
func (i Invitation) CheckOpen(at time.Time) error {
	switch {
	case !i.UsedAt.IsZero() || !at.Before(i.ExpiresAt) || i.HasCode() && i.ChangeID == nil || i.Wrong >= LinkTries:
		return errInvitationOver
	case i.HasCode() && i.CodeDigest == nil:
		return Refuse(Conflict, "invitation.waits")
	}
	return nil
}

// Fits says whether the other half with this digest is the one of the link.
func (i Invitation) Fits(code []byte) bool {
	return !i.HasCode() || i.CodeDigest != nil && subtle.ConstantTimeCompare(i.CodeDigest, code) == 1
}

// FindInvitation reads a link that can still be used. One that never was, is used, void
// or too old is answered alike.
func FindInvitation(db *gorm.DB, digest []byte, at time.Time) (Invitation, error) {
	var i Invitation
	err := db.Take(&i, "digest = ?", digest).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return i, errInvitationOver
	}
	if err == nil {
		err = i.CheckOpen(at)
	}
	return i, err
}

// InvitationOf is the link that a change is about; ok is false where it is void.
func InvitationOf(db *gorm.DB, change int64) (i Invitation, ok bool, err error) {
	var found []Invitation
	if err = db.Where("change_id = ?", change).Find(&found).Error; err != nil || len(found) == 0 {
		return i, false, err
	}
	return found[0], true, nil
}

// MakeInvitation stores a link; those made before for the same person are void.
func MakeInvitation(tx *gorm.DB, i *Invitation) error {
	if err := VoidInvitations(tx, i.PersonID); err != nil {
		return err
	}
	return tx.Create(i).Error
}

// VoidInvitations removes the links to a person that nobody has used; nil is the first
// person of an installation.
func VoidInvitations(tx *gorm.DB, id *PersonID) error {
	return tx.Where("person_id IS ? AND used_at = 0", id).Delete(&Invitation{}).Error
}

// GiveCode gives a confirmed link its other half, once, and the time that it lasts from now.
func (i Invitation) GiveCode(tx *gorm.DB, code []byte, until time.Time) error {
	given := tx.Model(&Invitation{}).Where("id = ? AND code_digest IS NULL AND used_at = 0", i.ID).
		Updates(map[string]any{"code_digest": code, "expires_at": Millis(until)})
	return oneInvitation(given)
}

// CountWrong counts a code that did not fit.
func (i Invitation) CountWrong(tx *gorm.DB) error {
	return oneInvitation(tx.Model(&Invitation{}).Where("id = ? AND used_at = 0", i.ID).Update("wrong", gorm.Expr("wrong + 1")))
}

// UseInvitation takes the link; of two who use it at once, one does.
func UseInvitation(tx *gorm.DB, i Invitation, at time.Time) error {
	return oneInvitation(tx.Model(&Invitation{}).Where("id = ? AND used_at = 0", i.ID).Update("used_at", Millis(at)))
}

func oneInvitation(done *gorm.DB) error {
	if done.Error == nil && done.RowsAffected != 1 {
		return errInvitationOver
	}
	return done.Error
}
