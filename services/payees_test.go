package services_test

import (
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

const movedTo = "4088748280279999"

func TestI25_WhoChangedAPayeeDoesNotDecideAboutPayingThem(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	paid := town.Sent(town.Form("apay.taiwan", 1))
	change := town.Moved(town.Other, paid, movedTo)
	refusedAs(t, town.Confirmed(town.Other, change), "change.own_proposal")
	town.Must(town.Confirmed(town.Approver, change))

	p := town.Submitted(town.Picked(paid, 2))
	if p.Last4 != "9999" || p.PayeeBy != town.Other.ID {
		t.Fatalf("the order goes to ····%s, entered by %d", p.Last4, p.PayeeBy)
	}
	refusedAs(t, town.Approve(town.Other, p.OrderNo, p.Digest), "payout.own_payee")
	refusedAs(t, servicestest.Reject(ctx, town.Payouts, town.Other, p, "no"), "payout.own_payee")
	town.Must(town.Payouts.Hold(ctx, town.Approver, p.OrderNo, "a look first"))
	refusedAs(t, town.Payouts.Resume(ctx, town.Other, p.OrderNo, "it is right", servicestest.Click(town.Payouts.Core, town.Other)), "payout.own_payee")
	town.Must(town.Payouts.Resume(ctx, town.Second, p.OrderNo, "it is right", servicestest.Click(town.Payouts.Core, town.Second)))
	town.Must(town.Approve(town.Approver, p.OrderNo, p.Digest))
	town.Sound()
}

func TestI25_ASignatureOfWhoEnteredTheDetailsIsRefusedByTheDatabaseAndFoundInThePast(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	paid := town.Sent(town.Form("apay.taiwan", 1))
	town.Must(town.Confirmed(town.Approver, town.Moved(town.Other, paid, movedTo)))
	p := town.Submitted(town.Picked(paid, 2))
	// The known-bad variant: a program that forgets who entered the details.
	forget := func(also string) {
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("UPDATE payouts SET payee_by = 0 WHERE id = ?; "+also, p.ID).Error
		}))
	}
	forget("")
	if err := town.Approve(town.Other, p.OrderNo, p.Digest); err == nil {
		t.Error("the database took the signature")
	}
	forget("DROP TRIGGER approvals_not_by_who_entered")
	town.Must(town.Approve(town.Other, p.OrderNo, p.Digest))
	if !finds(t, town, "I25") {
		t.Error("the check of the past does not see it")
	}
}

func TestI25_DetailsThatWereAgreedToAreNotChangedByOnePerson(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	paid := town.Sent(town.Form("apay.taiwan", 1))
	alone := func(tx *gorm.DB) error {
		v, err := models.LatestVersion(tx, paid.PayeeID)
		if err != nil {
			return err
		}
		v.ID, v.Number, v.DetailsHash, v.CreatedAt = 0, v.Number+1, []byte("other"), town.Now().Add(time.Minute)
		return tx.Create(&v).Error
	}
	if err := town.Store.Write(t.Context(), alone); err == nil || !strings.Contains(err.Error(), "two people") {
		t.Errorf("the database took the details: %v", err)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Exec("DROP TRIGGER payee_versions_by_two").Error; err != nil {
			return err
		}
		return alone(tx)
	}))
	if !finds(t, town, "I25") {
		t.Error("the check of the past does not see it")
	}
}

func finds(t *testing.T, town *servicestest.Town, check string) bool {
	t.Helper()
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	for _, f := range report.Findings {
		if f.Check == check {
			return true
		}
	}
	return false
}

func TestI25_AChangedPayeeHoldsWhatIsOnItsWayToTheAccountBefore(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	paid := town.Sent(town.Form("apay.taiwan", 1))
	waiting, approved, draft := town.Submitted(town.Form("apay.taiwan", 2)), town.Approved(town.Form("apay.taiwan", 3)), town.Draft(town.Form("apay.taiwan", 4))
	change := town.Moved(town.Maker, paid, movedTo)
	if town.Look(approved).Stage != models.Approved {
		t.Error("it is held before anybody has confirmed")
	}
	town.Must(town.Confirmed(town.Approver, change))
	for _, p := range []models.Payout{waiting, approved} {
		if now := town.Look(p); now.Stage != models.Held || now.HeldWhy != models.HeldPayeeChanged || now.Last4 != "2397" {
			t.Errorf("%s %s to ····%s", now.Stage, now.HeldWhy, now.Last4)
		}
	}
	refusedAs(t, town.Payouts.Submit(ctx, town.Maker, draft.OrderNo, draft.Digest), "payout.old_details")
	if _, err := town.Sender.Sweep(ctx); err != nil || len(town.Sandbox.Orders()) != 1 {
		t.Errorf("%d orders have left, %v", len(town.Sandbox.Orders()), err)
	}
	town.Must(town.Payouts.Resume(ctx, town.Approver, approved.OrderNo, "They still use the old account until Friday", servicestest.Click(town.Payouts.Core, town.Approver)))
	town.Must(town.Payouts.Withdraw(ctx, town.Approver, waiting.OrderNo, "Made again to the new account"))
	if town.Look(approved).PayeeVersionID != approved.PayeeVersionID {
		t.Error("the order was moved to other details")
	}
	town.Sound()
}

func TestAnAccountIsNotChangedByTypingItIntoAPayout(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	paid := town.Sent(town.Form("apay.taiwan", 1))
	form := town.Form("apay.taiwan", 2)
	form.Values["number"], form.Values["name"] = movedTo, "陈怡君" // the same name in the other script
	_, err := town.Payouts.Draft(ctx, town.Maker, form, nil)
	refusedAs(t, err, "payee.known_otherwise")
	form.SomebodyElse = true
	p, err := town.Payouts.Draft(ctx, town.Maker, form, nil)
	town.Must(err)
	if p.PayeeID == paid.PayeeID {
		t.Error("somebody else of the same name is the payee of before")
	}
	form.Values["number"], form.SomebodyElse = "4088748280278888", false
	town.Must(town.Payouts.Edit(ctx, town.Maker, p.OrderNo, form)) // nobody has agreed to what this maker alone has typed
	if now := town.Look(p); now.PayeeID != p.PayeeID || now.Last4 != "8888" {
		t.Errorf("payee %d ····%s", now.PayeeID, now.Last4)
	}
	town.Sound()
}

func TestD3_AChangeIsConfirmedOnlyOnceThePayeeWasCalledOnANumberKnownBefore(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	town.SetPayeeRules(models.PayeeRules{Calls: true})
	paid := town.Sent(town.Form("apay.taiwan", 1))
	change := town.Moved(town.Maker, paid, movedTo)
	refusedAs(t, town.Confirmed(town.Approver, change), "call.missing")

	town.Pass(time.Hour)
	call := services.NewCall{
		Number: "+886 2 2712 0000", Source: models.FromContract, SourceNote: "Contract 118, page 3", KnownSince: town.Now().AddDate(0, -8, 0),
		CalledAt: town.Now().Add(-10 * time.Minute), Reached: "Ms Chen, accounting", ReadBack: true,
	}
	refusedAs(t, town.Payees.KeepCall(ctx, town.Maker, change.ID, call), "call.own_change")
	young := call
	young.KnownSince = town.Now()
	refusedAs(t, town.Payees.KeepCall(ctx, town.Approver, change.ID, young), "call.number_too_young")
	early := call
	early.CalledAt = town.Now().Add(-2 * time.Hour)
	refusedAs(t, town.Payees.KeepCall(ctx, town.Approver, change.ID, early), "call.too_early")
	refusedAs(t, town.Confirmed(town.Approver, change), "call.missing")

	town.Must(town.Payees.KeepCall(ctx, town.Approver, change.ID, call))
	town.Must(town.Confirmed(town.Approver, change))
	calls, err := models.CallsAbout(town.Store.Read(ctx), change.ID)
	if err != nil || len(calls) != 1 || strings.Contains(string(calls[0].SealedNumber), "2712") {
		t.Errorf("%d calls, %v", len(calls), err)
	}
	town.Sound()
}

func TestD3_TwoPeopleCallAboveASumAndOneWhoHeardOtherwiseStopsIt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	ctx := t.Context()
	town.SetPayeeRules(models.PayeeRules{Calls: true, SecondCall: map[string]int64{"TWD": 100_00}})
	paid := town.Sent(town.Form("apay.taiwan", 1))
	change := town.Moved(town.Maker, paid, movedTo)
	town.Pass(time.Hour)
	call := func(by models.Person, heard bool) error {
		return town.Payees.KeepCall(ctx, by, change.ID, services.NewCall{
			Number: "+886 2 2712 0000", Source: models.FromInvoice, SourceNote: "Invoice 7", KnownSince: town.Now().AddDate(0, -2, 0),
			CalledAt: town.Now(), Reached: "Ms Chen", ReadBack: heard,
		})
	}
	town.Must(call(town.Approver, true))
	town.Must(call(town.Approver, true))
	refusedAs(t, town.Confirmed(town.Approver, change), "call.missing")
	town.Must(call(town.Second, true))
	town.Must(call(town.Resolver, false))
	refusedAs(t, town.Confirmed(town.Approver, change), "call.not_read_back")
}

func TestAnyCallThatTheRulesForbidIsRefusedByTheDatabaseToo(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	paid := town.Sent(town.Form("apay.taiwan", 1))
	change := town.Moved(town.Maker, paid, movedTo)
	good := models.CallBack{ChangeID: change.ID, CallerID: town.Approver.ID, CalledAt: town.Now(), SealedNumber: []byte{1}, Source: models.FromContract,
		SourceNote: "x", KnownSince: town.Now().AddDate(0, -1, 0), Reached: "x", ReadBack: true, KeptAt: town.Now()}
	own, young := good, good
	own.CallerID, young.KnownSince = town.Maker.ID, change.ProposedAt
	for name, call := range map[string]models.CallBack{"by who asked": own, "to a young number": young} {
		if err := town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&call).Error }); err == nil {
			t.Errorf("a call %s was kept", name)
		}
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&good).Error }))
}
