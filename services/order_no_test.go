package services_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

func TestI02_AnOrderKeepsItsNumberFromTheDraftToTheGateway(t *testing.T) {
	for _, rail := range servicestest.Rails {
		t.Run(rail, func(t *testing.T) {
			town := servicestest.New(t)
			p := town.Draft(town.Form(rail, 1))
			town.Must(town.Payouts.Edit(t.Context(), town.Maker, p.OrderNo, town.Form(rail, 2)))
			edited := town.Look(p)
			town.Must(town.Payouts.Submit(t.Context(), town.Maker, p.OrderNo, edited.Digest))
			town.Must(town.Approve(town.Approver, p.OrderNo, edited.Digest))
			town.Sender.SweepAll(t.Context())
			if now := town.Look(p); now.OrderNo != p.OrderNo || now.Stage != models.Sent {
				t.Errorf("drafted as %s, now %s at stage %s", p.OrderNo, now.OrderNo, now.Stage)
			}
			if seen := town.Sandbox.Deliveries(p.OrderNo); seen != 1 || len(town.Sandbox.Orders()) != 1 {
				t.Errorf("the gateway saw the number of the draft %d times, of %d orders", seen, len(town.Sandbox.Orders()))
			}
		})
	}
}

func TestI02_NoOrderTakesTheNumberOfAnother(t *testing.T) {
	town := servicestest.New(t)
	first, second := town.Draft(town.Form("apay.taiwan", 1)), town.Draft(town.Form("apay.taiwan", 2))
	if err := renumber(town, second, first.OrderNo); err == nil {
		t.Error("two orders have one number")
	}
	if err := renumber(town, second, "AnotherNumber1"); err == nil || !strings.Contains(err.Error(), "identity") {
		t.Errorf("a draft was given another number: %v", err)
	}
	withoutGuard(town)
	for _, number := range []string{"", strings.Repeat("A", 33), "INV-7", "單號7", "A B", "A\n"} {
		if renumber(town, second, number) == nil || gateway.CheckOrderNo(number) == nil {
			t.Errorf("an order may be called %q, which no gateway takes", number)
		}
	}
}

// Without the trigger the same edit goes through: it is the trigger that the test
// above sees.
func TestI02_KnownBad_ATableWithoutItsGuardLetsTheNumberChange(t *testing.T) {
	town := servicestest.New(t)
	p := town.Draft(town.Form("apay.taiwan", 1))
	withoutGuard(town)
	town.Must(renumber(town, p, "AnotherNumber1"))
	if _, found := town.Order(p.OrderNo); found {
		t.Error("the number was not changed, so the test above proves nothing")
	}
}

func renumber(town *servicestest.Town, p models.Payout, number string) error {
	return town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE payouts SET order_no = ? WHERE id = ?", number, p.ID).Error
	})
}

func withoutGuard(town *servicestest.Town) {
	town.T.Helper()
	town.Must(town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
		return tx.Exec("DROP TRIGGER IF EXISTS payouts_identity").Error
	}))
}
