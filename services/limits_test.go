package services_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// limited sets the town's limits: each is a scope and a sum of TWD.
func limited(town *servicestest.Town, limits ...models.Limit) {
	town.T.Helper()
	for i := range limits {
		limits[i].Currency = "TWD"
	}
	_, err := (&services.Limits{Core: town.Core}).Set(context.Background(), models.Machine("test"), models.Limits{Zone: "Asia/Taipei", Limits: limits}, "for the test")
	town.Must(err)
}

// ofTaipei is a form of so many whole TWD.
func ofTaipei(town *servicestest.Town, serial, whole int) services.PayoutForm {
	form := town.Form("apay.taiwan", serial)
	form.Amount, form.TwinReason, form.WarningReason = fmt.Sprint(whole), "two invoices", "it is right"
	return form
}

// sweeps lets the sender work on whatever is due.
func sweeps(town *servicestest.Town) {
	town.T.Helper()
	for worked := 1; worked > 0; {
		var err error
		worked, err = town.Sender.Sweep(context.Background())
		town.Must(err)
	}
}

// Each kind of limit leaves the second of two orders waiting; nothing of it reaches the
// gateway, and a higher limit lets it go by itself.
func TestI18_AnOrderWithoutRoomWaitsAndGoesByItselfOnceThereIsRoom(t *testing.T) {
	for _, scope := range models.LimitScopes {
		t.Run(string(scope), func(t *testing.T) {
			town := servicestest.New(t)
			limited(town, models.Limit{Scope: scope, Minor: 500_00})
			first, second := town.Approved(ofTaipei(town, 1, 400)), town.Approved(ofTaipei(town, 2, 501))
			if first.Room != "2026-11-02" || second.Room != "" || second.Stage != models.Approved || second.NextActionAt.IsZero() {
				t.Fatalf("%+v and %+v, next %s", first.State, second.State, second.NextActionAt)
			}
			town.Pass(time.Hour)
			sweeps(town)
			if town.Look(first).Stage != models.Sent || town.Look(second).State != second.State || town.Sandbox.Deliveries(second.OrderNo) != 0 {
				t.Fatalf("%+v and %+v", town.Look(first).State, town.Look(second).State)
			}
			limited(town, models.Limit{Scope: scope, Minor: 5000_00})
			sweeps(town)
			if p := town.Look(second); p.Stage != models.Sent || p.Room != "2026-11-02" {
				t.Errorf("%+v", p.State)
			}
			town.Sound()
		})
	}
}

// Others' sums use nothing of a limit that is not theirs, and no other currency does.
func TestI18_ALimitBoundsOnlyThoseWhomItNames(t *testing.T) {
	town := servicestest.New(t)
	limited(town, models.Limit{Scope: models.LimitMaker, Minor: 500_00}, models.Limit{Scope: models.LimitPayee, Minor: 600_00})
	town.Approved(ofTaipei(town, 1, 400))
	form := ofTaipei(town, 2, 200)
	form.Values["number"] = "4088748280279999"
	form.SomebodyElse = true // of the same name
	others, err := town.Payouts.Draft(t.Context(), town.Other, form, nil)
	town.Must(err)
	town.Must(town.Payouts.Submit(t.Context(), town.Other, others.OrderNo, others.Digest))
	town.Must(town.Approve(town.Approver, others.OrderNo, others.Digest))
	if town.Look(others).Room == "" || town.Approved(town.Form("cashy.peru", 9)).Room == "" {
		t.Error("another maker's order, or one in another currency, was kept waiting")
	}
	form = ofTaipei(town, 3, 201)
	thirds, err := town.Payouts.Draft(t.Context(), town.Other, form, nil)
	town.Must(err)
	town.Must(town.Payouts.Submit(t.Context(), town.Other, thirds.OrderNo, thirds.Digest))
	town.Must(town.Approve(town.Approver, thirds.OrderNo, thirds.Digest))
	if town.Look(thirds).Room != "" {
		t.Error("two makers paid more to one account than may be paid to it")
	}
	town.Sound()
}

// Unclear uses its room; what is called off, rejected or proven to have failed gives it
// back; and what turns out to have been paid after all takes it again.
func TestI18_WhatUsesRoomIsNotProvenFailed(t *testing.T) {
	town := servicestest.New(t)
	limited(town, models.Limit{Scope: models.LimitDay, Minor: 500_00})
	used := func() int64 {
		uses, err := models.UsesOn(town.Store.Read(t.Context()), "2026-11-02", "TWD", models.LimitDay, 1)
		town.Must(err)
		if len(uses) == 0 {
			return 0
		}
		return uses[0].SumMinor
	}
	withdrawn := town.Approved(ofTaipei(town, 1, 400))
	if used() != 400_00 {
		t.Errorf("approved: %d", used())
	}
	town.Must(town.Payouts.Hold(t.Context(), town.Approver, withdrawn.OrderNo, "a call"))
	if used() != 400_00 {
		t.Errorf("held: %d", used())
	}
	town.Must(town.Payouts.Withdraw(t.Context(), town.Maker, withdrawn.OrderNo, "not needed"))
	if used() != 0 {
		t.Errorf("withdrawn: %d", used())
	}
	doubt := town.Unclear(ofTaipei(town, 2, 300))
	if doubt.Outcome != models.Unclear || used() != 300_00 {
		t.Errorf("%s: %d", doubt.Outcome, used())
	}
	move := func(m models.Move, e models.Effect) {
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			p, err := models.FindPayout(tx, doubt.ID)
			if err != nil {
				return err
			}
			return models.Record(tx, &p, m, e, models.Machine("test"), town.Now(), nil)
		}))
	}
	move(models.MoveFail, models.Effect{Grade: models.E3})
	if used() != 0 {
		t.Errorf("failed: %d", used())
	}
	move(models.MoveClash, models.Effect{})
	if used() != 300_00 {
		t.Errorf("paid after all: %d", used())
	}
}

// A business day begins at midnight in the zone of the limits, which is no other's.
func TestI18_ANewBusinessDayHasRoomAndAClockThatIsSetBackReopensNone(t *testing.T) {
	town := servicestest.New(t) // 9 in the morning in Taipei
	limited(town, models.Limit{Scope: models.LimitDay, Minor: 500_00})
	town.Approved(ofTaipei(town, 1, 400))
	waiting := town.Approved(ofTaipei(town, 2, 450))
	town.Pass(15*time.Hour - time.Second) // before midnight there
	sweeps(town)
	if town.Look(waiting).Room != "" {
		t.Fatal("there was room before the day was over")
	}
	town.Pass(2 * time.Second)
	sweeps(town)
	if p := town.Look(waiting); p.Room != "2026-11-03" || p.Stage != models.Sent {
		t.Fatalf("after midnight %+v", p.State)
	}
	town.Pass(-time.Hour)
	if p := town.Approved(ofTaipei(town, 3, 90)); p.Room != "" {
		t.Errorf("an hour earlier there was room on %s again", p.Room)
	}
	town.Sound()
}

func TestARaiseEndsByItself(t *testing.T) {
	l := models.Limit{Scope: models.LimitDay, Currency: "TWD", Minor: 500, Raised: 900, Until: "2026-11-30"}
	for day, want := range map[string]int64{"2026-11-29": 900, "2026-11-30": 900, "2026-12-01": 500} {
		if got := l.On(day).Minor; got != want {
			t.Errorf("%s: %d, not %d", day, got, want)
		}
	}
}

func TestLimitsThatCannotBeKeptAreRefused(t *testing.T) {
	good := models.Limit{Scope: models.LimitDay, Currency: "TWD", Minor: 500}
	with := func(change func(*models.Limit)) models.Limits {
		l := good
		change(&l)
		return models.Limits{Zone: "Asia/Taipei", Limits: []models.Limit{l}}
	}
	if err := with(func(*models.Limit) {}).Check(); err != nil {
		t.Fatal(err)
	}
	for key, l := range map[string]models.Limits{
		"limits.scope":            with(func(l *models.Limit) { l.Scope = "week" }),
		"limits.currency":         with(func(l *models.Limit) { l.Currency = "XXX" }),
		"limits.sum":              with(func(l *models.Limit) { l.Minor = 0 }),
		"limits.raise_needs_both": with(func(l *models.Limit) { l.Raised = 900 }),
		"limits.raise_is_lower":   with(func(l *models.Limit) { l.Raised, l.Until = 400, "2026-11-30" }),
		"limits.until":            with(func(l *models.Limit) { l.Raised, l.Until = 900, "soon" }),
		"limits.zone":             {Zone: "Local"},
		"limits.twice":            {Zone: "UTC", Limits: []models.Limit{good, good}},
	} {
		if err := l.Check(); err == nil || err.Error() != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// The known-bad variants: totals of limits, days and limits that were tampered with.
func TestI18_VerifyFindsALimitThatWasTamperedWith(t *testing.T) {
	for wrong, check := range map[string]string{
		"UPDATE limit_uses SET sum_minor = sum_minor - 1 WHERE scope = 'day'":                                                 "totals: limit day",
		"UPDATE limit_uses SET orders = 0, sum_minor = 0 WHERE scope = 'payee'":                                               "totals: limit payee",
		"DELETE FROM limit_uses WHERE scope = 'maker'":                                                                        "totals: limit maker",
		"UPDATE limit_uses SET day = '2026-11-01' WHERE scope = 'gateway'":                                                    "totals: limit gateway",
		"UPDATE payouts SET room = '2026-11-01'":                                                                              "fold:",
		"UPDATE payouts SET room = ''":                                                                                        "I18:",
		"DROP TRIGGER limit_versions_keep; UPDATE limit_versions SET content = replace(content, '50000', '90000')":            "I18: 1: the limits of this version",
		"INSERT INTO limit_versions SELECT version + 1, replace(content, '50000', '90000'), note, 'x', 0 FROM limit_versions": "I18: 2: the limits of this version",
	} {
		town := servicestest.New(t)
		limited(town, models.Limit{Scope: models.LimitDay, Minor: 500_00})
		town.Sent(ofTaipei(town, 1, 400))
		town.Sound()
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			for _, statement := range strings.Split(wrong, "; ") {
				if err := tx.Exec(statement).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		report, err := models.Verify(town.Store.Read(t.Context()))
		town.Must(err)
		found := fmt.Sprint(report.Findings)
		if !strings.Contains(found, check) {
			t.Errorf("%s: found %s", wrong, found)
		}
	}
}
