package services_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// tampered changes what is stored of an order behind the back of every rule.
func tampered(town *servicestest.Town, p models.Payout, query string) {
	town.Must(town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
		return servicestest.Unguarded(tx, func(tx *gorm.DB) error { return tx.Exec(query, p.ID).Error })
	}))
}

// An approved order that cannot leave, however often it is tried, is held with the
// reason for people to see: it neither leaves nor waits unseen (I13).
func TestI13_AnApprovedOrderThatCannotLeaveIsHeldWithItsReason(t *testing.T) {
	for why, query := range map[string]string{
		models.HeldContent:    "UPDATE payouts SET amount_minor = 999900 WHERE id = ?",
		models.HeldSignature:  "UPDATE approvals SET digest = x'00' WHERE payout_id = ?",
		models.HeldUnsigned:   "DELETE FROM approvals WHERE payout_id = ?",
		models.HeldPayee:      "UPDATE payee_versions SET sealed_fields = zeroblob(80) WHERE id = (SELECT payee_version_id FROM payouts WHERE id = ?)",
		models.HeldUnwritable: "", // see unwritable
		models.HeldAttempt: `INSERT INTO attempts (payout_id, account_id, number, started_at, method, url, sealed_request, request_bytes, request_digest, content_digest, fence)
			SELECT id, account_id, 1, 1, 'POST', 'https://x.example', x'00', 1, x'00', x'00', 1 FROM payouts WHERE id = ?`,
	} {
		t.Run(why, func(t *testing.T) {
			town := servicestest.New(t)
			p, other := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("cashy.peru", 2))
			if why == models.HeldUnwritable {
				unwritable(town, p)
			} else {
				tampered(town, p, query)
			}
			town.Sender.SweepAll(t.Context())
			p = town.Look(p)
			if p.Stage != models.Held || p.HeldWhy != why || p.HeldFrom != models.Approved || !p.NextActionAt.IsZero() {
				t.Errorf("%+v, held because %q, next %s", p.State, p.HeldWhy, p.NextActionAt)
			}
			if n := eventsOf(t, town, p, string(models.MoveHold)); n != 1 {
				t.Errorf("%d events say so", n)
			}
			if n := town.Sandbox.Deliveries(p.OrderNo); n != 0 {
				t.Errorf("the gateway saw %d create requests", n)
			}
			if other = town.Look(other); other.Stage != models.Sent {
				t.Errorf("it kept another order from leaving: %+v", other.State)
			}
		})
	}
}

// Let go on before it is put right, it is held again; put right, it leaves, once.
func TestI13_AHeldOrderLeavesOnceItIsPutRight(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	right := p.AmountMinor
	tampered(town, p, "UPDATE payouts SET amount_minor = 999900 WHERE id = ?")
	for range 2 {
		town.Sender.SweepAll(t.Context())
		if p = town.Look(p); p.Stage != models.Held {
			t.Fatalf("%+v", p.State)
		}
		town.Must(town.Payouts.Resume(t.Context(), town.Approver, p.OrderNo, "tried once more", servicestest.Click(town.Payouts.Core, town.Approver)))
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Payout{}).Where("id = ?", p.ID).Update("amount_minor", right).Error
	}))
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
		t.Errorf("%+v, %d deliveries", p.State, town.Sandbox.Deliveries(p.OrderNo))
	}
	town.Sound()
}

// What is wrong with the account stops the account: one act lets all its orders go
// on, and no other account's wait (I13).
func TestI13_AnAccountThatCannotSignIsPaused(t *testing.T) {
	town := servicestest.New(t)
	p, other := town.Approved(town.Form("apay.taiwan", 1)), town.Approved(town.Form("cashy.peru", 1))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE gateway_accounts SET sealed_keys = zeroblob(60) WHERE id = ?", town.Taipei.ID).Error
	}))
	town.Sender.SweepAll(t.Context())
	taipei, err := models.FindAccount(town.Store.Read(t.Context()), town.Taipei.ID)
	town.Must(err)
	p, other = town.Look(p), town.Look(other)
	if taipei.Paused != "paused.keys_unreadable" || p.Stage != models.Approved || p.NextActionAt.IsZero() || other.Stage != models.Sent {
		t.Errorf("paused %q, %+v, other %+v", taipei.Paused, p.State, other.State)
	}
}

// A notice could not reach us without our address: no order leaves for a gateway that
// needs it in each request, and its account says so.
func TestI13_AnAccountThatIsNotSetUpIsPaused(t *testing.T) {
	town := servicestest.New(t)
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return models.WriteSetting(tx, models.SettingPublicURL, "") }))
	p := town.Approved(town.Form("cashy.peru", 1))
	town.Sender.SweepAll(t.Context())
	lima, err := models.FindAccount(town.Store.Read(t.Context()), town.Lima.ID)
	town.Must(err)
	if p = town.Look(p); lima.Paused != "paused.not_set_up" || p.Stage != models.Approved {
		t.Errorf("paused %q, %+v", lima.Paused, p.State)
	}
}

// A disk that does not write for a moment is no reason to bother people: the order
// stays ready and leaves later.
func TestI13_AFaultThatPassesHoldsNothing(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("CREATE TRIGGER no_room BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'no room'); END").Error
	}))
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Approved || p.NextActionAt.IsZero() {
		t.Fatalf("%+v, next %s", p.State, p.NextActionAt)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("DROP TRIGGER no_room").Error }))
	town.Pass(4 * time.Minute)
	town.Sender.SweepAll(t.Context())
	if p = town.Look(p); p.Stage != models.Sent || town.Sandbox.Deliveries(p.OrderNo) != 1 {
		t.Errorf("%+v", p.State)
	}
	town.Sound()
}

// unwritable stores an order that its rail cannot carry, signed as it is.
func unwritable(town *servicestest.Town, p models.Payout) {
	town.Must(town.Store.Write(town.T.Context(), func(tx *gorm.DB) error { return services.SignAs(tx, town.Payouts, p.ID, "apay.nowhere") }))
}
