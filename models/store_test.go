package models_test

import (
	"errors"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

func TestI28_AStoreOpensWithEverySettingAsserted(t *testing.T) {
	store := open(t)
	if err := store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.WriteSetting(tx, models.SettingPublicURL, "https://pay.example")
	}); err != nil {
		t.Fatal(err)
	}
	got, err := models.ReadSetting(store.Read(t.Context()), models.SettingPublicURL)
	if err != nil || got != "https://pay.example" {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestAUnitThatFailsUndoesOnlyItself(t *testing.T) {
	store := open(t)
	boom := errors.New("boom")
	err := store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := models.WriteSetting(tx, "a", "1"); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v", err)
	}
	if got, _ := models.ReadSetting(store.Read(t.Context()), "a"); got != "" {
		t.Fatalf("the failed unit left %q behind", got)
	}
}
