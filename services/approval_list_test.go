package services_test

import (
	"context"
	"errors"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

func listOf(orders ...models.Payout) (list models.List) {
	for _, p := range orders {
		list = append(list, models.Listed{OrderNo: p.OrderNo, Digest: p.Digest})
	}
	return list
}

func approveList(town *servicestest.Town, by models.Person, list models.List) error {
	return town.Payouts.ApproveList(context.Background(), by, list, servicestest.Click(town.Core, by))
}

// refusedFor says of each order of a list why it was refused.
func refusedFor(t *testing.T, err error) map[string]string {
	t.Helper()
	var all models.ListRefusal
	if !errors.As(err, &all) {
		t.Fatalf("the list is refused with %v", err)
	}
	why := map[string]string{}
	for _, one := range all {
		why[one.Payout.OrderNo] = one.Why.Key
	}
	return why
}

func TestE11_AListIsApprovedByOneSignatureAndEachOrderBearsIt(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	orders := append(town.Quiet("apay.taiwan", 2), town.Quiet("apay.unionpay", 1)...)
	town.Must(approveList(town, town.Approver, listOf(orders...)))
	var signatures []models.Signature
	town.Must(town.Store.Read(t.Context()).Where("act = ?", models.ActApproveList).Find(&signatures).Error)
	if len(signatures) != 1 {
		t.Fatalf("%d signatures over the list", len(signatures))
	}
	for _, p := range orders {
		now := town.Look(p)
		approvals, err := models.Approvals(town.Store.Read(t.Context()), now)
		town.Must(err)
		if now.Stage != models.Approved || len(approvals) != 1 || *approvals[0].SignatureID != signatures[0].ID || !signatures[0].Covers(p.Digest) {
			t.Errorf("%s is %s with %+v", p.OrderNo, now.Stage, approvals)
		}
		approved, _, err := models.LastMove(town.Store.Read(t.Context()), p.ID, models.MoveApprove)
		town.Must(err)
		if approved.Details["listed"] != "3" || approved.Details["signature"] == "" {
			t.Errorf("its event says %v", approved.Details)
		}
		town.Must(town.Sender.Send(t.Context(), p.ID))
	}
	town.Sound()
}

func TestE11_AListIsAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]struct {
		act func(town *servicestest.Town, p models.Payout)
		why string
	}{
		"its content changed": {func(town *servicestest.Town, p models.Payout) {
			form := town.Picked(p, 11)
			form.Amount = "977.00"
			town.Must(town.Payouts.Edit(context.Background(), town.Maker, p.OrderNo, form))
			p = town.Look(p)
			town.Must(town.Payouts.Submit(context.Background(), town.Maker, p.OrderNo, p.Digest))
		}, "payout.content_changed"},
		"it was decided": {func(town *servicestest.Town, p models.Payout) {
			town.Must(town.Approve(town.Second, p.OrderNo, p.Digest))
		}, "payout.moved_on"},
		"a question was asked": {func(town *servicestest.Town, p models.Payout) {
			town.Must(town.Payouts.AskMaker(context.Background(), town.Second, p.OrderNo, "Which month?"))
		}, "list.alone_asked"},
		"it got a flag": {func(town *servicestest.Town, p models.Payout) {
			town.Must(town.Store.Write(context.Background(), func(tx *gorm.DB) error {
				return tx.Exec("UPDATE payouts SET twin_reason = 'a second invoice' WHERE id = ?", p.ID).Error
			}))
		}, "list.alone_flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			orders := town.Quiet("apay.taiwan", 2)
			change.act(town, orders[1])
			before := town.Look(orders[1])
			why := refusedFor(t, approveList(town, town.Approver, listOf(orders...)))
			if len(why) != 1 || why[orders[1].OrderNo] != change.why {
				t.Errorf("refused for %v", why)
			}
			if first, second := town.Look(orders[0]), town.Look(orders[1]); first.Approvals != 0 || first.Stage != models.AwaitingApproval || second.Approvals != before.Approvals {
				t.Errorf("they are %s with %d and %s with %d", first.Stage, first.Approvals, second.Stage, second.Approvals)
			}
		})
	}
}

// The proof is over this list and no other: not over a part of it, nor with one more, nor
// over one order alone.
func TestS5_TheProofOfAListDoesForNoOtherList(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	orders := town.Quiet("apay.taiwan", 3)
	whole := listOf(orders...)
	stepUp := &services.StepUp{Core: town.Core, Demo: true}
	sign := func(act models.Act) services.Signed {
		signed, err := stepUp.Sign(t.Context(), town.Approver, act, services.Given{Session: models.Session{PersonID: town.Approver.ID, Factor: models.FactorDemo}})
		town.Must(err)
		return signed
	}
	for name, act := range map[string]models.Act{
		"a part":        whole[:2].Act(),
		"another order": listOf(orders[1], orders[0], orders[2]).Act(),
		"one order":     orders[0].Act(models.ActApprove, orders[0].Digest),
	} {
		if err := town.Payouts.ApproveList(t.Context(), town.Approver, whole, sign(act)); !refused(err, services.StepUpRefused) {
			t.Errorf("%s signs the list: %v", name, err)
		}
	}
	if err := town.Payouts.Approve(t.Context(), town.Approver, orders[0].OrderNo, orders[0].Digest, sign(whole.Act())); !refused(err, services.StepUpRefused) {
		t.Errorf("the list signs one order: %v", err)
	}
	town.Must(town.Payouts.ApproveList(t.Context(), town.Approver, whole, sign(whole.Act())))
	town.Sound()
}

func TestI04_AListObeysTheRulesOfOneOrder(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	orders := town.Quiet("apay.taiwan", 2)
	list := listOf(orders...)
	for who, by := range map[string]models.Person{"the maker": town.Maker, "an auditor": town.Auditor} {
		if err := approveList(town, by, list); err == nil {
			t.Errorf("%s approves a list", who)
		}
	}
	refusedAs(t, approveList(town, town.Approver, nil), "list.none")
	refusedAs(t, approveList(town, town.Approver, append(list, list[0])), "list.twice")
	many := models.List{}
	for i := range models.ListMost + 1 {
		many = append(many, models.Listed{OrderNo: string(rune('A' + i))})
	}
	refusedAs(t, approveList(town, town.Approver, many), "list.too_many")
	refusedAs(t, approveList(town, town.Approver, append(list, models.Listed{OrderNo: "01M7YTY3FWKJNBWZ9BZ7QS4AS4"})), "payout.missing")
	for _, p := range orders {
		if now := town.Look(p); now.Approvals != 0 {
			t.Errorf("%s was signed", p.OrderNo)
		}
	}
	town.Must(approveList(town, town.Approver, list))
	if why := refusedFor(t, approveList(town, town.Second, list)); len(why) != 2 {
		t.Errorf("the same list again: %v", why)
	}
}
