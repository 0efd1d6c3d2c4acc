package services_test

import (
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// What holds more money back acts at once; what lets more leave is confirmed by another
// controller, and counts from then on.
func TestI18_ALimitIsRaisedByTwoPeopleAndLoweredByOne(t *testing.T) {
	town := servicestest.New(t)
	limits, changes := &services.Limits{Core: town.Core}, &services.Changes{Core: town.Core}
	second := models.Person{Login: "second controller", Name: "second controller", Zone: "UTC", PasswordHash: "none", Active: true, Roles: []models.Role{models.Controller}}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return models.AddPerson(tx, &second) }))
	one := town.Controller.As(models.VerbLimits)
	waits, err := limits.Change(t.Context(), one, "day TWD", models.LimitPart{Minor: 500_00}, "the first limit", servicestest.Click(town.Core, town.Controller))
	if waits || err != nil {
		t.Fatalf("a first limit waits: %v, %v", waits, err)
	}
	waits, err = limits.Change(t.Context(), one, "day TWD", models.LimitPart{Minor: 500_00, Raised: 900_00, Until: "2026-11-30"}, "the end of the month", servicestest.Click(town.Core, town.Controller))
	if !waits || err != nil {
		t.Fatalf("a raise acted at once: %v, %v", waits, err)
	}
	day := func() models.Money {
		v, err := models.CurrentLimits(town.Store.Read(t.Context()))
		town.Must(err)
		return v.Content.Limits[0].On("2026-11-02")
	}
	if day().Minor != 500_00 {
		t.Errorf("before it was confirmed: %s", day())
	}
	change, ok, err := models.WaitingChange(town.Store.Read(t.Context()), models.ChangeLimits, "day TWD")
	if err != nil || !ok {
		t.Fatal(err)
	}
	if _, err := changes.Confirm(t.Context(), one, change.ID, change.Digest, servicestest.Click(town.Core, town.Controller)); err == nil || day().Minor != 500_00 {
		t.Errorf("whoever proposed it confirmed it: %v, %s", err, day())
	}
	if _, err := changes.Confirm(t.Context(), second.As(models.VerbLimits), change.ID, change.Digest, servicestest.Click(town.Core, second)); err != nil || day().Minor != 900_00 {
		t.Errorf("confirmed: %v, %s", err, day())
	}
	if _, err := limits.Change(t.Context(), town.Maker.As(models.VerbLimits), "day TWD", models.LimitPart{Minor: 1}, "I want it so", servicestest.Click(town.Core, town.Maker)); err == nil {
		t.Error("a maker changed a limit")
	}
	town.Sound()
}

func TestWhatNeedsASecondPersonIsWhatLetsMoreLeave(t *testing.T) {
	usual, raised := models.LimitPart{Minor: 500}, models.LimitPart{Minor: 500, Raised: 900, Until: "2026-11-30"}
	for _, c := range []struct {
		name       string
		now, after models.LimitPart
		within     bool
	}{
		{"a first limit", models.LimitPart{}, usual, true},
		{"a lower one", usual, models.LimitPart{Minor: 400}, true},
		{"a higher one", usual, models.LimitPart{Minor: 600}, false},
		{"none any more", usual, models.LimitPart{}, false},
		{"a raise", usual, raised, false},
		{"the end of a raise", raised, usual, true},
		{"a raise that ends earlier", raised, models.LimitPart{Minor: 500, Raised: 900, Until: "2026-11-20"}, true},
		{"a raise that ends later", raised, models.LimitPart{Minor: 500, Raised: 900, Until: "2026-12-20"}, false},
		{"a lower raise of a higher limit", raised, models.LimitPart{Minor: 600, Raised: 800, Until: "2026-11-30"}, false},
	} {
		if c.after.Within(c.now) != c.within {
			t.Errorf("%s: %v", c.name, !c.within)
		}
	}
}
