package services_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

func textOf(value any) string {
	if bytes, ok := value.([]byte); ok {
		return string(bytes)
	}
	return fmt.Sprint(value)
}

func contains(text, part string) bool { return strings.Contains(text, part) }

// booked makes an order that the sandbox has booked and about which it says
// nothing by itself.
func booked(town *servicestest.Town, rail string) models.Payout {
	p := town.Approved(town.Form(rail, 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
	town.Must(town.Sender.Send(town.T.Context(), p.ID))
	return town.Look(p)
}

func TestI11_AFailNoticeAloneDecidesNothing(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		p := booked(town, rail)
		town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true}))
		p = town.Look(p)
		if p.Outcome != models.Pending || p.FailNoticeAt.IsZero() || p.NextActionAt.After(town.Now()) {
			t.Errorf("%s: after the notice %+v, next question %s", rail, p.State, p.NextActionAt)
		}
		town.Sound()
	}
}

func TestI12_TwoVerifiedNoticesThatDisagreeAreAContradictionInEitherOrder(t *testing.T) {
	for _, order := range [][]sandbox.Word{{sandbox.Failed, sandbox.Paid}, {sandbox.Paid, sandbox.Failed}} {
		town := servicestest.New(t)
		p := booked(town, "apay.taiwan")
		for _, word := range order {
			town.Must(town.Sandbox.Tell(p.OrderNo, sandbox.Tell{Say: word, Once: true}))
			town.Pass(time.Minute)
		}
		if p = town.Look(p); !p.Clash || p.Outcome != models.Paid {
			t.Errorf("%v: %+v", order, p.State)
		}
		town.Sound()
	}
}

func TestI16_TheSameNoticeTenTimesIsOneEvent(t *testing.T) {
	town := servicestest.New(t)
	p := booked(town, "cashy.peru")
	town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
	for range 9 {
		town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushSame))
	}
	notices, err := models.NoticesOf(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if len(notices) != 1 || notices[0].Seen != 10 {
		t.Errorf("%d notices, the first seen %d times", len(notices), notices[0].Seen)
	}
	if paid := eventsOf(t, town, p, "paid"); paid != 1 {
		t.Errorf("%d events say paid", paid)
	}
	town.Sound()
}

func TestI17_ABadSignatureMovesNothingAndIsKept(t *testing.T) {
	for _, rail := range servicestest.Shapes {
		town := servicestest.New(t)
		p := booked(town, rail)
		town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushBadSign))
		notices, err := models.QuarantinedAbout(town.Store.Read(t.Context()), p.OrderNo)
		town.Must(err)
		if p = town.Look(p); p.Outcome != models.Pending || len(notices) != 1 {
			t.Errorf("%s: %+v, %d in quarantine", rail, p.State, len(notices))
		}
		if told, _ := town.Sandbox.Order(p.OrderNo); len(told.Notices) != 1 || told.Notices[0].Good {
			t.Errorf("%s: the forger was told that all is well", rail)
		}
	}
}

func TestI17_ANoticeForAnOrderThatNeverLeftIsQuarantined(t *testing.T) {
	town := servicestest.New(t)
	p := booked(town, "apay.taiwan")
	letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Paid})
	town.Must(err)
	letter.Body = []byte(strings.Replace(string(letter.Body), p.OrderNo, town.Approved(town.Form("apay.taiwan", 2)).OrderNo, 1))
	_, err = town.Notices.Receive(t.Context(), services.Arrival{Slug: town.Taipei.Slug, Header: letter.Header, Body: letter.Body})
	if !refused(err, "notice.not_accepted") {
		t.Errorf("accepted: %v", err)
	}
}

func eventsOf(t *testing.T, town *servicestest.Town, p models.Payout, verb string) (count int64) {
	t.Helper()
	town.Must(town.Store.Read(t.Context()).Model(&models.Event{}).Where("payout_id = ? AND verb = ?", p.ID, verb).Count(&count).Error)
	return count
}

// proposal is good evidence for a verdict on p.
func proposal(says models.Said, p models.Payout) services.Proposal {
	return services.Proposal{
		Says: says, Evidence: "gateway_reply", Text: "Support writes: order " + p.OrderNo + " was looked at.", Reason: "they say so",
		Received: p.Amount().Decimal(),
	}
}

func TestI04_AVerdictTakesTwoPeopleAndNeverTheMaker(t *testing.T) {
	town := servicestest.New(t)
	p := town.Unclear(town.Form("apay.taiwan", 1))
	maker := town.WithRole(town.Maker, models.Resolver)
	if err := town.Verdicts.Propose(t.Context(), maker, p.OrderNo, proposal("paid", p), servicestest.Click(town.Verdicts.Core, maker)); !refused(err, "verdict.maker") {
		t.Errorf("the maker proposed: %v", err)
	}
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)))
	v, ok, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	if err != nil || !ok {
		t.Fatal(err)
	}
	for who, key := range map[*models.Person]string{&town.Resolver: "verdict.own_proposal", &maker: "verdict.maker", &town.Auditor: "role.verdict"} {
		if _, err := town.Verdicts.Confirm(t.Context(), *who, p.OrderNo, v.ID, "paid", "I agree", servicestest.Click(town.Verdicts.Core, *who)); !refused(err, key) {
			t.Errorf("%s confirmed: %v", who.Name, err)
		}
	}
	agreed, err := town.Verdicts.Confirm(t.Context(), town.Controller, p.OrderNo, v.ID, "paid", "I agree", servicestest.Click(town.Verdicts.Core, town.Controller))
	if p = town.Look(p); err != nil || !agreed || p.Outcome != models.Paid || !p.ByHand {
		t.Errorf("after two people: %+v, %v", p.State, err)
	}
	town.Sound()
}

func TestNotPaidNeedsTimeQuestionsAndTheOrderNumberInWriting(t *testing.T) {
	town := servicestest.New(t)
	p := town.Unclear(town.Form("apay.taiwan", 1))
	early := proposal("not_paid", p)
	if err := town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, early, servicestest.Click(town.Verdicts.Core, town.Resolver)); !refused(err, "verdict.too_few_questions") {
		t.Errorf("without a question: %v", err)
	}
	town.Live(2*time.Hour, time.Minute)
	early.Text = "Support writes: it was not created."
	if err := town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, early, servicestest.Click(town.Verdicts.Core, town.Resolver)); !refused(err, "verdict.names_order") {
		t.Errorf("a reply that names no order: %v", err)
	}
	early.Evidence = "payee_reply"
	if err := town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, early, servicestest.Click(town.Verdicts.Core, town.Resolver)); !refused(err, "verdict.evidence_kind") {
		t.Errorf("the payee's word alone: %v", err)
	}
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("not_paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)))
}

func TestI12_APaidNoticeAfterTheVerdictNotPaidHoldsTheReplacement(t *testing.T) {
	town := servicestest.New(t)
	p := town.Approved(town.Form("apay.taiwan", 1))
	hidden, _ := sandbox.Find("query_hidden") // paid, but the gateway denies knowing it
	town.Sandbox.Script(p.OrderNo, hidden)
	town.Must(town.Sender.Send(t.Context(), p.ID))
	p = settleNotPaid(t, town, p)
	form := town.Form("apay.taiwan", 1)
	form.Replaces, form.TwinReason = p.OrderNo, "the first one was not paid"
	successor := town.Approved(form)
	town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushPaid))
	p, successor = town.Look(p), town.Look(successor)
	if !p.Clash || p.Outcome != models.Paid || successor.Stage != models.Held {
		t.Fatalf("%+v, its replacement %+v", p.State, successor.State)
	}
	if err := town.Payouts.Resume(t.Context(), town.Controller, successor.OrderNo, "go on", servicestest.Click(town.Payouts.Core, town.Controller)); !refused(err, "payout.predecessor_open") {
		t.Errorf("the replacement went on: %v", err)
	}
	town.Must(town.Verdicts.Propose(t.Context(), town.Controller, p.OrderNo, proposal("paid", p), servicestest.Click(town.Verdicts.Core, town.Controller)))
	v, _, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if _, err := town.Verdicts.Confirm(t.Context(), town.Resolver, p.OrderNo, v.ID, "paid", "it was", servicestest.Click(town.Verdicts.Core, town.Resolver)); !refused(err, "role.close") {
		t.Errorf("a resolver closes a contradiction: %v", err)
	}
	deputy := town.Deputy()
	if _, err := town.Verdicts.Confirm(t.Context(), deputy, p.OrderNo, v.ID, "paid", "it was", servicestest.Click(town.Verdicts.Core, deputy)); err != nil {
		t.Fatal(err)
	}
	if p = town.Look(p); p.Clash || p.Outcome != models.Paid {
		t.Errorf("after closing: %+v", p.State)
	}
	town.Sound()
}

// settleNotPaid lets the order become overdue and two people call it not paid.
func settleNotPaid(t *testing.T, town *servicestest.Town, p models.Payout) models.Payout {
	t.Helper()
	town.Live(4*time.Hour, 5*time.Minute)
	if p = town.Look(p); p.Outcome != models.Unclear {
		t.Fatalf("not overdue: %+v", p.State)
	}
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, p.OrderNo, proposal("not_paid", p), servicestest.Click(town.Verdicts.Core, town.Resolver)))
	v, _, err := models.OpenVerdict(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if _, err := town.Verdicts.Confirm(t.Context(), town.Controller, p.OrderNo, v.ID, "not_paid", "they wrote it", servicestest.Click(town.Verdicts.Core, town.Controller)); err != nil {
		t.Fatal(err)
	}
	if p = town.Look(p); p.Outcome != models.Failed || !p.ByHand {
		t.Fatalf("after the verdict: %+v", p.State)
	}
	return p
}

// A signed notice says paid of our order and carries fields of ours and others.
func TestI10_EveryFieldThatANoticeCarriesCounts(t *testing.T) {
	for more, want := range map[string]models.Outcome{
		`"platform_id":"PF0002","currency":"twd"`:    models.Paid, // as this family writes it
		`"platform_id":"PF0002","currency":"cny"`:    models.Unclear,
		`"platform_id":["PF0002"]`:                   models.Unclear,
		`"platform_id":"PF0002","payout_id":{"a":1}`: models.Unclear,
	} {
		town := servicestest.New(t)
		p := booked(town, "apay.taiwan")
		body := fmt.Sprintf(`{"payout_cl_id":"%s","amount":%d,"status":3,%s}`, p.OrderNo, p.AmountMinor, more)
		object, err := gateway.ReadObject([]byte(body))
		town.Must(err)
		sign, err := apay.Sign(apay.Canonical(object), "key-of-taipei", apay.HMAC)
		town.Must(err)
		_, err = town.Notices.Receive(t.Context(), services.Arrival{Slug: town.Taipei.Slug, Body: object.Add("sign", sign).Encode()})
		town.Must(err)
		if p = town.Look(p); p.Outcome != want {
			t.Errorf("%s: %+v", more, p.State)
		}
		town.Sound()
	}
}
