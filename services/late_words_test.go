package services_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// play finds a scenario of the sandbox.
func play(t *testing.T, id string) sandbox.Scenario {
	t.Helper()
	found, ok := sandbox.Find(id)
	if !ok {
		t.Fatalf("no scenario %q", id)
	}
	return found
}

// meanwhile lets something happen between a create and its reply.
func meanwhile(town *servicestest.Town, do func()) {
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		response := carry(ctx, a, r)
		town.Accounts.Exchange = carry
		do()
		return response
	}
}

// A notice made the order unclear before the create was answered: whatever the
// answer says, the gateway is still asked (M19, M29).
func TestI13_ALateReplyDoesNotEndTheQuestions(t *testing.T) {
	for _, id := range []string{"says_refused", "accepts_500", ""} {
		town := servicestest.New(t)
		p := town.Approved(town.Form("apay.taiwan", 1))
		script := sandbox.Scenario{Quiet: true}
		if id != "" {
			script.Create = play(t, id).Create
		}
		town.Sandbox.Script(p.OrderNo, script)
		meanwhile(town, func() {
			town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterLess, Once: true}))
		})
		town.Must(town.Sender.Send(t.Context(), p.ID))
		if p = town.Look(p); p.Outcome != models.Unclear || p.NextActionAt.IsZero() || p.SentAt.IsZero() {
			t.Errorf("%q: %+v, next question %s, sent %s", id, p.State, p.NextActionAt, p.SentAt)
		}
		town.Sound()
	}
}

// Nothing left us, says our connection; the gateway says that it has the order. Then
// it is in doubt, and never sent again (I6).
func TestI06_WhatTheGatewayHasHeardOfIsNotCalledNotSent(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		carry(ctx, a, r)
		town.Accounts.Exchange = carry
		town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paying, Once: true}))
		return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailTLS}
	}
	town.Must(town.Sender.Send(t.Context(), p.ID))
	if p = town.Look(p); p.Stage != models.Sent || p.Outcome != models.Unclear {
		t.Errorf("after the reply: %+v", p.State)
	}
	town.Live(10*time.Minute, 10*time.Second)
	if n := town.Sandbox.Deliveries(p.OrderNo); n != 1 {
		t.Errorf("the gateway saw %d create requests", n)
	}
	town.Sound()
}

// A verified notice said that another sum was paid; then "failed" is no proof that
// nothing was (I12, M29), in whichever order the two come.
func TestI12_FailedAfterAPaymentOfAnotherSumIsAContradiction(t *testing.T) {
	for name, sequence := range map[string][]string{"sum first": {"less", "ask"}, "failure first": {"ask", "less"}} {
		town := servicestest.New(t)
		p := town.Approved(town.Form("apay.taiwan", 1))
		town.Sandbox.Script(p.OrderNo, play(t, "quiet_failure"))
		town.Must(town.Sender.Send(t.Context(), p.ID))
		town.Pass(20 * time.Minute)
		town.Sandbox.RunDue(town.Now())
		for _, step := range sequence {
			if step == "less" {
				town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterLess, Once: true}))
				continue
			}
			_, err := town.Sender.AskNow(t.Context(), town.Resolver, p.OrderNo)
			town.Must(err)
		}
		if p = town.Look(p); !p.Clash || p.Outcome != models.Paid {
			t.Errorf("%s: %+v", name, p.State)
		}
		town.Sound()
	}
}

// unclearFor makes an order of which the gateway denies everything, until "not
// paid" may be proposed.
func deniedLongEnough(t *testing.T, town *servicestest.Town) models.Payout {
	t.Helper()
	p := town.Approved(town.Form("apay.taiwan", 1))
	town.Sandbox.Script(p.OrderNo, play(t, "query_hidden"))
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Live(4*time.Hour, 5*time.Minute)
	if p = town.Look(p); p.Outcome != models.Unclear {
		t.Fatalf("not in doubt: %+v", p.State)
	}
	return p
}

// Between proposal and confirmation the gateway showed a sign of life: the waiting
// time begins again (I9 d).
func TestI09_ASignOfLifeAfterTheProposalStopsTheVerdictNotPaid(t *testing.T) {
	town := servicestest.New(t)
	p := deniedLongEnough(t, town)
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("not_paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)))
	v, _, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paying, Once: true}))
	_, err = town.Verdicts.Confirm(t.Context(), town.Controller, p.OrderNo, v.ID, "not_paid", "they wrote it", servicestest.Click(town.Verdicts.Core, town.Controller))
	if p = town.Look(p); err == nil || p.Outcome == models.Failed {
		t.Errorf("confirmed a minute after the gateway named it as working: %+v, %v", p.State, err)
	}
	town.Sound()
}

// An order that becomes pending again takes the proposal with it.
func TestAWorkingOrderCancelsTheProposal(t *testing.T) {
	town := servicestest.New(t)
	p := town.Unclear(town.Form("apay.taiwan", 1))
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return services.HearWorking(tx, p.ID, town.Now())
	}))
	_, open, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if p = town.Look(p); p.Outcome != models.Pending || open {
		t.Errorf("%+v, a proposal is open: %v", p.State, open)
	}
}

// One notice that cannot be applied does not keep the others waiting (I13).
func TestI13_ANoticeThatCannotBeAppliedStarvesNoOther(t *testing.T) {
	town := servicestest.New(t)
	broken, whole := booked(town, "cashy.peru"), booked(town, "apay.taiwan")
	for _, p := range []models.Payout{broken, whole} {
		town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return errors.Join(
			tx.Exec("UPDATE notices SET applied = ''").Error,
			tx.Exec("UPDATE gateway_accounts SET sealed_keys = zeroblob(60) WHERE id = ?", town.Lima.ID).Error,
		)
	}))
	if err := town.Notices.ApplyKept(t.Context()); err == nil {
		t.Error("the fault was not told")
	}
	left, err := models.NoticesToApply(town.Store.Read(t.Context()), 10)
	town.Must(err)
	if len(left) != 1 || *left[0].PayoutID != broken.ID {
		t.Errorf("%d are still to be applied", len(left))
	}
}

// M20, for an order that waits to be tried again because nothing left us.
func TestI17_ANoticeForAnOrderThatWaitsForItsSecondTryIsQuarantined(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response {
		return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailRefused}
	}
	town.Must(town.Sender.Send(t.Context(), p.ID))
	town.Accounts.Exchange = carry
	_, err := town.Sandbox.Seed(sandbox.Seeded{MerchantID: "PF0002", Number: p.OrderNo, Amount: p.Amount(), NotifyURL: "http://127.0.0.1/x", Created: town.Now(), Word: sandbox.Paid})
	town.Must(err)
	letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Paid})
	town.Must(err)
	_, err = town.Notices.Receive(t.Context(), services.Arrival{Slug: town.Taipei.Slug, Header: letter.Header, Body: letter.Body})
	if !refused(err, "notice.not_accepted") {
		t.Errorf("got %v", err)
	}
	left, err := models.NoticesToApply(town.Store.Read(t.Context()), 10)
	town.Must(err)
	if len(left) != 0 {
		t.Errorf("%d notices are tried for ever", len(left))
	}
	town.Sound()
}

// Notices are a set: every order in which they come leads to the same (I16).
func TestI16_ShuffledNoticesGiveTheSameResult(t *testing.T) {
	for name, tells := range map[string][]sandbox.Tell{
		"paid, working":          {{Say: sandbox.Paid}, {Say: sandbox.Paying}, {Say: sandbox.Waiting}},
		"paid, failed, working":  {{Say: sandbox.Paid}, {Say: sandbox.Failed}, {Say: sandbox.Paying}},
		"paid, less":             {{Say: sandbox.Paid}, {Say: sandbox.Paid, Alter: sandbox.AlterLess}, {Say: sandbox.Paying}},
		"failed, less":           {{Say: sandbox.Failed}, {Say: sandbox.Paid, Alter: sandbox.AlterLess}, {Say: sandbox.Paying}},
		"paid, failed, less":     {{Say: sandbox.Paid}, {Say: sandbox.Failed}, {Say: sandbox.Paid, Alter: sandbox.AlterLess}},
		"paid, forged":           {{Say: sandbox.Paid}, {Say: sandbox.Failed, Alter: sandbox.AlterBadSign}, {Say: sandbox.Failed, Alter: sandbox.AlterOtherKey}},
		"paid, reversed":         {{Say: sandbox.Paid}, {Say: sandbox.Reversed}, {Say: sandbox.Paying}},
		"reversed":               {{Say: sandbox.Reversed}, {Say: sandbox.Paying}, {Say: sandbox.Waiting}},
		"paid, failed, reversed": {{Say: sandbox.Paid}, {Say: sandbox.Failed}, {Say: sandbox.Reversed}},
	} {
		for _, rail := range []string{"apay.taiwan", "cashy.peru"} {
			results := map[models.State][]string{}
			for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}, {2, 2, 1, 0, 1, 0}} {
				town := servicestest.New(t)
				p := booked(town, rail)
				for _, i := range order {
					tell := tells[i]
					tell.Once = true
					_ = town.Sandbox.Tell(p.OrderNo, tell) // a family may not know the word
				}
				town.Sound()
				state := town.Look(p).State
				results[state] = append(results[state], joined(order))
			}
			if len(results) != 1 {
				t.Errorf("%s by %s: %v", name, rail, results)
			}
		}
	}
}

func joined(order []int) (text string) {
	for _, i := range order {
		text += string(rune('1' + i))
	}
	return text
}

// The answer to a bad notice has the same words whatever is wrong with it (I17).
func TestI17_EveryRefusalHasTheSameWords(t *testing.T) {
	town := servicestest.New(t)
	p := booked(town, "apay.taiwan")
	var answers []string
	for _, alter := range []sandbox.Alter{
		sandbox.AlterBadSign, sandbox.AlterNoSign, sandbox.AlterOtherKey, sandbox.AlterOtherAlgorithm, sandbox.AlterOtherBody,
		sandbox.AlterOtherOrder, sandbox.AlterOtherMerchant, sandbox.AlterSplit, sandbox.AlterTwice, sandbox.AlterTrailing, sandbox.AlterLetterCase,
	} {
		letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Alter: alter})
		town.Must(err)
		_, err = town.Notices.Receive(t.Context(), services.Arrival{Slug: town.Taipei.Slug, Header: letter.Header, Body: letter.Body})
		if err == nil {
			t.Error("a bad notice was acknowledged")
			continue
		}
		answers = append(answers, err.Error())
	}
	if slices.Sort(answers); len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	if p = town.Look(p); p.Outcome != models.Pending {
		t.Errorf("it moved: %+v", p.State)
	}
	town.Sound()
}

// The known-bad variant: what is not on the disk is not acknowledged (I15).
func TestI15_ANoticeThatCouldNotBeKeptIsNotAcknowledged(t *testing.T) {
	town := servicestest.New(t)
	p := booked(town, "apay.taiwan")
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("CREATE TRIGGER no_room BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'no room'); END").Error
	}))
	_ = town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Once: true})
	if told, _ := town.Sandbox.Order(p.OrderNo); len(told.Notices) != 1 || told.Notices[0].Good {
		t.Error("the gateway was told that all is well")
	}
	if p = town.Look(p); p.Outcome != models.Pending {
		t.Errorf("it moved: %+v", p.State)
	}
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec("DROP TRIGGER no_room").Error }))
	_ = town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Once: true})
	if told, _ := town.Sandbox.Order(p.OrderNo); !told.Notices[len(told.Notices)-1].Good {
		t.Error("the second try was not acknowledged")
	}
	town.Sound()
}

// A verified notice has named the order as being worked on; then a listed refusal
// contradicts the gateway itself and proves nothing (I9 a, M10).
func TestI09_ARefusalOfWhatTheGatewayHasNamedProvesNothing(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		p := town.Approved(town.Form(rail, 1))
		script := play(t, "pays")
		script.Quiet, script.Create = true, sandbox.Create{Reply: sandbox.ReplySays(play(t, "refuses").Create.Refuse)}
		town.Sandbox.Script(p.OrderNo, script)
		meanwhile(town, func() { town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paying, Once: true})) })
		town.Must(town.Sender.Send(t.Context(), p.ID))
		if p = town.Look(p); p.Outcome != models.Unclear || p.Unclear != models.ReasonDuplicate {
			t.Errorf("%s: %+v", rail, p.State)
		}
		town.Live(10*time.Minute, 30*time.Second)
		if p = town.Look(p); p.Outcome != models.Paid {
			t.Errorf("%s: in the end %+v", rail, p.State)
		}
		town.Sound()
	}
}

// The question that a FAIL notice calls for does not wait because the reply came
// after it (I11).
func TestI11_AFailNoticeThatOutranTheReplyIsAskedAboutAtOnce(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("cashy.peru", 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
	meanwhile(town, func() { town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true})) })
	town.Must(town.Sender.Send(t.Context(), p.ID))
	if p = town.Look(p); p.Outcome != models.Pending || p.NextActionAt.After(town.Now()) {
		t.Errorf("%+v, asked at %s", p.State, p.NextActionAt)
	}
}

// Two notices that disagree may both outrun the reply; they are a contradiction then
// too (I12, M25).
func TestI12_TwoNoticesThatDisagreeBeforeTheReplyAreAContradiction(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		p := town.Approved(town.Form(rail, 1))
		town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
		meanwhile(town, func() {
			for _, word := range []sandbox.Word{sandbox.Failed, sandbox.Paid} {
				town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: word, Once: true}))
			}
		})
		town.Must(town.Sender.Send(t.Context(), p.ID))
		if p = town.Look(p); !p.Clash || p.Outcome != models.Paid {
			t.Errorf("%s: %+v", rail, p.State)
		}
		town.Sound()
	}
}
