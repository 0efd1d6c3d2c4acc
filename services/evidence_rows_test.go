package services_test

import (
	"io"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// A row that the order's own event bears out was bound once more by another's act: whoever
// puts the older row back finds no evidence taken of it (I19).
func TestX14_AnOlderRowThatIsPutBackIsNoEvidence(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Live(10*time.Minute, 10*time.Second)
	other := town.Sent(town.Form("cashy.peru", 2))
	became := func(word string, noted bool) {
		t.Helper()
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			err := servicestest.Unguarded(tx, func(tx *gorm.DB) error {
				return tx.Exec("UPDATE notices SET word = ? WHERE payout_id = ?", word, p.ID).Error
			})
			if err != nil || noted {
				return err
			}
			return tx.Exec("DELETE FROM touched").Error // another program leaves no note of what it wrote
		}))
	}
	takes := func() map[string]error {
		_, order := town.Evidence.Take(t.Context(), town.Auditor, p.OrderNo, drawn)
		wish := services.PeriodWish{From: town.Now().Add(-24 * time.Hour), Until: town.Now().Add(24 * time.Hour), Zone: time.UTC}
		_, period := town.Evidence.TakePeriod(t.Context(), town.Auditor.As(models.VerbAudit), wish, plainPeriod, io.Discard, nil)
		return map[string]error{"order": order, "period": period}
	}
	var n models.Notice
	town.Must(town.Store.Read(t.Context()).Where("payout_id = ?", p.ID).Take(&n).Error)
	became("read again", true) // by an act that is not the order's
	for of, err := range takes() {
		if err != nil {
			t.Errorf("of the %s, as it was written last: %v", of, err)
		}
	}
	became(n.Word, false)
	for of, err := range takes() {
		if refusal, ok := err.(models.Refusal); !ok || refusal.Key != "evidence.altered" {
			t.Errorf("of the %s, put back: %v", of, err)
		}
	}
	taken(t, town, other)
}
