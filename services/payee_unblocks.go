package services

import (
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// unblocks take something off the block list (D7). The subject is the block, the content
// whether it counts.
type unblocks struct{ *Core }

type blocking struct {
	Block  int64 `json:"block"`
	Counts bool  `json:"counts"`
}

// BlockSubject names a block as the subject of a change.
func BlockSubject(id int64) string { return strconv.FormatInt(id, 10) }

// Lifted is the content that asks for a block to be taken off.
func (s *Payees) Lifted(b models.PayeeBlock) any { return blocking{b.ID, false} }

func (k unblocks) block(db *gorm.DB, subject string) (models.PayeeBlock, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.PayeeBlock{}, models.Refuse(models.Missing, "block.missing")
	}
	return models.FindPayeeBlock(db, id)
}

// Subject is what is blocked; it is nobody of ours.
func (k unblocks) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	b, err := k.block(db, subject)
	return b.Label(), nil, err
}

// Now says whether it is on the list.
func (k unblocks) Now(tx *gorm.DB, subject string) (any, error) {
	b, err := k.block(tx, subject)
	return blocking{b.ID, b.Counts()}, err
}

// Check has nothing to refuse: what was taken off already is another ground.
func (k unblocks) Check(*gorm.DB, models.Change) error { return nil }

// Apply takes it off. What is held stays held until somebody has looked at it.
func (k unblocks) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	b, err := k.block(tx, c.Subject)
	if err != nil {
		return err
	}
	if err := b.Lift(tx, c.ID, k.Core.Now()); err != nil {
		return err
	}
	return k.tellBlock(tx, "payee_unblocked", b, by, c.Reason)
}

// Lines say what is lifted.
func (k unblocks) Lines(*gorm.DB, models.Change) ([]models.ChangeLine, error) {
	return []models.ChangeLine{{Name: "block.line", Before: models.Word("block.counts"), After: models.Word("block.lifted")}}, nil
}
