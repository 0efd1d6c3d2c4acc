package services

import (
	"context"
	"maps"

	"gorm.io/gorm"

	"countersign/models"
)

// Payees are the verbs of the payee book.
type Payees struct{ *Core }

// FoldNames makes names searchable that were stored before names were folded.
func (c *Core) FoldNames(ctx context.Context) error {
	return c.Store.Write(ctx, models.FoldNames)
}

// HashAccount is the keyed hash by which a list finds an account number.
func (s *Payees) HashAccount(number string) []byte { return s.hashAccount(number) }

// Reveal opens one version of a payee's details; that it was done is on record before
// anything is shown (D8, I24).
func (s *Payees) Reveal(ctx context.Context, by models.Person, id models.PayeeVersionID) (models.Fields, error) {
	var fields models.Fields
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		version, err := models.FindPayeeVersion(tx, id)
		if err != nil {
			return err
		}
		if err := version.CheckReveal(by); err != nil {
			return err
		}
		if fields, err = s.payeeFields(version); err != nil {
			return err
		}
		return models.Append(tx, version.Event("payee_revealed", by.As(models.VerbReveal), s.Now(), nil))
	})
	return maps.Clone(fields), err
}
