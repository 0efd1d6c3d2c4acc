package modelstest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"countersign/models"
	"countersign/models/modelstest"
)

// A store of a test has the schema that a first start makes, guards included, and
// another one beside it shares nothing with it.
func TestAStoreOfATestIsLikeOneOfAFirstStart(t *testing.T) {
	t.Parallel()
	first := schema(t, models.Open, filepath.Join(t.TempDir(), "countersign.db"))
	ours := schema(t, modelstest.Open, filepath.Join(t.TempDir(), "countersign.db"))
	if len(first) < 100 || first != ours {
		t.Errorf("the schema differs from that of a first start:\n%s\n%s", first, ours)
	}
}

// What is there is opened, never written over.
func TestAFileThatIsThereIsKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "countersign.db")
	if err := os.WriteFile(file, bytes.Repeat([]byte("not a database "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if store, err := modelstest.Open(file); err == nil {
		t.Errorf("a file that is no database was opened, or replaced; closed: %v", store.Close())
	}
}

func schema(t *testing.T, open func(string) (*models.Store, error), file string) (all string) {
	t.Helper()
	store, err := open(file)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	if err := store.Read(t.Context()).Raw("SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)").Scan(&parts).Error; err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	return parts[0]
}
