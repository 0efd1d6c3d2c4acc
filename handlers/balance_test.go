package handlers

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

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

// J1: home and the gateways page warn before the queue exceeds what is available.
func TestJ1_AShortBalanceIsWarnedOf(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	maker, admin := a.as(models.Maker), a.as(models.GatewayAdmin)
	approved := a.town.Approved(a.town.Form("cashy.peru", 1)) // 101.50
	waiting := a.town.Submitted(a.town.Form("cashy.peru", 2)) // 102.50
	weighs := func(balance, frozen int64) {
		account := a.account("cashy.peru")
		account.BalanceMinor, account.FrozenMinor, account.BalanceAt = balance, frozen, a.town.Now()
		a.write(func(tx *gorm.DB) error {
			return models.UpdateAccount(tx, &account, "balance_minor", "frozen_minor", "balance_at")
		})
	}
	for _, page := range []string{"/", "/gateways"} {
		maker.get(page).keepsQuiet("cannot cover") // never read: nobody knows
		weighs(approved.AmountMinor+waiting.AmountMinor, 0)
		maker.get(page).keepsQuiet("cannot cover")
		weighs(approved.AmountMinor+waiting.AmountMinor, 50)
		maker.get(page).says("CASHY Lima cannot cover what waits for approval: 0.50 PEN would be short", "Nothing is stopped because of this")
		weighs(100_00, 0)
		maker.get(page).says("CASHY Lima cannot cover what is approved: 1.50 PEN short").keepsQuiet("That balance is old")
		admin.get(page).says("1.50 PEN short")
		a.write(func(tx *gorm.DB) error {
			return tx.Model(&models.GatewayAccount{}).Where("id > ?", 0).Update("balance_at", 0).Error
		})
	}
	weighs(300_00, 0)
	maker.get("/gateways").says("101 .50 PEN approved, 102 .50 PEN awaiting approval", "198 .50 PEN once all that is approved has left")
	if body := maker.get("/gateways").body; !strings.Contains(body, "/payouts?account=") {
		t.Error("what waits for approval leads to no list")
	}
	if body := admin.get("/gateways").body; strings.Contains(body, "/payouts?account=") {
		t.Error("a gateway admin, who sees no orders, is led to a list")
	}
}

// J1: an approver reads on the card what their signature leaves of the balance.
func TestJ1_TheCardSaysWhatASignatureLeaves(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Approver)
	a.town.Approved(a.town.Form("cashy.peru", 1))       // 101.50
	p := a.town.Submitted(a.town.Form("cashy.peru", 2)) // 102.50
	card := "/approvals/" + p.OrderNo
	b.get(card).says("Balance not read yet")
	weighs := func(balance, frozen int64) {
		account := a.account("cashy.peru")
		account.BalanceMinor, account.FrozenMinor, account.BalanceAt = balance, frozen, a.town.Now()
		a.write(func(tx *gorm.DB) error {
			return models.UpdateAccount(tx, &account, "balance_minor", "frozen_minor", "balance_at")
		})
	}
	weighs(204_00, 0)
	b.get(card).says("204 .00 PEN as of 2 Nov 01:00 ; approved and waiting 101 .50 PEN ; after this one 0 .00 PEN is left").keepsQuiet("held or on its way")
	weighs(204_00, 1_00)
	b.get(card).says("as of 2 Nov 01:00 , less 1 .00 PEN held or on its way; approved and waiting 101 .50 PEN ; after this one 1 .00 PEN short").keepsQuiet("That balance is old")
	a.town.Pass(20 * time.Minute)
	b = a.as(models.Approver)
	b.get(card).says("That balance is old.")
	a.town.Must(a.town.Approve(a.town.Approver, p.OrderNo, p.Digest)) // warned of and not stopped
	b.get(card).keepsQuiet("after this one")
}

func TestTheGatewaysPageDrawsTheBalanceByHour(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Controller)
	a.town.Must(a.Sender.Balances(t.Context()))
	b.get("/gateways").keepsQuiet("Balance by hour")
	a.town.Pass(time.Hour)
	a.town.Must(a.Sender.Balances(t.Context()))
	b = a.as(models.Controller)
	b.get("/gateways").says("Balance by hour Million PEN, 48 hours, UTC time", "Balance 90.00 m", "Held 0.00 m", "90,000,000 .00 PEN 0 .00 PEN")
}
