package models

import (
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// FactorReset takes a lost second factor away: a people admin proposes it, a controller
// confirms it (invariants.md 3), and neither is the person who lost it.
type FactorReset struct {
	ID         int64
	PersonID   PersonID
	Reason     string
	State      ResetState
	ProposedBy PersonID
	ProposedAt time.Time `gorm:"serializer:ms"`
	DecidedBy  *PersonID
	DecidedAt  time.Time `gorm:"serializer:ms"`
}

// ResetState is how far a reset has come.
type ResetState string

// The states of a reset.
const (
	ResetProposed  ResetState = "proposed"
	ResetConfirmed ResetState = "confirmed"
	ResetRefused   ResetState = "refused"
)

// CheckReset says whether the person may propose that somebody's factors are taken away.
func (f Factors) CheckReset(of, by Person) error {
	switch {
	case !by.May(VerbPeople):
		return Refuse(Forbidden, "role.people")
	case of.ID == by.ID:
		return Refuse(Forbidden, "factor.own_reset")
	case !f.Any():
		return Refuse(Conflict, "factor.none")
	}
	return nil
}

// CheckDecision says whether the person may confirm or refuse the reset.
func (r FactorReset) CheckDecision(by Person) error {
	switch {
	case !by.May(VerbFactors):
		return Refuse(Forbidden, "role.factors")
	case r.PersonID == by.ID:
		return Refuse(Forbidden, "factor.own_reset")
	case r.ProposedBy == by.ID:
		return Refuse(Forbidden, "factor.own_proposal")
	case r.State != ResetProposed:
		return Refuse(Conflict, "factor.reset_decided")
	}
	return nil
}

// Act is to take the factors away, as it was proposed.
func (r FactorReset) Act() Act {
	return Act{
		Verb: ActConfirmReset, Subject: "person", SubjectID: fmt.Sprint(r.PersonID),
		Digest: digestOf("countersign reset v1", fmt.Append(nil, r.ID), fmt.Append(nil, r.ProposedBy), []byte(r.Reason)),
	}
}

// ProposeReset stores a proposal, one at a time for each person.
func ProposeReset(tx *gorm.DB, r *FactorReset) error {
	return orTaken(tx.Create(r).Error, "factor.reset_waits")
}

// DecideReset ends a proposal; of two who decide at once, one does.
func DecideReset(tx *gorm.DB, r FactorReset, state ResetState, by PersonID, at time.Time) error {
	decided := tx.Model(&FactorReset{}).Where("id = ? AND state = ?", r.ID, ResetProposed).
		Updates(map[string]any{"state": state, "decided_by": by, "decided_at": Millis(at)})
	if decided.Error == nil && decided.RowsAffected != 1 {
		return Refuse(Conflict, "factor.reset_decided")
	}
	return decided.Error
}

// OpenReset is the proposal about a person that waits for a controller.
func OpenReset(db *gorm.DB, id PersonID) (FactorReset, error) {
	var r FactorReset
	err := db.Take(&r, "person_id = ? AND state = ?", id, ResetProposed).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, Refuse(Missing, "factor.no_reset")
	}
	return r, err
}

// OpenResets are all that wait, the oldest first.
func OpenResets(db *gorm.DB) ([]FactorReset, error) {
	var all []FactorReset
	err := db.Where("state = ?", ResetProposed).Order("id").Find(&all).Error
	return all, err
}
