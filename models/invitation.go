package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// Invitation is a link that works once: who has it chooses the password of a person, or
// is the first person of the installation (S20).
type Invitation struct {
	ID        int64
	Digest    []byte    // SHA-256 of the link's secret
	PersonID  *PersonID // nil: for the first person
	MadeBy    *PersonID // nil: the machine
	MadeAt    time.Time `gorm:"serializer:ms"`
	ExpiresAt time.Time `gorm:"serializer:ms"`
	UsedAt    time.Time `gorm:"serializer:ms"`
}

var errInvitationOver = Refuse(Missing, "invitation.over")

// FindInvitation reads a link that can still be used. One that never was, is used, void
// or too old is answered alike.
func FindInvitation(db *gorm.DB, digest []byte, at time.Time) (Invitation, error) {
	var i Invitation
	err := db.Take(&i, "digest = ? AND used_at = 0 AND expires_at > ?", digest, Millis(at)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return i, errInvitationOver
	}
	return i, err
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

// UseInvitation takes the link; of two who use it at once, one does.
func UseInvitation(tx *gorm.DB, i Invitation, at time.Time) error {
	used := tx.Model(&Invitation{}).Where("id = ? AND used_at = 0", i.ID).Update("used_at", Millis(at))
	if used.Error == nil && used.RowsAffected != 1 {
		return errInvitationOver
	}
	return used.Error
}
