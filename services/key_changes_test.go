package services_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

func gatewayAdmin(t *testing.T, town *servicestest.Town) (admin models.Person) {
	t.Helper()
	admin = models.Person{Login: "gate@example.com", Name: "gateway admin", Zone: "UTC", PasswordHash: "x", Active: true, CreatedAt: town.Now(), Roles: []models.Role{models.GatewayAdmin}}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Create(&admin).Error; err != nil {
			return err
		}
		return models.SetRoles(tx, admin.ID, admin.Roles)
	}))
	return admin
}

func TestA6_KeysAreChangedByTwoPeopleAndTheFormerOnesVerifyForAWhile(t *testing.T) {
	town := servicestest.New(t)
	admin := gatewayAdmin(t, town)
	p := town.Approved(town.Form("cashy.peru", 1))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	fresh := services.NewKeys{Keys: services.Keys{Key: "another key of lima"}, Overlap: 24, Reason: "the old one was in a mail"}

	if _, err := town.Sender.ProposeKeys(t.Context(), town.Maker, town.Lima.ID, fresh, servicestest.Click(town.Core, town.Maker)); err == nil {
		t.Error("a maker proposed keys")
	}
	change, err := town.Sender.ProposeKeys(t.Context(), admin, town.Lima.ID, fresh, servicestest.Click(town.Core, admin))
	town.Must(err)
	if strings.Contains(change.Content, fresh.Keys.Key) || !strings.Contains(change.Content, `"tested":"refused"`) {
		t.Errorf("the change says %s", change.Content)
	}
	if _, err := town.Sender.ProposeKeys(t.Context(), admin, town.Lima.ID, fresh, servicestest.Click(town.Core, admin)); !refused(err, "change.waits_already") {
		t.Errorf("other keys beside those that wait: %v", err)
	}
	changes := &services.Changes{Core: town.Core}
	if _, err := changes.Confirm(t.Context(), admin.As(models.VerbGateway), change.ID, change.Digest, servicestest.Click(town.Core, admin)); err == nil {
		t.Error("the keys were confirmed by who proposed them")
	}
	before := town.Lima.Fingerprint
	_, err = changes.Confirm(t.Context(), town.Controller.As(models.VerbKeys), change.ID, change.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	account, err := models.FindAccount(town.Store.Read(t.Context()), town.Lima.ID)
	town.Must(err)
	if account.Fingerprint == before || account.FormerFingerprint != before || !account.FormerUntil.Equal(town.Now().Add(24*time.Hour)) {
		t.Errorf("%s after %s until %s", account.Fingerprint, account.FormerFingerprint, account.FormerUntil)
	}
	var told int64
	town.Must(town.Store.Read(t.Context()).Raw("SELECT count(*) FROM events WHERE instr(details, 'another key') > 0 OR instr(binds, 'another key') > 0").Scan(&told).Error)
	if told > 0 {
		t.Error("I24: the audit tells a key")
	}

	// The gateway has not changed over: what it signs with the former key counts.
	town.Pass(time.Hour)
	town.Sandbox.RunDue(town.Now())
	if p = town.Look(p); p.Outcome != models.Paid {
		t.Errorf("a notice signed with the former key in the overlap: %+v", p.State)
	}
	if good, err := town.Sender.TestAccount(t.Context(), admin, town.Lima.ID); err != nil || good.Says == "balance" {
		t.Errorf("the gateway took a key that it does not know: %+v %v", good, err)
	}
	town.Sound()
}

func TestA6_AfterTheOverlapTheFormerKeyVerifiesNothing(t *testing.T) {
	town := servicestest.New(t)
	admin := gatewayAdmin(t, town)
	p := town.Approved(town.Form("cashy.peru", 1))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	change, err := town.Sender.ProposeKeys(t.Context(), admin, town.Lima.ID, services.NewKeys{Keys: services.Keys{Key: "another key of lima"}, Overlap: 1, Reason: "yearly change"}, servicestest.Click(town.Core, admin))
	town.Must(err)
	_, err = (&services.Changes{Core: town.Core}).Confirm(t.Context(), town.Controller.As(models.VerbKeys), change.ID, change.Digest, servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	town.Pass(time.Hour)
	town.Sandbox.RunDue(town.Now())
	if p = town.Look(p); p.Outcome == models.Paid {
		t.Error("the former key still verifies")
	}
	var wrong int64
	town.Must(town.Store.Read(t.Context()).Model(&models.Notice{}).Where("verified = 'bad_signature'").Count(&wrong).Error)
	if wrong == 0 {
		t.Error("the notice is not in quarantine")
	}
	town.Sound()
}

// What was verified and acknowledged before keys were changed stays what it was, also where
// it could not be applied at once and the former keys are taken no more (I15).
func TestI15_ANoticeKeptBeforeTheKeysWereChangedIsStillApplied(t *testing.T) {
	for rail, account := range map[string]func(*servicestest.Town) models.AccountID{
		"cashy.peru":  func(town *servicestest.Town) models.AccountID { return town.Lima.ID },
		"apay.taiwan": func(town *servicestest.Town) models.AccountID { return town.Taipei.ID },
	} {
		t.Run(rail, func(t *testing.T) {
			town := servicestest.New(t)
			p := booked(town, rail)
			failing(town, true)
			town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
			failing(town, false)
			if left, err := models.NoticesToApply(town.Store.Read(t.Context()), 10); err != nil || len(left) != 1 {
				t.Fatalf("%d notices wait, %v", len(left), err)
			}
			fresh := services.NewKeys{Keys: services.Keys{Key: "another key", Authorization: "another token"}, Reason: "the old one leaked: it is taken no more"}
			admin := gatewayAdmin(t, town)
			change, err := town.Sender.ProposeKeys(t.Context(), admin, account(town), fresh, servicestest.Click(town.Core, admin))
			town.Must(err)
			_, err = (&services.Changes{Core: town.Core}).Confirm(t.Context(), town.Controller.As(models.VerbKeys), change.ID, change.Digest, servicestest.Click(town.Core, town.Controller))
			town.Must(err)
			town.Must(town.Notices.ApplyKept(t.Context()))
			if p = town.Look(p); p.Outcome != models.Paid {
				t.Errorf("an acknowledged notice came to nothing: %+v", p.State)
			}
			town.Sound()
		})
	}
}

// failing keeps notices from being applied, as a fault of ours would.
func failing(town *servicestest.Town, now bool) {
	statement := "DROP TRIGGER not_applied"
	if now {
		statement = "CREATE TRIGGER not_applied BEFORE UPDATE OF applied ON notices BEGIN SELECT RAISE(ABORT, 'a fault of ours'); END"
	}
	town.Must(town.Store.Write(context.Background(), func(tx *gorm.DB) error { return tx.Exec(statement).Error }))
}
