package services_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// failed makes an order that the gateway has proven to have failed.
func failed(t *testing.T, town *servicestest.Town, form services.PayoutForm) models.Payout {
	t.Helper()
	p := town.Approved(form)
	town.Sandbox.Script(p.OrderNo, play(t, "quiet_failure"))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(10*time.Minute, 10*time.Second)
	if p = town.Look(p); p.Outcome != models.Failed {
		t.Fatalf("it did not fail: %+v", p.State)
	}
	return p
}

// again is the form of an order that replaces p.
func again(town *servicestest.Town, p models.Payout) services.PayoutForm {
	form := town.Form("apay.taiwan", 1)
	form.Replaces, form.TwinReason = p.OrderNo, "the one before did not arrive"
	return form
}

func TestI14_LateNewsOfTheFirstHoldsTheThirdOfAChain(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	second := failed(t, town, again(town, first))
	third := town.Approved(again(town, second))
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	if first, third = town.Look(first), town.Look(third); !first.Clash || third.Stage != models.Held {
		t.Fatalf("the first %+v, the third %+v", first.State, third.State)
	}
	if err := town.Payouts.Resume(t.Context(), town.Controller, third.OrderNo, "go on", servicestest.Click(town.Payouts.Core, town.Controller)); !refused(err, "payout.predecessor_open") {
		t.Errorf("the third went on: %v", err)
	}
	if again, _, _ := models.SuccessorOf(town.Store.Read(t.Context()), first.ID); again.ID != second.ID {
		t.Error("the chain is not what it was")
	}
	town.Sound()
}

func TestI14_ACopyOfAWithdrawnReplacementStaysInTheChain(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	withdrawn := town.Approved(again(town, first))
	town.Must(town.Payouts.Withdraw(t.Context(), town.Maker, withdrawn.OrderNo, "the wrong day"))
	copied := town.Approved(again(town, withdrawn))
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	if copied = town.Look(copied); copied.Stage != models.Held {
		t.Errorf("the copy of the replacement may go on: %+v", copied.State)
	}
	if err := town.Payouts.Resume(t.Context(), town.Controller, copied.OrderNo, "go on", servicestest.Click(town.Payouts.Core, town.Controller)); !refused(err, "payout.predecessor_open") {
		t.Errorf("the copy went on: %v", err)
	}
	town.Sound()
}

// A copy of a withdrawn replacement leaves as any replacement does while the one
// that failed is undisputed.
func TestI14_ACopyOfAWithdrawnReplacementIsSent(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	withdrawn := town.Approved(again(town, first))
	town.Must(town.Payouts.Withdraw(t.Context(), town.Maker, withdrawn.OrderNo, "the wrong day"))
	copied := town.Sent(again(town, withdrawn))
	if town.Sandbox.Deliveries(copied.OrderNo) != 1 {
		t.Errorf("it did not leave: %+v", copied.State)
	}
	town.Sound()
}

// A replacement that was approved while its predecessor is disputed does not wait
// unseen: it is held, for a reason (I13).
func TestI13_AReplacementThatMayNotLeaveIsHeldForAReason(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	draft := town.Draft(again(town, first))
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	town.Must(town.Payouts.Submit(t.Context(), town.Maker, draft.OrderNo, draft.Digest))
	town.Must(town.Approve(town.Approver, draft.OrderNo, draft.Digest))
	town.Live(time.Minute, 10*time.Second)
	if draft = town.Look(draft); draft.Stage != models.Held || draft.HeldWhy != "held.predecessor" {
		t.Errorf("%+v, held because %q", draft.State, draft.HeldWhy)
	}
	town.Sound()
}

// Both were paid, and two people have settled that the first one was: sad, and no
// fault in the books. Verify has nothing to say any more.
func TestI14_ASettledDoublePaymentIsNoFindingForEver(t *testing.T) {
	town := servicestest.New(t)
	first := failed(t, town, town.Form("apay.taiwan", 1))
	second := town.Sent(again(town, first))
	town.Must(town.Sandbox.Push(first.OrderNo, sandbox.PushPaid))
	town.Sound()
	first = town.Look(first)
	town.Must(town.Verdicts.Propose(t.Context(), town.Controller, first.OrderNo, proposal("paid", first), servicestest.Click(town.Verdicts.Core, town.Controller)))
	v, _, err := models.OpenVerdict(town.Store.Read(t.Context()), first.ID)
	town.Must(err)
	deputy := town.Deputy()
	_, err = town.Verdicts.Confirm(t.Context(), deputy, first.OrderNo, v.ID, "paid", "it is on the statement", servicestest.Click(town.Verdicts.Core, deputy))
	town.Must(err)
	if first = town.Look(first); first.Clash || first.Outcome != models.Paid || town.Look(second).Stage != models.Sent {
		t.Fatalf("not settled: %+v", first.State)
	}
	town.Sound()
}

// The known-bad variant: an order left while the one that it replaces was in doubt,
// which failed only later. Verify says so, although both look well by then.
func TestI14_VerifyFindsAReplacementThatLeftTooEarly(t *testing.T) {
	town := servicestest.New(t)
	first := town.Approved(town.Form("apay.taiwan", 1))
	town.Sandbox.Script(first.OrderNo, play(t, "quiet_failure"))
	town.Must(town.Sender.Send(t.Context(), first.ID))
	second := town.Draft(town.Form("apay.taiwan", 2))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("DROP TRIGGER payouts_identity").Error }))
	town.Must(town.Payouts.Submit(t.Context(), town.Maker, second.OrderNo, second.Digest))
	town.Must(town.Approve(town.Approver, second.OrderNo, second.Digest))
	town.Must(town.Sender.Send(t.Context(), second.ID))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE payouts SET replaces_id = ? WHERE id = ?", first.ID, second.ID).Error
	}))
	town.Live(10*time.Minute, 10*time.Second)
	if first = town.Look(first); first.Outcome != models.Failed {
		t.Fatalf("it did not fail: %+v", first.State)
	}
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	if !slices.ContainsFunc(report.Findings, func(f models.Finding) bool { return f.Check == "I14" }) {
		t.Errorf("verify found %v", report.Findings)
	}
}

// The database keeps a replacement from replacing what came after it; a file in which
// somebody took that away is checked to its end, and what is wrong with it is said.
func TestI14_VerifyComesToTheEndOfAChainBentIntoARing(t *testing.T) {
	for name, length := range map[string]int{"itself": 1, "two": 2, "three": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			chain := []models.Payout{town.Sent(town.Form("apay.taiwan", 1))}
			for len(chain) < length {
				chain = append(chain, town.Sent(town.Form("apay.taiwan", len(chain)+1)))
			}
			town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("DROP TRIGGER payouts_identity").Error }))
			for i, p := range chain {
				town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
					return tx.Exec("UPDATE payouts SET replaces_id = ? WHERE id = ?", chain[(i+1)%length].ID, p.ID).Error
				}))
			}
			report, err := models.Verify(town.Store.Read(t.Context()))
			town.Must(err)
			if !slices.ContainsFunc(report.Findings, func(f models.Finding) bool { return f.Check == "I14" }) {
				t.Errorf("verify found %v", report.Findings)
			}
		})
	}
}
