package models_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// note appends an event about nothing in particular.
func note(t *testing.T, store *models.Store, verb string) {
	t.Helper()
	err := store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.Append(tx, models.Event{
			At: time.UnixMilli(1_700_000_000_000), Verb: verb, Actor: "test", Subject: "settings", SubjectID: "x", Details: models.Details{"a": "b"},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func findings(t *testing.T, store *models.Store) string {
	t.Helper()
	report, err := models.Verify(store.Read(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range report.Findings {
		if f.Check != "schema" { // these tests take triggers away to reach the past; TestI19_AGuardTakenAwayIsFound asks for those
			all = append(all, f.String())
		}
	}
	return strings.Join(all, "\n")
}

func TestI19_EventsRefuseUpdateDeleteAndReplace(t *testing.T) {
	store := open(t)
	note(t, store, "one")
	for _, statement := range []string{
		"UPDATE events SET verb = 'two'",
		"DELETE FROM events",
		"REPLACE INTO events SELECT seq, at, 'two', actor_id, actor, role, subject, subject_id, payout_id, before, after, details, hash FROM events",
		"INSERT OR REPLACE INTO events SELECT seq, at, 'two', actor_id, actor, role, subject, subject_id, payout_id, before, after, details, hash FROM events",
	} {
		if err := store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(statement).Error }); err == nil {
			t.Errorf("%q was carried out", statement)
		}
	}
	if found := findings(t, store); found != "" {
		t.Error(found)
	}
}

// The known-bad variants: with the triggers gone the past can be edited, and
// Verify says so.
func TestI19_VerifyFindsAnEditedADeletedAndASwappedEvent(t *testing.T) {
	for name, statement := range map[string]string{
		"edited":    "UPDATE events SET details = '{\"a\":\"c\"}' WHERE seq = 2",
		"moved":     "UPDATE events SET at = at + 1 WHERE seq = 2",
		"renamed":   "UPDATE events SET actor = 'somebody' WHERE seq = 1",
		"deleted":   "DELETE FROM events WHERE seq = 2",
		"renumber":  "UPDATE events SET seq = 9 WHERE seq = 3",
		"new hash":  "UPDATE events SET hash = zeroblob(32) WHERE seq = 2",
		"first cut": "DELETE FROM events WHERE seq = 1",
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			note(t, store, "one")
			note(t, store, "two")
			note(t, store, "three")
			err := store.Write(t.Context(), func(tx *gorm.DB) error {
				for _, s := range []string{"DROP TRIGGER events_keep", "DROP TRIGGER events_stay", statement} {
					if err := tx.Exec(s).Error; err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if found := findings(t, store); !strings.Contains(found, "chain") {
				t.Errorf("found only %q", found)
			}
		})
	}
}
