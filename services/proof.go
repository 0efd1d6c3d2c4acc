package services

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Proof checks that the past is whole. One check runs at a time, on a reader, and
// never inside a request: on a long past it takes longer than a page may.
type Proof struct {
	*Core
	mu      sync.Mutex
	running Check
	cancel  context.CancelFunc // of the check that somebody asked for
	group   sync.WaitGroup
}

// Check is a check under way; the zero one is none.
type Check struct {
	Since  time.Time
	Events int64 // read so far
}

// Running is the check under way.
func (s *Proof) Running() Check {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// Claim takes the one place for a check, until it is released.
func (s *Proof) Claim() (release func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running.Since.IsZero() {
		return nil, models.Refuse(models.Conflict, "verify.running")
	}
	s.running = Check{Since: s.Now()}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.running = Check{}
	}, nil
}

func (s *Proof) read(events int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running.Events = events
}

// Ask starts a check because a person wants to know. It goes on when the page has
// long been answered.
func (s *Proof) Ask(ctx context.Context, by models.Person) error {
	if !by.May(models.VerbAudit) {
		return models.Refuse(models.Forbidden, "role.audit")
	}
	release, err := s.Claim()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(models.Everywhere(context.WithoutCancel(ctx)))
	s.mu.Lock()
	s.cancel = cancel
	s.mu.Unlock()
	s.group.Go(func() {
		defer cancel()
		defer release()
		if _, err := s.verify(ctx, by.As(models.VerbAudit)); err != nil && ctx.Err() == nil {
			slog.Error("the check that somebody asked for could not be carried out", "error", err)
		}
	})
	return nil
}

// Wait returns when no check that somebody asked for is under way.
func (s *Proof) Wait() { s.group.Wait() }

// Stop ends the check that somebody asked for: the store is about to close.
func (s *Proof) Stop() {
	s.mu.Lock()
	cancel := s.cancel
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	s.group.Wait()
}

// Verify walks the chain, folds every order and recounts the totals for a person
// who waits for it; the result is kept, and that it was asked for is on record.
func (s *Proof) Verify(ctx context.Context, by models.Person) (models.Report, error) {
	if !by.May(models.VerbAudit) {
		return models.Report{}, models.Refuse(models.Forbidden, "role.audit")
	}
	release, err := s.Claim()
	if err != nil {
		return models.Report{}, err
	}
	defer release()
	return s.verify(ctx, by.As(models.VerbAudit))
}

// Nightly is Verify by the timetable. Where a person's check runs already, that one
// is as good.
func (s *Proof) Nightly(ctx context.Context) error {
	release, err := s.Claim()
	if err != nil {
		return nil
	}
	defer release()
	_, err = s.verify(ctx, models.Machine("timetable"))
	return err
}

// NoteRisk keeps the money at risk as the figure of this hour (X2).
func (s *Proof) NoteRisk(ctx context.Context) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error { return models.NoteRisk(tx, s.Now()) })
}

// verify carries it out and keeps what it found, for the page and for the log.
func (s *Proof) verify(ctx context.Context, by models.Actor) (models.Report, error) {
	began := s.Now()
	report, err := models.VerifyTelling(s.Store.Read(ctx), s.read)
	if err != nil {
		return report, fmt.Errorf("verify: %w", err)
	}
	for _, finding := range report.Findings {
		slog.Error("verify found something wrong", "finding", finding.String())
	}
	kept := models.Checked{Report: report, At: s.Now(), TookMS: s.Now().Sub(began).Milliseconds(), By: by.Name, ByID: by.ID}
	text, err := json.Marshal(kept)
	if err != nil {
		return report, err
	}
	result := fmt.Sprintf("%d events, %d findings", report.Events, len(report.Findings))
	return report, s.Store.Write(ctx, func(tx *gorm.DB) error {
		duty := models.Duty{Name: "verify", At: s.Now(), OK: len(report.Findings) == 0, Note: result}
		if err := models.Did(tx, duty); err != nil {
			return err
		}
		if err := models.WriteSetting(tx, models.SettingChecked, string(text)); err != nil {
			return err
		}
		return models.Append(tx, models.Event{
			At: s.Now(), Verb: "chain_checked", ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "settings", SubjectID: "chain",
			Details: models.Details{"result": result, "head": fmt.Sprintf("%x", report.Head), "findings": fmt.Sprint(len(report.Findings))},
		})
	})
}
