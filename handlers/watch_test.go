package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// A gateway that has fallen silent is on home, on the page of the gateways, in the log
// and in the figures.
func TestASilentGatewayIsSeenEverywhere(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	account := a.account("apay.taiwan")
	account.SilentAt, account.SilentOrders = a.Now(), 3
	a.write(func(tx *gorm.DB) error { return models.UpdateAccount(tx, &account, "silent_at", "silent_orders") })
	b := a.as(models.Controller)
	words := "none ever came; 3 orders were settled by asking alone."
	b.get("/").is(http.StatusOK).says("Notices from APAY Taipei " + words)
	b.get("/gateways").is(http.StatusOK).says("APAY Taipei needs a look", words+" Check the address for notices at the gateway")
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:5"
	a.nobody().send(r).is(http.StatusOK).says(`countersign_unheard_orders{account="APAY Taipei"} 3`, `countersign_unheard_orders{account="CASHY Lima"} 0`)
}

// An outage of ours stays on home for a day, and in the log for ever.
func TestAnOutageIsOnHomeForADay(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.sent("apay.taiwan", 1)
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.town.Now().Add(-2 * time.Hour), OK: true})
	})
	a.town.Sender.SweepAll(t.Context())
	b := a.as(models.Auditor)
	words := "1 order is asked about"
	b.get("/").is(http.StatusOK).says("Outage of ours away from", words)
	b.get("/audit").is(http.StatusOK).says("Caught up after an outage of ours", words, "These gateways had given up on notices meanwhile: APAY Shanghai, APAY Taipei.")
	a.town.Pass(25 * time.Hour)
	a.as(models.Auditor).get("/").is(http.StatusOK).keepsQuiet("Outage of ours")
}
