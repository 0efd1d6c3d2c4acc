package services

import (
	"errors"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Deed is an act with what its person is shown of it before they sign.
type Deed struct {
	models.Act
	Kind   models.ChangeKind // of a change that two people make; "" for anything else
	Name   string            // of whom or what it is about
	Lines  []models.ChangeLine
	Reason string
}

// ProofNeeded says that a deed would be done as it was asked for, but for a proof that
// its person is there. Whoever answers them shows the deed and asks for one (S5).
type ProofNeeded struct {
	Deed Deed
	Why  models.Refusal // what was wrong with the proof that came, if one did
}

func (p ProofNeeded) Error() string { return p.Why.Error() }

// Unwrap makes it a refusal like any other where nobody can be asked.
func (p ProofNeeded) Unwrap() error { return p.Why }

// Missing says whether there was no proof at all.
func (s Signed) Missing() bool { return s.claim == nil }

// over uses the proof up for a deed whose content was typed: every other check comes
// before it, so that nobody signs what would be refused. What the machine does nobody
// signs.
func (s Signed) over(tx *gorm.DB, by models.PersonID, d Deed, now time.Time) (models.Signature, error) {
	if by == 0 {
		return models.Signature{}, nil
	}
	signature, err := s.take(tx, by, d.Act, now)
	var why models.Refusal
	if errors.As(err, &why) {
		return signature, ProofNeeded{d, why}
	}
	return signature, err
}
