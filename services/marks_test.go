package services_test

import (
	"bytes"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// An order that was made before account numbers stood as marks is approved and sent
// with the digest that it has.
func TestI3_AnOrderOfTheOldSchemeIsStillSent(t *testing.T) {
	t.Parallel()
	for _, rail := range servicestest.Rails {
		town := servicestest.New(t)
		p := town.Draft(town.Form(rail, 1))
		before := p.Digest
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return services.AsBefore(tx, town.Payouts, p.ID) }))
		p = town.Look(p)
		if bytes.Equal(before, p.Digest) {
			t.Error("both schemes give the same digest")
		}
		town.Must(town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, p.Digest))
		town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
		town.Must(town.Sender.Send(t.Context(), p.ID))
		if p = town.Look(p); p.Stage != models.Sent {
			t.Errorf("%s: %+v", rail, p.State)
		}
	}
}

// Known bad: the salt of another order, or none, does not fit the digest, and nothing is sent.
func TestI3_AnOrderWithAnotherSaltIsHeld(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"none":       "UPDATE payouts SET sealed_salt = NULL WHERE id = 1",
		"another's":  "UPDATE payouts SET sealed_salt = (SELECT sealed_salt FROM payouts WHERE id = 2) WHERE id = 1",
		"not sealed": "UPDATE payouts SET sealed_salt = zeroblob(16) WHERE id = 1",
	} {
		town := servicestest.New(t)
		p := town.Approved(town.Form("apay.taiwan", 1))
		town.Approved(town.Form("apay.taiwan", 2))
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(change).Error }))
		_ = town.Sender.Send(t.Context(), p.ID)
		if p = town.Look(p); p.Stage == models.Sent || town.Sandbox.Deliveries(p.OrderNo) > 0 {
			t.Errorf("%s: %+v", name, p.State)
		}
	}
}

func TestI24_AMarkTellsNothingOfTheNumber(t *testing.T) {
	one, other := models.Mark([]byte("salt one"), "number", "4088748280272397"), models.Mark([]byte("salt two"), "number", "4088748280272397")
	if one == other || strings.Contains(one, "2397") || !strings.HasPrefix(one, models.MarkPrefix) {
		t.Error(one, other)
	}
}
