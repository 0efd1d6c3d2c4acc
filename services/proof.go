package services

import (
	"context"
	"fmt"
	"log/slog"

	"gorm.io/gorm"

	"countersign/models"
)

// Proof checks that the past is whole.
type Proof struct{ *Core }

// Verify walks the chain, folds every order and recounts the totals because a
// person wants to know; the result is kept and that it was asked for is on
// record.
func (s *Proof) Verify(ctx context.Context, by models.Person) (models.Report, error) {
	if !by.May(models.VerbAudit) {
		return models.Report{}, models.Refuse(models.Forbidden, "role.audit")
	}
	return s.verify(ctx, by.As(models.VerbAudit))
}

// Nightly is Verify by the timetable.
func (s *Proof) Nightly(ctx context.Context) error {
	report, err := s.verify(ctx, models.Machine("timetable"))
	for _, finding := range report.Findings {
		slog.Error("verify found something wrong", "finding", finding.String())
	}
	return err
}

// NoteRisk keeps the money at risk as the figure of this hour (X2).
func (s *Proof) NoteRisk(ctx context.Context) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return models.NoteRisk(tx, s.Now()) })
}

func (s *Proof) verify(ctx context.Context, by models.Actor) (models.Report, error) {
	report, err := models.Verify(s.Store.Read(ctx))
	if err != nil {
		return report, err
	}
	result := fmt.Sprintf("%d events, %d findings", report.Events, len(report.Findings))
	return report, s.Store.Write(ctx, func(tx *gorm.DB) error {
		duty := models.Duty{Name: "verify", At: s.Now(), OK: len(report.Findings) == 0, Note: result}
		if err := models.Did(tx, duty); err != nil {
			return err
		}
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "chain_checked", ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "settings", SubjectID: "chain",
			Details: models.Details{"result": result, "head": fmt.Sprintf("%x", report.Head), "findings": fmt.Sprint(len(report.Findings))},
		})
	})
}
