package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// Approval is one signature over the content of one version of an order (I3).
type Approval struct {
	ID            int64
	PayoutID      PayoutID
	Version       int
	PersonID      PersonID
	Digest        []byte
	PolicyVersion int
	At            time.Time `gorm:"serializer:ms"`
}

// AddApproval stores a signature; the database refuses the maker and a second
// one by the same person (I4).
func AddApproval(tx *gorm.DB, a *Approval) error {
	err := tx.Create(a).Error
	switch {
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return Refuse(Conflict, "payout.signed_already")
	case isRefusedByTrigger(err):
		return Refuse(Forbidden, "payout.own_approval")
	}
	return err
}

// Approvals lists the signatures that count: those of the present version.
func Approvals(db *gorm.DB, p Payout) ([]Approval, error) {
	var all []Approval
	err := db.Where("payout_id = ? AND version = ?", p.ID, p.Version).Order("id").Find(&all).Error
	return all, err
}

// Approvers are the people whose signatures count.
func Approvers(db *gorm.DB, p Payout) ([]PersonID, error) {
	var ids []PersonID
	err := db.Model(&Approval{}).Where("payout_id = ? AND version = ?", p.ID, p.Version).Pluck("person_id", &ids).Error
	return ids, err
}
