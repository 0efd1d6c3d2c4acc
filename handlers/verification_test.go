package handlers

import (
	"net/http"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
)

func TestTheCheckOfThePastRunsBehindThePage(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.manyOrders()
	by := a.as(models.Auditor)
	by.get("/audit/verification").is(http.StatusOK).says("Nobody has checked the chain yet", "Check the chain now")
	by.post("/audit/verification", nil).leadsTo("/audit/verification")
	a.Proof.Wait()
	by.get("/audit/verification").says("The chain is whole", "Every entry fits the one before it", by.person.Name, "Findings 0")
	by.get("/audit").says("The chain is whole", "What was checked")
	if len(a.events("chain_checked")) != 1 {
		t.Error("that it was checked is not on record")
	}
	a.as(models.Maker).post("/audit/verification", nil).is(http.StatusForbidden)
}

// The known-bad variant: what somebody edited behind our back is told in words,
// with the order that it is about.
func TestWhatACheckFindsIsToldInWords(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p := a.sent("apay.taiwan", 1)
	a.write(func(tx *gorm.DB) error {
		return tx.Exec("UPDATE payouts SET outcome = 'failed', next_action_at = 0 WHERE id = ?", p.ID).Error
	})
	must(t, a.Proof.Nightly(t.Context()))
	by := a.as(models.Auditor)
	by.get("/audit/verification").says("things are not as they were written", "The order is not what its entries say", "The order counts as failed without evidence",
		"A kept total is not the sum of its orders", "Stop all sending", "it runs by itself every day")
	by.get("/audit").says("The chain or an order is not as it was written")
	by.get("/").says("found wrong at")
}

// One check at a time: a second one is refused in words, and the night's own one
// lets the first go on.
func TestOneCheckOfThePastAtATime(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	by := a.as(models.Controller)
	release, err := a.Proof.Claim()
	must(t, err)
	by.get("/audit/verification").says("A check is under way").keepsQuiet("Check the chain now")
	by.post("/audit/verification", nil).is(http.StatusConflict).says("A check is under way already")
	must(t, a.Proof.Nightly(t.Context()))
	if len(a.events("chain_checked")) != 0 {
		t.Error("two checks ran at once")
	}
	release()
	by.post("/audit/verification", nil).leadsTo("/audit/verification")
	a.Proof.Wait()
}
