package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// Exported puts on record, before the first row leaves, who took which list out
// and by which filter (M1).
func (s *Proof) Exported(ctx context.Context, by models.Person, list string, details models.Details) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbExport); err != nil {
			return err
		}
		actor := by.As(models.VerbExport)
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "exported", ActorID: actor.ID, Actor: actor.Name, Role: string(actor.Role),
			Subject: "list", SubjectID: list, Details: details,
		})
	})
}
