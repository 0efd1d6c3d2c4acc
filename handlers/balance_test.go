package handlers

import (
	"testing"
	"time"

	"countersign/models"
)

// A balance that nobody could read for a while says so wherever it stands.
func TestAnOldBalanceIsMarked(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Controller)
	b.get("/gateways").keepsQuiet("Old: read")
	a.town.Must(a.Sender.Balances(t.Context()))
	a.town.Pass(14 * time.Minute)
	for _, page := range []string{"/", "/gateways"} {
		b.get(page).keepsQuiet("Old: read")
	}
	b.get("/gateways").says("read 14 min ago")
	a.town.Pass(time.Minute)
	for _, page := range []string{"/", "/gateways"} {
		b.get(page).says("Old: read 15 min ago")
	}
	a.town.Must(a.Sender.Balances(t.Context()))
	b.get("/").keepsQuiet("Old: read")
}
