package models_test

import (
	"path/filepath"
	"testing"

	"countersign/models"
	"countersign/models/modelstest"
)

// open makes a store in a real file of its own.
func open(t *testing.T) *models.Store {
	t.Helper()
	store, err := modelstest.Open(filepath.Join(t.TempDir(), "countersign.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
