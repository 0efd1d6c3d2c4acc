package models_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

func TestAsOneStoresAllOrNothing(t *testing.T) {
	t.Parallel()
	store, ctx := open(t), context.Background()
	set := func(s *models.Store, value string) error {
		return s.Write(ctx, func(tx *gorm.DB) error { return models.WriteSetting(tx, "one", value) })
	}
	read := func(s *models.Store) string {
		value, err := models.ReadSetting(s.Read(ctx), "one")
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	fault := errors.New("fault")
	for _, end := range []error{fault, nil} {
		err := store.AsOne(ctx, func(whole *models.Store) error {
			if err := set(whole, "kept"); err != nil {
				return err
			}
			// What fails inside undoes itself alone, as ever.
			err := whole.Write(ctx, func(tx *gorm.DB) error {
				return errors.Join(models.WriteSetting(tx, "one", "undone"), fault)
			})
			if !errors.Is(err, fault) || read(whole) != "kept" || read(store) != "" {
				t.Errorf("inside %q, outside %q: %v", read(whole), read(store), err)
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Errorf("got %v, want %v", err, end)
		}
	}
	if read(store) != "kept" {
		t.Errorf("stored %q", read(store))
	}
}

func TestABackupOpensAndHoldsEverything(t *testing.T) {
	t.Parallel()
	store, ctx := open(t), context.Background()
	err := store.Write(ctx, func(tx *gorm.DB) error { return models.WriteSetting(tx, "one", "kept") })
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Backup(ctx, file); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(ctx, file); err == nil {
		t.Error("it wrote over a backup")
	}
	if err := store.Read(ctx).Exec("DELETE FROM settings").Error; err == nil {
		t.Error("readers may write after a backup")
	}
	copied, err := models.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if value, err := models.ReadSetting(copied.Read(ctx), "one"); err != nil || value != "kept" {
		t.Errorf("the copy holds %q: %v", value, err)
	}
}
