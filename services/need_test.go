package services_test

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

// roleTown is a town in which a controller has to be among the two.
func roleTown(t *testing.T) *servicestest.Town {
	town := servicestest.New(t)
	need, err := models.ReadNeed("1 approver + 1 controller")
	town.Must(err)
	bound(town, models.Policy{Bands: models.Bands{{Currency: "PEN", FromMinor: 1, Need: need}}})
	return town
}

func TestE2_AStepIsSignedByItsRole(t *testing.T) {
	t.Parallel()
	town, ctx := roleTown(t), context.Background()
	p := town.Submitted(town.Form("cashy.peru", 1))
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	if p = town.Look(p); p.Stage != models.AwaitingApproval || p.Wants != models.Controller || p.Needed != 2 {
		t.Fatalf("after an approver it is %s and wants %q", p.Stage, p.Wants)
	}
	refusedAs(t, town.Approve(town.Second, p.OrderNo, p.Digest), "payout.other_role")
	db := town.Store.Read(ctx)
	for who, want := range map[*models.Person]int{&town.Second: 0, &town.Controller: 1, &town.Approver: 0} {
		if n, err := models.CountToDecide(db, *who); err != nil || n != want {
			t.Errorf("%d wait for %s: %v", n, who.Name, err)
		}
	}
	if n, err := models.CountForOthers(db, town.Second); err != nil || n != 1 {
		t.Errorf("%d wait for others than the second approver: %v", n, err)
	}
	town.Must(town.Approve(town.Controller, p.OrderNo, p.Digest))
	if p = town.Look(p); p.Stage != models.Approved {
		t.Errorf("signed by both it is %s", p.Stage)
	}
	town.Must(town.Sender.Send(ctx, p.ID))
	soundPast(t, town)
}

func TestI4_TheSenderCountsRolesAgain(t *testing.T) {
	t.Parallel()
	town, ctx := roleTown(t), context.Background()
	p := town.Submitted(town.Form("cashy.peru", 1))
	// As if the verb had let two approvers through.
	town.Must(town.Store.Write(ctx, func(tx *gorm.DB) error {
		for _, by := range []models.Person{town.Approver, town.Second} {
			err := models.AddApproval(tx, &models.Approval{PayoutID: p.ID, Version: 1, PersonID: by.ID, Digest: p.Digest, Roles: "approver", SignatureID: town.Signature(tx, by, p), At: town.Now()})
			if err != nil {
				return err
			}
		}
		p.NextActionAt = town.Now()
		if err := models.Record(tx, &p, models.MoveSign, models.Effect{}, town.Approver.As(models.VerbApprove), town.Now(), nil); err != nil {
			return err
		}
		return models.Record(tx, &p, models.MoveApprove, models.Effect{}, town.Second.As(models.VerbApprove), town.Now(), nil)
	}))
	if err := town.Sender.Send(ctx, p.ID); err != nil {
		t.Log(err)
	}
	if p = town.Look(p); p.Stage != models.Held || p.HeldWhy != models.HeldUnsigned {
		t.Errorf("it is %s because of %q", p.Stage, p.HeldWhy)
	}
}

// TestI4_TheCheckOfThePastFindsWhatThePolicyDidNotAllow keeps known breaks of the rule
// that the check must report.
func TestI4_TheCheckOfThePastFindsWhatThePolicyDidNotAllow(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]string{
		"a signature that was an approver's": "DROP TRIGGER approvals_keep; UPDATE approvals SET roles = 'approver'",
		"another need in the row":            "UPDATE payouts SET need = '1 anyone', approvals_needed = 1",
		"another policy":                     `DROP TRIGGER policies_keep; UPDATE policies SET bands = '[{"currency":"PEN","from_minor":1,"need":"1 anyone"}]'`,
	} {
		town, ctx := roleTown(t), context.Background()
		p := town.Submitted(town.Form("cashy.peru", 1))
		town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
		town.Must(town.Approve(town.Controller, p.OrderNo, p.Digest))
		soundPast(t, town)
		town.Must(town.Store.Write(ctx, func(tx *gorm.DB) error { return tx.Exec(spoil).Error }))
		report, err := models.Verify(town.Store.Read(ctx))
		if err != nil || len(report.Findings) == 0 {
			t.Errorf("%s is not found: %v", name, err)
		}
	}
}
