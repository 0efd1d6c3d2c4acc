package services_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// noScope are the verbs that no scope limits: stopping is everybody's, and what an
// export or a page may hold was read within the scope already; an account of one's own
// belongs to no gateway.
var noScope = []string{"Accounts.PullCord", "Proof.Exported", "Payees.DeclareAccount", "Payees.EndAccount"}

// Every verb of a person, called by one whose scope is elsewhere: the order is missing for
// them, and nothing moves. The list is the one that TestS19_EveryVerbOfAPersonIsTried
// keeps whole.
func TestI23_EveryVerbOfAPersonObeysTheirScope(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	before := town.Look(p)
	elsewhere := models.Scope{Accounts: []models.AccountID{town.Shanghai.ID}}
	missing := []string{"payout.missing", "account.missing", "notice.missing", "send.missing", "payee.missing", "change.missing", "rail.missing", "scope.whole_needed"}
	for _, d := range deeds(town, p) {
		if slices.Contains(noScope, d.name) {
			continue
		}
		scope(town, d.by, elsewhere)
		err := d.act(t.Context(), d.by)
		if refusal := (models.Refusal{}); !errors.As(err, &refusal) || !slices.Contains(missing, refusal.Key) {
			t.Errorf("%s out of scope: %v", d.name, err)
		}
		scope(town, d.by, models.Scope{})
	}
	if after := town.Look(p); after.State != before.State || after.OwnerID != 0 || after.Version != before.Version {
		t.Errorf("the order went from %+v to %+v", before.State, after.State)
	}
	town.Sound()
}

// The known-bad variant: without a scope the same verbs do not say so.
func TestI23_TheSameVerbsFindTheOrderWithinTheScope(t *testing.T) {
	town := servicestest.New(t)
	p := town.Submitted(town.Form("apay.taiwan", 1))
	here := models.Scope{Accounts: []models.AccountID{town.Taipei.ID, town.Lima.ID}, Currencies: []string{"TWD", "PEN"}}
	for _, d := range deeds(town, p) {
		scope(town, d.by, here)
		if err := d.act(t.Context(), d.by); refused(err, "payout.missing") || refused(err, "account.missing") {
			t.Errorf("%s within the scope: %v", d.name, err)
		}
	}
}

func scope(town *servicestest.Town, p models.Person, s models.Scope) {
	town.Must(town.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.SetScope(tx, p.ID, s) }))
}

// A change of a payee's details is about where money goes: to whoever never pays there it
// is not there, whatever their role.
func TestI23_AChangeOfAPayeeOutOfScopeIsMissing(t *testing.T) {
	town := servicestest.New(t)
	moved := town.Moved(town.Other, town.Sent(town.Form("apay.taiwan", 1)), movedTo)
	entered, err := enter(town, town.Maker, otherName(entering(), "吳佩珊"))
	town.Must(err)
	for _, waits := range []models.Change{moved, entered} {
		scope(town, town.Approver, models.Scope{Accounts: []models.AccountID{town.Shanghai.ID}})
		ctx, actor := t.Context(), town.Approver.As(models.VerbPayeeOK)
		_, _, revealed := town.Payees.RevealChange(ctx, town.Approver, waits.ID)
		_, confirmed := town.Changes.Confirm(ctx, actor, waits.ID, waits.Digest, servicestest.Click(town.Core, town.Approver))
		_, refused := town.Changes.Refuse(ctx, actor, waits.ID, "not mine to see")
		for what, err := range map[string]error{
			"reveal": revealed, "confirm": confirmed, "refuse": refused,
			"call": town.Payees.KeepCall(ctx, town.Approver, waits.ID, services.NewCall{}),
		} {
			if refusal := (models.Refusal{}); !errors.As(err, &refusal) || refusal.Key != "change.missing" {
				t.Errorf("%s of %s: %v", what, waits.Kind, err)
			}
		}
		scope(town, town.Approver, models.Scope{Accounts: []models.AccountID{town.Taipei.ID}})
		if _, _, err := town.Payees.RevealChange(ctx, town.Approver, waits.ID); err != nil {
			t.Errorf("%s within the scope: %v", waits.Kind, err)
		}
	}
}
