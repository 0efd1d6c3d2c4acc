package services_test

import (
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

func openSends(town *servicestest.Town) []models.LooseSend {
	town.T.Helper()
	open, err := models.LooseSends(town.Store.Read(town.T.Context()), 10)
	town.Must(err)
	return open
}

// What left and has no order here is closed by two people who found the same, and
// stays in the list of what was closed.
func TestI27_I4_ASendWithoutAnOrderIsClosedByTwoPeople(t *testing.T) {
	town := servicestest.New(t)
	backup := town.Backup()
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Restore(backup)
	ctx, no := t.Context(), p.OrderNo
	if open := openSends(town); len(open) != 1 || open[0].Looked() || open[0].Requests != 1 {
		t.Fatalf("open: %+v", open)
	}
	refusedAs(t, town.Verdicts.LookAtSend(ctx, town.Resolver, no, " ", servicestest.Click(town.Core, town.Resolver)), "reason.needed")
	refusedAs(t, town.Verdicts.LookAtSend(ctx, town.Maker, no, "paid", servicestest.Click(town.Core, town.Maker)), "role.verdict")
	refusedAs(t, town.Verdicts.AgreeOnSend(ctx, town.Second, no, "paid", servicestest.Click(town.Core, town.Second)), "send.nobody_looked")
	refusedAs(t, town.Verdicts.LookAtSend(ctx, town.Resolver, "01NONE", "paid", servicestest.Click(town.Core, town.Resolver)), "send.missing")
	town.Must(town.Verdicts.LookAtSend(ctx, town.Resolver, no, "Ms Gu: 100.00 TWD, paid", servicestest.Click(town.Core, town.Resolver)))
	refusedAs(t, town.Verdicts.AgreeOnSend(ctx, town.Resolver, no, "me too", servicestest.Click(town.Core, town.Resolver)), "send.own_look")
	if open := openSends(town); len(open) != 1 || !open[0].Looked() {
		t.Errorf("one person closed it: %+v", open)
	}
	town.Must(town.Verdicts.LookAtSend(ctx, town.Second, no, "no, 101.00 TWD", servicestest.Click(town.Core, town.Second)))
	refusedAs(t, town.Verdicts.AgreeOnSend(ctx, town.Second, no, "as I said", servicestest.Click(town.Core, town.Second)), "send.own_look")
	town.Must(town.Verdicts.AgreeOnSend(ctx, town.Resolver, no, "101.00 TWD it is", servicestest.Click(town.Core, town.Resolver)))
	refusedAs(t, town.Verdicts.LookAtSend(ctx, town.Second, no, "wait", servicestest.Click(town.Core, town.Second)), "send.closed_already")
	refusedAs(t, town.Verdicts.AgreeOnSend(ctx, town.Second, no, "wait", servicestest.Click(town.Core, town.Second)), "send.closed_already")
	closed, err := models.ClosedSends(town.Store.Read(ctx), 10)
	if err != nil || len(closed) != 1 || closed[0].OrderNo != no || closed[0].AgreedWords != "101.00 TWD it is" || len(openSends(town)) != 0 {
		t.Errorf("closed: %+v, %v", closed, err)
	}
	for verb, times := range map[string]int{"send_looked_at": 2, "send_closed": 1} {
		var n int64
		town.Must(town.Store.Read(ctx).Model(&models.Event{}).Where("verb = ? AND subject = 'send' AND subject_id = ?", verb, no).Count(&n).Error)
		if int(n) != times {
			t.Errorf("%d events say %s", n, verb)
		}
	}
	town.Sound()
}

// Of an order that is here with another content, its maker closes nothing, and two of
// its approvers do not make two.
func TestI27_I4_WhoMadeOrApprovedTheOrderHereIsBound(t *testing.T) {
	maker, one, two := models.PersonID(1), models.PersonID(2), models.PersonID(3)
	person := func(id models.PersonID) models.Person {
		return models.Person{ID: id, Active: true, Roles: []models.Role{models.Resolver}}
	}
	send := models.LooseSend{Here: &models.Payout{MakerID: maker}, RestoredSend: models.RestoredSend{LookedBy: one}}
	signed := []models.PersonID{one, two}
	refusedAs(t, send.CheckLook(person(maker)), "send.maker")
	refusedAs(t, send.CheckAgree(person(maker), signed), "send.maker")
	refusedAs(t, send.CheckAgree(person(two), signed), "send.two_approvers")
	if err := send.CheckAgree(person(4), signed); err != nil {
		t.Error(err)
	}
}

// Each number is one line, however often it was tried, and what comes to light later
// is open again.
func TestI27_AnotherSendUnderAClosedNumberIsOpenAgain(t *testing.T) {
	town := servicestest.New(t)
	backup := town.Backup()
	p := town.Sent(town.Form("apay.taiwan", 1))
	town.Restore(backup)
	town.Must(town.Verdicts.LookAtSend(t.Context(), town.Resolver, p.OrderNo, "paid", servicestest.Click(town.Core, town.Resolver)))
	town.Must(town.Verdicts.AgreeOnSend(t.Context(), town.Second, p.OrderNo, "paid", servicestest.Click(town.Core, town.Second)))
	for i := range 2 {
		town.Must(addSend(town, p.OrderNo, byte(i)))
	}
	open := openSends(town)
	if len(open) != 1 || open[0].Requests != 2 || open[0].Looked() {
		t.Errorf("open: %+v", open)
	}
	count, closed, err := models.CountLooseSends(town.Store.Read(t.Context()))
	if err != nil || count != 1 || closed != 1 {
		t.Errorf("%d open and %d closed, %v", count, closed, err)
	}
	found, err := models.FindLooseSend(town.Store.Read(t.Context()), p.OrderNo)
	if err != nil || found.Closed() {
		t.Errorf("found %+v, %v", found, err)
	}
	town.Must(town.Verdicts.LookAtSend(t.Context(), town.Second, p.OrderNo, "twice", servicestest.Click(town.Core, town.Second)))
	town.Must(town.Verdicts.AgreeOnSend(t.Context(), town.Resolver, p.OrderNo, "twice", servicestest.Click(town.Core, town.Resolver)))
	if open := openSends(town); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
}

// Withdrawn means that it never left: an order with an attempt on record is not, for
// whatever it is held.
func TestI6_AnOrderThatMayHaveLeftIsNotWithdrawn(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		town := servicestest.New(t)
		p := town.Approved(town.Form("apay.taiwan", 1))
		tampered(town, p, `INSERT INTO attempts (payout_id, account_id, number, started_at, method, url, sealed_request, request_bytes, request_digest, content_digest, fence)
			SELECT id, account_id, 1, 1, 'POST', 'https://x.example', x'00', 1, x'00', x'00', 1 FROM payouts WHERE id = ?`)
		if byHand {
			town.Must(town.Payouts.Hold(t.Context(), town.Approver, p.OrderNo, "wait"))
		} else {
			town.Sender.SweepAll(t.Context())
		}
		refusedAs(t, town.Payouts.Withdraw(t.Context(), town.Maker, p.OrderNo, "not needed"), "payout.may_have_left")
		if p = town.Look(p); p.Stage != models.Held {
			t.Errorf("held by hand %v: %+v", byHand, p.State)
		}
		if ruled := p.CheckWithdraw(town.Maker) != nil; ruled == byHand {
			t.Errorf("held by hand %v: the page offers to withdraw %v", byHand, !ruled)
		}
	}
}

func addSend(town *servicestest.Town, orderNo string, digest byte) error {
	return town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
		_, err := models.AddRestoredSend(tx, &models.RestoredSend{OrderNo: orderNo, RequestDigest: []byte{digest}, ContentDigest: []byte{1}, AccountSlug: town.Taipei.Slug, SentAt: town.Now()})
		return err
	})
}

func refusedAs(t *testing.T, err error, key string) {
	t.Helper()
	if !refused(err, key) {
		t.Errorf("%v instead of %s", err, key)
	}
}
