package services_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// bound puts a policy in force in the town.
func bound(town *servicestest.Town, p models.Policy) models.Policy {
	town.T.Helper()
	set, err := (&services.Policy{Core: town.Core}).Set(context.Background(), models.Machine("test"), p, "for this test")
	town.Must(err)
	return set
}

// splitTown is a town in which ten of 150 PEN reach the band of two.
func splitTown(t *testing.T) *servicestest.Town {
	town := servicestest.New(t)
	bound(town, models.DefaultPolicy())
	return town
}

// small is a form over 150 PEN to the same account.
func small(town *servicestest.Town, serial int) services.PayoutForm {
	form := town.Form("cashy.peru", serial)
	form.Amount, form.TwinReason = "150", "each is an invoice of its own"
	return form
}

// toAnother lets the form pay somebody else.
func toAnother(form services.PayoutForm, serial int) services.PayoutForm {
	form.Values["accountNo"] = fmt.Sprintf("0037651%03d", serial)
	return form
}

func TestX10_TenSmallOnesNeedTheBigSignature(t *testing.T) {
	t.Parallel()
	town := splitTown(t)
	for i := range 9 {
		if p := town.Submitted(small(town, i)); p.Needed != 1 {
			t.Fatalf("number %d needs %d", i+1, p.Needed)
		}
	}
	tenth := town.Submitted(small(town, 9))
	if tenth.Needed != 2 {
		t.Fatalf("the tenth needs %d", tenth.Needed)
	}
	town.Must(town.Approve(town.Approver, tenth.OrderNo, tenth.Digest))
	if tenth = town.Look(tenth); tenth.Stage != models.AwaitingApproval {
		t.Errorf("one signature brings it to %s", tenth.Stage)
	}
	town.Must(town.Approve(town.Second, tenth.OrderNo, tenth.Digest))
	chain, err := models.Earlier(town.Store.Read(context.Background()), tenth, models.ToAccount, tenth.SubmittedAt, 20)
	if err != nil || len(chain) != 9 {
		t.Errorf("its chain has %d: %v", len(chain), err)
	}
	soundPast(t, town)
}

func TestX10_TenAccountsOfOneMakerCountTogether(t *testing.T) {
	t.Parallel()
	town := splitTown(t)
	needed := 0
	for i := range 10 {
		needed = town.Submitted(toAnother(small(town, i), i)).Needed
	}
	if needed != 2 {
		t.Errorf("the tenth of one maker needs %d", needed)
	}
	bound(town, models.Policy{Bands: models.DefaultBands, Rules: models.Rules{Sums: []models.Cumulation{models.ToAccount}}})
	if p := town.Submitted(toAnother(small(town, 11), 11)); p.Needed != 1 {
		t.Errorf("under a policy that adds up accounts alone it needs %d", p.Needed)
	}
}

func TestX10_WhatCameToNothingDoesNotCountAndDoubtDoes(t *testing.T) {
	t.Parallel()
	town := splitTown(t)
	ctx := context.Background()
	for i := range 9 {
		p := town.Submitted(small(town, i))
		switch {
		case i == 0:
			town.Must(town.Payouts.Withdraw(ctx, town.Maker, p.OrderNo, "not wanted"))
		case i == 1:
			town.Must(servicestest.Reject(ctx, town.Payouts, town.Approver, p, "not wanted"))
		}
	}
	if p := town.Submitted(small(town, 9)); p.Needed != 1 { // seven before it
		t.Errorf("with two called off it needs %d", p.Needed)
	}
	town.Draft(small(town, 10)) // nor does what was only written down
	if p := town.Unclear(small(town, 11)); p.Needed != 1 {
		t.Errorf("the ninth needs %d", p.Needed)
	}
	last := small(town, 12)
	last.Amount = "151"
	if p := town.Submitted(last); p.Needed != 2 {
		t.Errorf("beside one in doubt the tenth needs %d", p.Needed)
	}
}

func TestX10_AnEditIsAnsweredAnewAndADayLaterNothingCounts(t *testing.T) {
	t.Parallel()
	town := splitTown(t)
	ctx := context.Background()
	form := small(town, 0)
	form.Amount = "1400"
	town.Submitted(form)
	own := town.Submitted(small(town, 1))
	if own.Needed != 2 {
		t.Fatalf("1,400 and 150 need %d", own.Needed)
	}
	less := small(town, 1)
	less.Amount = "99.99"
	town.Must(town.Payouts.Edit(ctx, town.Maker, own.OrderNo, less))
	own = town.Look(own)
	town.Must(town.Payouts.Submit(ctx, town.Maker, own.OrderNo, own.Digest))
	if own = town.Look(own); own.Needed != 1 {
		t.Errorf("1,400 and 99.99 need %d: the order counts itself twice", own.Needed)
	}
	town.Pass(24*time.Hour + time.Millisecond)
	if p := town.Submitted(small(town, 2)); p.Needed != 1 {
		t.Errorf("a day later it needs %d", p.Needed)
	}
}

func TestX10_OfTwoSubmittedAtOnceOneSeesTheOther(t *testing.T) {
	t.Parallel()
	town := splitTown(t)
	var drafts []models.Payout
	for i := range 20 {
		drafts = append(drafts, town.Draft(small(town, i)))
	}
	var all sync.WaitGroup
	for _, p := range drafts {
		all.Go(func() {
			if err := town.Payouts.Submit(context.Background(), town.Maker, p.OrderNo, p.Digest); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	big := 0
	for _, p := range drafts {
		if town.Look(p).Needed == 2 {
			big++
		}
	}
	if big != 11 {
		t.Errorf("%d of twenty at once need the big signature, 11 have to", big)
	}
	soundPast(t, town)
}

// soundPast is what the check of the past says: nothing.
func soundPast(t *testing.T, town *servicestest.Town) {
	t.Helper()
	report, err := models.Verify(town.Store.Read(context.Background()))
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the past is not sound: %v, %v", report.Findings, err)
	}
}
