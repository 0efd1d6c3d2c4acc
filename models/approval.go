package models

import (
	"errors"
	"strings"
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
	Roles         string    // that the signer held then and that may sign, by spaces; "" before roles were kept
	SignatureID   *int64    // nil for those given before signatures were kept
	At            time.Time `gorm:"serializer:ms"`
}

// Signer is who signed, for the steps that ask for a role.
func (a Approval) Signer() Signer { return Signer{a.PersonID, ReadRoles(a.Roles)} }

// RoleList writes roles as an approval and the log keep them.
func RoleList(roles []Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = string(role)
	}
	return strings.Join(words, " ")
}

// ReadRoles reads them back.
func ReadRoles(list string) (roles []Role) {
	for _, word := range strings.Fields(list) {
		roles = append(roles, Role(word))
	}
	return roles
}

// AddApproval stores an approval; the database refuses the maker, a second one by the
// same person (I4), and one without a signature of its person over its content (S5).
func AddApproval(tx *gorm.DB, a *Approval) error {
	if a.SignatureID == nil {
		return Refuse(Forbidden, "step_up.missing")
	}
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

// PeopleOf are the people who gave these signatures.
func PeopleOf(approvals []Approval) []PersonID {
	ids := make([]PersonID, len(approvals))
	for i, a := range approvals {
		ids[i] = a.PersonID
	}
	return ids
}

// Approvers are the people whose signatures count.
func Approvers(db *gorm.DB, p Payout) ([]PersonID, error) {
	var ids []PersonID
	err := db.Model(&Approval{}).Where("payout_id = ? AND version = ?", p.ID, p.Version).Pluck("person_id", &ids).Error
	return ids, err
}
