package models_test

import (
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

// Two accounts of one currency: who sees one learns what goes through it, and nothing of
// what goes through the other.
func TestWhatIsUsedOfLimitsIsToldAsFarAsOneSees(t *testing.T) {
	t.Parallel()
	store := open(t)
	write(t, store, func(tx *gorm.DB) error {
		for id, name := range map[models.AccountID]string{1: "Taipei", 2: "Tainan"} {
			if err := tx.Create(&models.GatewayAccount{ID: id, Name: name, Slug: name, Family: "apay", Currency: "TWD", SealedKeys: []byte{1}}).Error; err != nil {
				return err
			}
		}
		return tx.Create([]models.LimitUse{
			{Day: "2026-11-02", Currency: "TWD", Scope: models.LimitDay, Orders: 3, SumMinor: 900_00}, {Day: "2026-11-02", Currency: "TWD", Scope: models.LimitMaker, Subject: "1", Orders: 3, SumMinor: 900_00},
			{Day: "2026-11-02", Currency: "TWD", Scope: models.LimitGateway, Subject: "1", Orders: 1, SumMinor: 200_00}, {Day: "2026-11-02", Currency: "TWD", Scope: models.LimitGateway, Subject: "2", Orders: 2, SumMinor: 700_00},
		}).Error
	})
	for name, c := range map[string]struct {
		scope models.Scope
		used  map[models.LimitScope]int64 // -1 is nothing told
		known bool                        // all of a day
		day   bool                        // the meter of a day tells what is left
	}{
		"everything":       {models.Scope{}, map[models.LimitScope]int64{models.LimitDay: 900_00, models.LimitMaker: 900_00, models.LimitGateway: 700_00}, true, true},
		"the currency":     {models.Scope{Currencies: []string{"TWD"}}, map[models.LimitScope]int64{models.LimitDay: 900_00, models.LimitMaker: 900_00, models.LimitGateway: 700_00}, true, true},
		"both":             {models.Scope{Accounts: []models.AccountID{1, 2}}, map[models.LimitScope]int64{models.LimitDay: 900_00, models.LimitMaker: 900_00, models.LimitGateway: 700_00}, true, true},
		"one account":      {models.Scope{Accounts: []models.AccountID{1}}, map[models.LimitScope]int64{models.LimitDay: 200_00, models.LimitMaker: -1, models.LimitGateway: 200_00}, false, false},
		"another currency": {models.Scope{Currencies: []string{"PEN"}}, map[models.LimitScope]int64{models.LimitDay: 0, models.LimitMaker: -1, models.LimitGateway: -1}, false, false},
	} {
		db := store.Read(models.Seeing(t.Context(), c.scope))
		for scope, want := range c.used {
			uses, known, err := models.UsesSeen(db, "2026-11-02", "TWD", scope, 5)
			if err != nil || known != c.known && scope == models.LimitDay {
				t.Fatalf("%s, %s: %v %v", name, scope, known, err)
			}
			got := int64(-1)
			if len(uses) > 0 {
				got = uses[0].SumMinor
			}
			if got != want {
				t.Errorf("%s, %s: %d is told, want %d", name, scope, got, want)
			}
		}
		limits := models.Limits{Zone: "UTC", Limits: []models.Limit{{Scope: models.LimitDay, Currency: "TWD", Minor: 1000_00}}}
		meters, err := limits.Meters(db, models.Payout{AccountID: 1, Currency: "TWD", AmountMinor: 50_00}, "2026-11-02")
		if err != nil || len(meters) != 1 || meters[0].Unseen == c.day || meters[0].Short() {
			t.Errorf("%s: %+v %v", name, meters, err)
		}
	}
}
