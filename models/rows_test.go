package models_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

// raw carries a statement out as somebody would who opens the file with another program.
func raw(t *testing.T, c *crowd, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if err := models.Raw(c.Store, statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestI19_ARowThatNoActWroteIsFound(t *testing.T) {
	for name, edit := range map[string][2]string{
		"altered":  {"UPDATE people SET name = 'Somebody else' WHERE id = 1", "people 1: it was altered"},
		"put in":   {"INSERT INTO person_roles (person_id, role) VALUES (1, 'controller')", "person_roles 1 controller: no entry of the log tells of it"},
		"taken":    {"DELETE FROM person_roles WHERE person_id = 2", "person_roles 2 approver: it was removed"},
		"of order": {"UPDATE payouts SET purpose = 'x' WHERE id = 1", "payouts 1: it was altered"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrowd(t, 2)
			if found := findings(t, c.Store); strings.Contains(found, "rows: ") {
				t.Fatal(found)
			}
			raw(t, c, edit[0])
			if found := findings(t, c.Store); !strings.Contains(found, edit[1]) {
				t.Errorf("found %q", found)
			}
		})
	}
}

func TestI19_AGuardTakenAwayIsFound(t *testing.T) {
	store := open(t)
	change(t, store, "DROP TRIGGER events_keep")
	report, err := models.Verify(store.Read(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(report.Findings, func(f models.Finding) bool { return f.Check == "schema" && strings.Contains(f.Where, "events_keep") }) {
		t.Error(report.Findings)
	}
}

// A file of the time before rows were bound is bound once, when it is migrated.
func TestI19_AnOlderFileIsBoundWhenItIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	const beforeRowsWereBound = 26
	err := models.OldFile(path, beforeRowsWereBound, "INSERT INTO people (login, name, password_hash, created_at) VALUES ('a', 'A', 'x', 1)")
	if err != nil {
		t.Fatal(err)
	}
	again, err := models.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if found := findings(t, again); found != "" {
		t.Error(found)
	}
	var last models.Event
	if err := again.Read(t.Context()).Order("seq DESC").Take(&last).Error; err != nil || last.Verb != models.VerbBound || !strings.Contains(last.Binds, " people 1\n") {
		t.Errorf("%+v %v", last, err)
	}
}

// An act binds what it wrote, also after its event; what is undone binds nothing.
func TestI19_AnEventBindsWhatItsActWrote(t *testing.T) {
	store := open(t)
	write(t, store, func(tx *gorm.DB) error {
		if err := appendNote(tx, "one"); err != nil {
			return err
		}
		_ = models.Within(tx, func(tx *gorm.DB) error {
			if err := set("undone")(tx); err != nil {
				return err
			}
			return gorm.ErrInvalidData
		})
		return set("kept")(tx)
	})
	var all []models.Event
	if err := store.Read(t.Context()).Find(&all).Error; err != nil {
		t.Fatal(err)
	}
	if bound := strings.Count(all[len(all)-1].Binds, "\n"); bound != 1 {
		t.Errorf("%+v", all)
	}
	if found := findings(t, store); found != "" {
		t.Error(found)
	}
}
