package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// LookAtFind puts on record what somebody found out about a find (D7). Whoever signs an
// order to the payee is not told of it any more, unless it is a colleague's account.
func (s *Payees) LookAtFind(ctx context.Context, by models.Person, id int64, note string) error {
	note, err := needReason(note)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		if err := models.CheckBlocking(by); err != nil {
			return err
		}
		f, err := models.FindPayeeFind(tx, id)
		if err != nil {
			return err
		}
		version, err := models.FindPayeeVersion(tx, f.VersionID)
		if err != nil {
			return err
		}
		if err := f.CheckLook(by, version.CreatedBy); err != nil {
			return err
		}
		if err := f.Look(tx, by.ID, note, s.Now()); err != nil {
			return err
		}
		return models.Append(tx, version.Event("payee_find_seen", by.As(models.VerbPayeeOK), s.Now(), models.Details{"find": "find." + string(f.Kind), "reason_text": note}))
	})
}
