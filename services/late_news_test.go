package services_test

import (
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// unanswered makes an order whose create got an empty reply. The gateway holds it for
// what the word says, and tells nothing by itself.
func unanswered(town *servicestest.Town, rail string, turn sandbox.Turn) models.Payout {
	town.T.Helper()
	p := town.Approved(town.Form(rail, 1))
	town.Sandbox.Script(p.OrderNo, sandbox.Scenario{
		ID: "led", Create: sandbox.Create{Reply: sandbox.ReplyEmpty}, Fate: []sandbox.Turn{turn}, Quiet: true,
	})
	town.Must(town.Sender.Send(town.T.Context(), p.ID))
	return town.Look(p)
}

// agreed lets two people settle an order, or two controllers a contradiction: neither is
// its maker.
func agreed(town *servicestest.Town, p models.Payout, says models.Said) models.Payout {
	town.T.Helper()
	town.Must(town.Verdicts.Propose(town.T.Context(), town.Controller, p.OrderNo, proposal(says, p), servicestest.Click(town.Verdicts.Core, town.Controller)))
	v, _, err := models.OpenVerdict(town.Store.Read(town.T.Context()), p.ID)
	town.Must(err)
	second := town.Resolver
	if town.Look(p).Clash {
		second = town.Deputy()
	}
	_, err = town.Verdicts.Confirm(town.T.Context(), second, p.OrderNo, v.ID, says, "I have seen it too", servicestest.Click(town.Verdicts.Core, second))
	town.Must(err)
	return town.Look(p)
}

// paidByHand is an order in doubt that two people called paid.
func paidByHand(town *servicestest.Town, rail string, turn sandbox.Turn) models.Payout {
	town.T.Helper()
	p := agreed(town, unanswered(town, rail, turn), "paid")
	if p.Outcome != models.Paid || !p.ByHand || p.Grade != models.E0 {
		town.T.Fatalf("not called paid: %+v", p.State)
	}
	town.Sandbox.RunDue(town.Now())
	return p
}

// failedByHand is an order about which the gateway could not be heard for hours, and
// that two people then called not paid.
func failedByHand(town *servicestest.Town, rail string, turn sandbox.Turn) models.Payout {
	town.T.Helper()
	p := unanswered(town, rail, turn)
	town.Reopen(rail)
	carry := town.Accounts.Exchange
	town.Accounts.Exchange = servicestest.Silence
	town.Live(4*time.Hour, 5*time.Minute)
	town.Accounts.Exchange = carry
	p = agreed(town, p, "not_paid")
	if p.Outcome != models.Failed || !p.ByHand || p.Grade != models.E0 {
		town.T.Fatalf("not called failed: %+v", p.State)
	}
	return p
}

// failedByQuery and paidByQuery stand on the gateway's own answer.
func failedByQuery(town *servicestest.Town, rail string, turn sandbox.Turn) models.Payout {
	return byQuery(town, rail, sandbox.Turn{Word: sandbox.Failed}, models.Failed)
}

func paidByQuery(town *servicestest.Town, rail string, turn sandbox.Turn) models.Payout {
	return byQuery(town, rail, sandbox.Turn{Word: sandbox.Paid}, models.Paid)
}

func byQuery(town *servicestest.Town, rail string, turn sandbox.Turn, want models.Outcome) models.Payout {
	town.T.Helper()
	p := unanswered(town, rail, turn)
	town.Sandbox.RunDue(town.Now())
	asks(town, p)
	if p = town.Look(p); p.Outcome != want || p.Grade != models.E3 {
		town.T.Fatalf("not proven %s: %+v", want, p.State)
	}
	return p
}

// tells is a verified notice, whatever the gateway itself holds true; asks is a
// question, which it answers truly.
func tells(word sandbox.Word, wrong ...sandbox.Alter) func(*servicestest.Town, models.Payout) {
	return func(town *servicestest.Town, p models.Payout) {
		t := sandbox.Tell{Say: word}
		if len(wrong) > 0 {
			t.Alter = wrong[0]
		}
		town.Must(town.Sandbox.Tell(p.OrderNo, t))
	}
}

func asks(town *servicestest.Town, p models.Payout) {
	town.Pass(time.Minute)
	_, err := town.Sender.AskNow(town.T.Context(), town.Resolver, p.OrderNo)
	town.Must(err)
}

// standsAs is what an order is held to be, and on what.
type standsAs struct {
	outcome models.Outcome
	grade   models.Grade
	clash   bool
}

// The rows of "Late news against a human verdict" (states.md), what is true at once.
// A contradiction is asked about at once and then every hour.
func TestX4_LateNewsAgainstAVerdictRowByRow(t *testing.T) {
	held := func(word sandbox.Word) sandbox.Turn { return sandbox.Turn{Word: word} }
	rows := []struct {
		row      string
		rail     string
		standing func(*servicestest.Town, string, sandbox.Turn) models.Payout
		truth    sandbox.Turn
		news     func(*servicestest.Town, models.Payout)
		want     standsAs
		left     string // the line of the timeline
	}{
		{"paid H, notice says paid", "apay.taiwan", paidByHand, held(sandbox.Paid), tells(sandbox.Paid), standsAs{models.Paid, models.E2, false}, "proved"},
		{"paid H, query says paid", "apay.taiwan", paidByHand, held(sandbox.Paid), asks, standsAs{models.Paid, models.E3, false}, "proved"},
		{"failed H, notice says failed", "apay.unionpay", failedByHand, held(sandbox.Failed), tells(sandbox.Failed), standsAs{models.Failed, models.E2, false}, "proved"},
		{"failed H, query says failed", "apay.unionpay", failedByHand, held(sandbox.Failed), asks, standsAs{models.Failed, models.E3, false}, "proved"},
		{"failed H, notice says paid", "apay.taiwan", failedByHand, held(sandbox.Paid), tells(sandbox.Paid), standsAs{models.Paid, models.E2, true}, "contradicted"},
		{"failed H, query says paid", "apay.unionpay", failedByHand, held(sandbox.Paid), asks, standsAs{models.Paid, models.E3, true}, "contradicted"},
		{"paid H, notice says failed", "apay.taiwan", paidByHand, held(sandbox.Failed), tells(sandbox.Failed), standsAs{models.Paid, models.E0, true}, "contradicted"},
		{"paid H, query says failed", "cashy.peru", paidByHand, held(sandbox.Failed), asks, standsAs{models.Paid, models.E0, true}, "contradicted"},
		{"failed by machine, notice says paid", "apay.unionpay", failedByQuery, sandbox.Turn{}, tells(sandbox.Paid), standsAs{models.Paid, models.E2, true}, "contradicted"},
		{"paid by machine, taken back", "cashy.peru", paidByQuery, sandbox.Turn{}, tells(sandbox.Reversed), standsAs{models.Paid, models.E3, true}, "contradicted"},
		{"paid H, another amount by notice", "apay.taiwan", paidByHand, held(sandbox.Paid), tells(sandbox.Paid, sandbox.AlterLess), standsAs{models.Paid, models.E0, true}, "contradicted"},
		{"failed H, another amount by notice", "apay.taiwan", failedByHand, held(sandbox.Paid), tells(sandbox.Paid, sandbox.AlterLess), standsAs{models.Paid, models.E2, true}, "contradicted"},
		{"paid H, another amount by query", "apay.taiwan", paidByHand, sandbox.Turn{Word: sandbox.Paid, Less: true}, asks, standsAs{models.Paid, models.E0, true}, "contradicted"},
		{"failed H, another amount by query", "apay.taiwan", failedByHand, sandbox.Turn{Word: sandbox.Paid, Less: true}, asks, standsAs{models.Paid, models.E3, true}, "contradicted"},
		{"failed H, bad signature", "apay.taiwan", failedByHand, held(sandbox.Paid), tells(sandbox.Paid, sandbox.AlterBadSign), standsAs{models.Failed, models.E0, false}, ""},
		{"paid H, bad signature", "cashy.peru", paidByHand, held(sandbox.Paid), tells(sandbox.Failed, sandbox.AlterBadSign), standsAs{models.Paid, models.E0, false}, ""},
	}
	for _, r := range rows {
		t.Run(r.row, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			p := r.standing(town, r.rail, r.truth)
			byHand := p.ByHand
			town.Pass(time.Minute)
			r.news(town, p)
			p = town.Look(p)
			if is := (standsAs{p.Outcome, p.Grade, p.Clash}); is != r.want || p.ByHand != byHand {
				t.Fatalf("it is %+v, by hand %v; it should be %+v", is, p.ByHand, r.want)
			}
			if r.left != "" && eventsOf(t, town, p, r.left) == 0 {
				t.Errorf("no line says %q", r.left)
			}
			if r.left == "" && !heldBack(town) {
				t.Error("the message is not in quarantine")
			}
			hourly(t, town, p)
			town.Sound()
		})
	}
}

func heldBack(town *servicestest.Town) bool {
	waiting, err := models.NoticesToLookAt(town.Store.Read(town.T.Context()))
	town.Must(err)
	return waiting == 1
}

// hourly asks what an open contradiction promises: a question at once, then one an
// hour; what is called failed is asked about once more after an hour (decision 15), and
// a contradiction that this finds is asked about like any other.
func hourly(t *testing.T, town *servicestest.Town, p models.Payout) {
	t.Helper()
	if latest := town.Now().Add(time.Hour); p.Clash && (p.NextActionAt.IsZero() || p.NextActionAt.After(latest)) {
		t.Errorf("the next question comes at %s, it is %s", p.NextActionAt, town.Now())
	}
	town.Live(2*time.Minute, 30*time.Second)
	before := town.Look(p).Questions
	town.Live(3*time.Hour+15*time.Minute, 5*time.Minute)
	now := town.Look(p)
	switch asked := now.Questions - before; {
	case p.Clash && asked != 3:
		t.Errorf("asked %d times in three hours", asked)
	case p.Denied() && now.Denied() && asked != 1:
		t.Errorf("asked %d times about what stays failed", asked)
	case p.Denied() && !now.Denied() && (!now.Clash || asked < 3):
		t.Errorf("found out after an hour, asked %d times: %+v", asked, now.State)
	}
}

// Row "same news again": one more count and nothing else. A late notice is always
// acknowledged, or the gateway would say it again.
func TestX4_TheSameLateNewsAgainIsOneMoreCount(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	p := failedByHand(town, "apay.taiwan", sandbox.Turn{Word: sandbox.Paid})
	tells(sandbox.Paid)(town, p)
	town.Must(town.Sandbox.Push(p.OrderNo, sandbox.PushSame))
	town.Live(30*time.Minute, time.Minute) // what is not acknowledged comes again within minutes
	notices, err := models.NoticesOf(town.Store.Read(t.Context()), p.ID)
	town.Must(err)
	if len(notices) != 1 || notices[0].Seen != 2 || eventsOf(t, town, p, "contradicted") != 1 {
		t.Errorf("%d notices, the first seen %d times, %d contradictions", len(notices), notices[0].Seen, eventsOf(t, town, p, "contradicted"))
	}
	town.Sound()
}
