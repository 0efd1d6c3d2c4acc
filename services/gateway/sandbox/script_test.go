package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

func TestAScriptGoesStepByStep(t *testing.T) {
	t.Parallel()
	s := play(t)
	lost, _ := sandbox.Find("lost_502")
	refuses, _ := sandbox.Find("refuses_sign")
	s.Script("N1", lost, refuses)
	if r := s.unionpay("N1", 100); r.status != http.StatusBadGateway {
		t.Errorf("first: %+v", r)
	}
	s.wants("second", s.unionpay("N1", 100).body, `"0004"`)
	s.wants("third", s.unionpay("N1", 100).body, `"0004"`)
	if order, _ := s.Order("N1"); order.Exists || len(order.Deliveries) != 3 {
		t.Errorf("%+v", order)
	}
}

func TestAScriptMayBeginAfterwards(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 100)
	s.pass(time.Minute)
	s.Script("N1", sandbox.Scenario{Query: []sandbox.Phase{{Until: 10 * time.Minute, Hidden: true}}, Fate: sandbox.FateFailed})
	s.wants("hidden now", s.query(sandbox.Apay, "N1"), `"data":[]`)
	s.pass(10 * time.Minute)
	s.wants("failed in the end", s.query(sandbox.Apay, "N1"), `"status":5`)
	if n := len(s.Notices("N1")); n != 1 {
		t.Errorf("%d notices", n)
	}
}

func TestAGateHoldsTheAnswerOfABookedOrder(t *testing.T) {
	t.Parallel()
	s := play(t)
	gate := s.Hold("N1")
	answered := make(chan reply)
	go func() { answered <- s.unionpay("N1", 100) }()
	<-gate.Arrived()
	if order, _ := s.Order("N1"); !order.Exists {
		t.Error("the order is not booked yet")
	}
	if err := s.Push("N1", sandbox.PushPaid); err != nil {
		t.Error(err)
	}
	gate.Release()
	s.wants("answer", (<-answered).body, `"0000"`)
}

func TestAMerchantsNextOrdersArePlayedAsChosen(t *testing.T) {
	t.Parallel()
	s := play(t)
	if err := s.SetNext("PF0002", "accepts_503", 2); err != nil {
		t.Fatal(err)
	}
	s.peru("P1", 100_00, nil)
	if next := s.State().Merchants[0]; next.Next.ID != "accepts_503" || next.Remaining != 2 {
		t.Errorf("%+v", next)
	}
	for i, want := range []int{503, 503, 200} {
		if r := s.unionpay("N"+string(rune('1'+i)), 100); r.status != want {
			t.Errorf("order %d: %d", i+1, r.status)
		}
	}
	state := s.State().Merchants[0]
	if state.Remaining != 0 || len(state.Last) != 3 || state.Last[0].Number != "N3" || state.Frozen.Minor != 3*(100+2_00) {
		t.Errorf("%+v", state)
	}
	for id, merchant := range map[string]string{"splits": "100001", "no_such": "PF0002", "pays": "nobody"} {
		if err := s.SetNext(merchant, id, 1); err == nil {
			t.Errorf("%s for %s is allowed", id, merchant)
		}
	}
}

func TestTimeMayRunFasterFromNowOn(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 100)
	s.pass(time.Minute)
	s.SetSpeed(60)
	if due, _ := s.NextDue(); !due.Equal(noon.Add(61 * time.Second)) {
		t.Errorf("due at %v", due)
	}
	s.pass(time.Second)
	if order, _ := s.Order("N1"); order.Word != sandbox.Paid || s.State().Speed != 60 {
		t.Errorf("%s at speed %d", order.Word, s.State().Speed)
	}
}

func TestAPushSaysAndWhatHappensHappens(t *testing.T) {
	t.Parallel()
	cases := []struct {
		push sandbox.Push
		word sandbox.Word // after it, of an order that was paid
		says sandbox.Word
	}{
		{sandbox.PushPaid, sandbox.Paid, sandbox.Paid},
		{sandbox.PushFailed, sandbox.Failed, sandbox.Failed},
		{sandbox.PushReversed, sandbox.Reversed, sandbox.Reversed},
		{sandbox.PushBadSign, sandbox.Paid, sandbox.Paid},
		{sandbox.PushLess, sandbox.Paid, sandbox.Paid},
		{sandbox.PushSame, sandbox.Paid, sandbox.Paid},
	}
	if len(cases) != len(sandbox.Pushes()) {
		t.Error("a push has no test")
	}
	for _, family := range families {
		for _, c := range cases {
			s := play(t)
			s.create(family, "N1", 0)
			if err := s.Push("N1", sandbox.PushSame); err != sandbox.ErrNothing {
				t.Errorf("before any notice: %v", err)
			}
			s.pass(2 * time.Minute)
			if err := s.Push("N1", c.push); err != nil {
				t.Fatal(err)
			}
			got := s.inbox.messages()
			order, _ := s.Order("N1")
			if len(got) != 2 || order.Word != c.word || (got[0].body == got[1].body) != (c.push == sandbox.PushSame || c.push == sandbox.PushPaid || c.push == sandbox.PushBadSign && family == sandbox.Cashy) {
				t.Errorf("%s %s: %d notices, %s\n%s", family, c.push, len(got), order.Word, got[1].body)
			}
			s.wants(string(c.push), got[1].body, status(family, c.says))
		}
	}
}

func TestASeededOrderIsKnownAndGoesOn(t *testing.T) {
	t.Parallel()
	s := play(t)
	sum := models.Money{Minor: 1_850_00, Currency: "PEN"}
	old := sandbox.Seeded{
		MerchantID: "100001", Number: "OLD", GatewayNo: "PAYOUT7", Amount: sum, NotifyURL: s.inbox.url,
		Word: sandbox.Paid, Created: noon.AddDate(0, 0, -40), Updated: noon.AddDate(0, 0, -40).Add(time.Minute),
	}
	if no, err := s.Seed(old); err != nil || no != "PAYOUT7" {
		t.Fatal(no, err)
	}
	if _, err := s.Seed(old); err != sandbox.ErrTaken {
		t.Errorf("twice: %v", err)
	}
	s.wants("query", s.query(sandbox.Cashy, "OLD"), `"orderNo":"PAYOUT7","channelOrderNo":null,"amount":1850.0,"fee":1.5,"orderStatus":"SUCCESS","completionTime":"2026-10-10 07:01:00"`)
	fails, _ := sandbox.Find("fails")
	if _, err := s.Seed(sandbox.Seeded{MerchantID: "100001", Number: "OPEN", Amount: sum, NotifyURL: s.inbox.url, Created: noon, Play: fails}); err != nil {
		t.Fatal(err)
	}
	if total, frozen := s.Balance("100001"); total.Minor != 1_000_000_00 || frozen.Minor != 1_851_50 {
		t.Errorf("%v of which %v", total, frozen)
	}
	s.pass(2 * time.Minute)
	s.wants("query", s.query(sandbox.Cashy, "OPEN"), `"orderStatus":"FAIL","completionTime":null,"resultDesc":"ACCOUNT_NOT_EXIST"`)
	if n := len(s.Notices("OPEN")); n != 1 {
		t.Errorf("%d notices", n)
	}
}
