package models_test

import (
	"strings"
	"testing"
	"time"

	"countersign/models"
)

var (
	stoppedAt = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	outage    = models.Away{From: stoppedAt, Until: stoppedAt.Add(2 * time.Hour)}
)

func TestWhenWeWereAway(t *testing.T) {
	t.Parallel()
	for gap, want := range map[time.Duration]bool{
		0: false, 10 * time.Second: false, models.AwayAfter - time.Millisecond: false, models.AwayAfter: true, time.Hour: true, -time.Hour: false,
	} {
		if _, away := models.AwayBetween(stoppedAt, stoppedAt.Add(gap)); away != want {
			t.Errorf("after %s without a sign of life: %v", gap, away)
		}
	}
	if _, away := models.AwayBetween(time.Time{}, stoppedAt); away {
		t.Error("a new installation was away before it began")
	}
	if !outage.Outlasted(time.Hour) || outage.Outlasted(1023*time.Minute) {
		t.Error("an outage of two hours outlasts one hour of notices, not 17")
	}
}

func TestWhichOrdersMayHaveMissedANotice(t *testing.T) {
	t.Parallel()
	sent := func(o models.Outcome, g models.Grade, change ...func(*models.Payout)) models.Payout {
		p := models.Payout{State: models.State{Stage: models.Sent, Outcome: o, Grade: g}, SentAt: stoppedAt.Add(-time.Hour), SettledAt: stoppedAt.Add(-time.Minute)}
		for _, do := range change {
			do(&p)
		}
		return p
	}
	clash := func(p *models.Payout) { p.Clash = true }
	byHand := func(p *models.Payout) { p.ByHand = true }
	longAgo := func(p *models.Payout) { p.SettledAt = stoppedAt.Add(-31 * 24 * time.Hour) }
	later := func(p *models.Payout) { p.SentAt = outage.Until.Add(time.Second) }
	for name, c := range map[string]struct {
		p    models.Payout
		want bool
	}{
		"with the gateway":               {sent(models.Pending, models.E1), true},
		"unclear":                        {sent(models.Unclear, models.E0), true},
		"paid by a notice alone":         {sent(models.Paid, models.E2), true},
		"paid by two people":             {sent(models.Paid, models.E0, byHand), true},
		"paid by a notice long ago":      {sent(models.Paid, models.E2, longAgo), false},
		"paid and asked":                 {sent(models.Paid, models.E3), false},
		"failed":                         {sent(models.Failed, models.E3), true},
		"failed by two people":           {sent(models.Failed, models.E0, byHand), true},
		"failed long ago":                {sent(models.Failed, models.E3, longAgo), false},
		"refused":                        {sent(models.Failed, models.E1), false},
		"paid and asked, contradicted":   {sent(models.Paid, models.E3, clash), true},
		"returned and contradicted":      {sent(models.Returned, models.E3, clash), true},
		"sent since":                     {sent(models.Pending, models.E1, later), false},
		"approved":                       {models.Payout{State: models.State{Stage: models.Approved, Outcome: models.None}}, false},
		"sending, which the start finds": {models.Payout{State: models.State{Stage: models.Sending, Outcome: models.Pending}}, false},
	} {
		if got := outage.MayHaveMissed(c.p); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The longest on its way goes first, each account has a row of its own, and a plan that
// is earlier stays.
func TestTurnsAreOldestFirstAndApart(t *testing.T) {
	t.Parallel()
	order := func(id models.PayoutID, account models.AccountID, age time.Duration) models.Payout {
		return models.Payout{ID: id, AccountID: account, State: models.State{Stage: models.Sent, Outcome: models.Pending},
			SentAt: stoppedAt.Add(-age), NextActionAt: outage.Until.Add(4 * time.Hour)}
	}
	orders := []models.Payout{order(1, 1, time.Minute), order(2, 1, time.Hour), order(3, 2, time.Second), order(4, 1, 2*time.Minute)}
	orders[3].NextActionAt = stoppedAt.Add(time.Minute)
	orders = append(orders, models.Payout{ID: 5, AccountID: 1, State: models.State{Stage: models.Sent, Outcome: models.Failed}})
	got := map[models.PayoutID]time.Time{}
	for _, turn := range outage.Turns(orders) {
		got[turn.Payout] = turn.At
	}
	if len(got) != 4 || !got[2].Equal(outage.Until) || !got[3].Equal(outage.Until) || !got[4].Equal(stoppedAt.Add(time.Minute)) {
		t.Errorf("turns: %v", got)
	}
	if apart := got[1].Sub(outage.Until); apart != 200*time.Millisecond {
		t.Errorf("the third of its account comes %s later", apart)
	}
}

func TestWhatAnOutageMissedIsReadByIndexes(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 2000)
	for _, plan := range models.PlansOfMissed(c.db(), outage, c.explain) {
		if !strings.Contains(plan, "USING INDEX payouts_by_state") && !strings.Contains(plan, "payouts_contradicted") && !strings.Contains(plan, "payouts_thinly_paid") && !strings.Contains(plan, "payouts_failed") {
			t.Errorf("it is read by %s", plan)
		}
	}
}
