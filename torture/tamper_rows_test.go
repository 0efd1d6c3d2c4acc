package torture

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// This file writes what happens seldom, so that edits hit it too.

// writePeople lets people of the town do to payees and to one another what they seldom do.
func (g *tamperGround) writePeople() {
	ctx := g.T.Context()
	paid := g.Sent(g.Form("apay.taiwan", 31))
	g.Must(g.Sandbox.Tell(paid.OrderNo, sandbox.Tell{Say: sandbox.Paid}))
	g.Must(g.Sandbox.Tell(paid.OrderNo, sandbox.Tell{Say: sandbox.Failed}))
	moved := g.Moved(g.Other, paid, "4088748280270099")
	g.Must(g.Payees.KeepCall(ctx, g.Approver, moved.ID, services.NewCall{
		Number: "+886 2 2712 0000", Source: models.FromContract, SourceNote: "Contract 118", KnownSince: g.Now().AddDate(-2, 0, 0),
		CalledAt: g.Now(), Reached: "Ms Chen", ReadBack: true,
	}))
	g.Must(g.Payees.DeclareAccount(ctx, g.Auditor, g.Auditor.ID, "4088748280272397"))
	ended, err := g.Payees.EndAccount(ctx, g.Auditor, g.Auditor.ID, 1, "the account is closed", servicestest.Click(g.Core, g.Auditor))
	g.Must(err)
	_, err = g.Changes.Confirm(ctx, g.Controller.As(models.VerbGrant), ended.ID, ended.Digest, servicestest.Click(g.Core, g.Controller))
	g.Must(err)
	people := &services.People{Core: g.Core}
	g.Must(people.Delegate(ctx, g.Approver, models.Delegation{DelegateID: g.Second.ID, Role: models.Approver, FromAt: g.Now(), UntilAt: g.Now().Add(48 * time.Hour)}))
	doubt := g.Unclear(g.Form("apay.taiwan", 32))
	g.Must(g.Verdicts.Enquire(ctx, g.Resolver, doubt.OrderNo, services.SentEnquiry{Language: "en", Channel: "mail", Person: "support", SentAt: g.Now(), Text: "Where is it?"}))
	left := g.Submitted(g.Form("apay.taiwan", 33))
	g.Must(g.Payouts.HandOn(ctx, g.Approver, left.OrderNo, g.Second.ID, "on leave"))
	_, err = (&services.Limits{Core: g.Core}).Set(ctx, models.Machine("test"), models.Limits{Zone: "UTC", Limits: []models.Limit{{Scope: models.LimitDay, Currency: "TWD", Minor: 90_000_000}}}, "the first limit")
	g.Must(err)
	g.Must(g.Payees.Block(ctx, g.Approver, services.NewBlock{Kind: models.BlockNumber, Number: "6222029999999999999", Reason: "the bank called"}))
}

// writeRare puts on record, as their own acts would, what takes another installation.
func (g *tamperGround) writeRare() {
	at, scoped := g.Now(), g.AddPerson("scoped", models.Auditor)
	order := g.Draft(g.Form("apay.taiwan", 34))
	g.Must(g.Store.Write(g.T.Context(), func(tx *gorm.DB) error {
		rows := []any{
			&models.FactorReset{PersonID: g.Maker.ID, Reason: "lost", State: models.ResetProposed, ProposedBy: g.Controller.ID, ProposedAt: at},
			&models.RoleException{PersonID: g.Maker.ID, Later: models.Approver, Earlier: models.Maker, Reason: "a holiday", GivenAt: at, UntilAt: at.Add(time.Hour)},
			&models.Invitation{Digest: []byte("digest of a link"), PersonID: &g.Maker.ID, MadeAt: at, ExpiresAt: at.Add(time.Hour)},
			&models.ProposedAccount{Name: "APAY Osaka", Slug: "osaka", SealedKeys: []byte("sealed keys"), MadeBy: g.Controller.ID, MadeAt: at},
			&models.PayeeRelease{VersionID: order.PayeeVersionID, Why: models.ReleaseFailed, ReleasedBy: g.Controller.ID, Reason: "they called", ReleasedAt: at},
		}
		for _, row := range rows {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		keys := "INSERT INTO account_keys (account_id, sealed_keys, fingerprint, made_by, made_at) VALUES (?, x'01', 'ab12', ?, ?)"
		if err := tx.Exec(keys, g.Taipei.ID, g.Controller.ID, models.Millis(at)).Error; err != nil {
			return err
		}
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{
			OrderNo: "01K9ZZZZZZZZZZZZZZZZZZZ001", RequestDigest: []byte{1}, ContentDigest: []byte{2}, AccountSlug: g.Taipei.Slug, SentAt: at, FoundAt: at,
		})
		if err != nil {
			return err
		}
		return models.SetScope(tx, scoped.ID, models.Scope{Accounts: []models.AccountID{g.Taipei.ID}, Currencies: []string{"TWD"}})
	}))
}

// The edits hit every table that the log is held to: each has rows in the ground. A new
// table fails here until something writes it.
func TestTamperingHasSomethingToEditInEveryTable(t *testing.T) {
	t.Parallel()
	g := newTamperGround(t)
	for table := range g.columns {
		var rows int64
		g.Must(g.Store.Read(t.Context()).Raw("SELECT count(*) FROM " + table).Scan(&rows).Error)
		if rows == 0 {
			t.Errorf("%s has no rows to be edited", table)
		}
	}
}
