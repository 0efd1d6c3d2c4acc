package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

func TestD4_TwoControllersChangeTheRulesAboutPayees(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	second := town.AddPerson("second controller", models.Controller)
	terms, err := models.ReadPayeeTerms(town.Store.Read(ctx))
	town.Must(err)
	_, err = town.Payees.ProposeRules(ctx, town.Controller.As(models.VerbSetPolicy), terms, "no difference", servicestest.Click(town.Core, town.Controller))
	refusedAs(t, err, "change.nothing")
	terms.Cooling, terms.Calls, terms.KnownDays, terms.ExpireDays = 120, true, 30, 2
	terms.Starter = map[string]int64{"TWD": 150_00}
	_, err = town.Payees.ProposeRules(ctx, town.Approver.As(models.VerbSetPolicy), terms, "tighter", servicestest.Click(town.Core, town.Approver))
	refusedAs(t, err, "change.not_yours_to_propose")
	change, err := town.Payees.ProposeRules(ctx, town.Controller.As(models.VerbSetPolicy), terms, "tighter", servicestest.Click(town.Core, town.Controller))
	town.Must(err)
	p := town.Approved(town.Form("apay.taiwan", 1))
	sweep(t, town)
	if now := town.Look(p); now.Stage != models.Sent {
		t.Errorf("until it is confirmed nothing rests: %s", now.Stage)
	}
	_, err = town.Changes.Confirm(ctx, town.Controller.As(models.VerbSetPolicy), change.ID, change.Digest, servicestest.Click(town.Core, town.Controller))
	refusedAs(t, err, "change.own_proposal")
	_, err = town.Changes.Confirm(ctx, second.As(models.VerbSetPolicy), change.ID, change.Digest, servicestest.Click(town.Core, second))
	town.Must(err)

	now, err := models.ReadPayeeTerms(town.Store.Read(ctx))
	town.Must(err)
	if lines := models.DiffPayeeTerms(now, terms); len(lines) > 0 {
		t.Errorf("in force is not what was agreed to: %v", lines)
	}
	rests := town.Approved(town.Form("cashy.peru", 2))
	sweep(t, town)
	if now := town.Look(rests); now.Stage != models.Approved || !now.NextActionAt.Equal(rests.CreatedAt.Add(2*time.Hour)) {
		t.Errorf("new details do not rest: %s, next %s", now.Stage, now.NextActionAt)
	}
	waits := town.Submitted(town.Form("cashy.peru", 3))
	town.Pass(4 * 24 * time.Hour)
	town.Must(town.Payouts.Expire(ctx))
	if now := town.Look(waits); now.Stage != models.Draft {
		t.Errorf("after two business days it is %s", now.Stage)
	}
	moved := town.Moved(town.Other, p, movedTo)
	call := services.NewCall{
		Number: "+886 2 2712 0000", Source: models.FromContract, SourceNote: "page 3", KnownSince: town.Now().AddDate(0, 0, -20), CalledAt: town.Now(), Reached: "Ms Chen", ReadBack: true,
	}
	refusedAs(t, town.Payees.KeepCall(ctx, town.Approver, moved.ID, call), "call.number_too_young")
	call.KnownSince = town.Now().AddDate(0, 0, -40)
	town.Must(town.Payees.KeepCall(ctx, town.Approver, moved.ID, call))
	town.Sound()
}
