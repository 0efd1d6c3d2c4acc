package services

import (
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
)

// newPayees enter somebody in the book before there is a payout to them (D1). The subject
// is models.NewPayeeSubject, the content models.PayeeDetails.
type newPayees struct{ *Core }

// Subject is the payee, and whoever of ours has declared their account.
func (k newPayees) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	return models.NewPayee(db, subject, k.Core.Now())
}

// Now is nobody: whoever is in the book already is refused by Check.
func (k newPayees) Now(*gorm.DB, string) (any, error) { return models.PayeeDetails{}, nil }

// Check refuses details that the book has, and those that no change may put there.
func (k newPayees) Check(tx *gorm.DB, c models.Change) error {
	to, err := models.ReadPayeeDetails(c.Content)
	if err != nil {
		return err
	}
	if err := models.CheckNewPayee(tx, to); err != nil {
		return err
	}
	return k.checkDetails(tx, c, to)
}

// Apply enters them. Their details rest and begin small, as all new ones do (D4).
func (k newPayees) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	to, err := models.ReadPayeeDetails(c.Content)
	if err != nil {
		return err
	}
	if err := models.CheckOwnEntry(tx, to, by.ID, k.Core.Now()); err != nil {
		return err // declared since it was asked for
	}
	v, err := models.EnterPayee(tx, c, to, by.ID, k.Core.Now())
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	return models.Append(tx, v.Event("payee_entered", by, k.Core.Now(), models.Details{"proposed_by": proposer.Name, "reason_text": c.Reason}))
}

// Lines are by which way they are paid, and every answer about them.
func (k newPayees) Lines(db *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	to, err := models.ReadPayeeDetails(c.Content)
	if err != nil {
		return nil, err
	}
	_, rail, _ := families.Rail(to.Rail)
	lines, err := k.detailLines(db, c)
	return append([]models.ChangeLine{{Name: "payees.rail", After: models.Word(rail.Key)}}, lines...), err
}
