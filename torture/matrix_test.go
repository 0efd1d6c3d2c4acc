package torture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// moment is when a gateway misbehaves, seen from its reply to the create: while the
// reply is held back, together with it, or afterwards.
type moment string

const (
	before moment = "before"
	during moment = "during"
	after  moment = "after"
)

var moments = []moment{before, during, after}

// row is one line of the table of misbehaviour (invariants.md 2).
type row struct {
	m    int
	does string // what the gateway does
	must string // what we have to record
	acts map[moment][]act
	none map[moment]string // moments at which the row has no meaning, and why
	only string            // the family that alone can do this; none says why
}

// act is one way to play a row at a moment.
type act struct {
	name   string
	family string // "" is both
	do     func(*stand)
	then   want // right afterwards
	end    want // a day and a half later
}

// want is what has to be on record. The zero value wants what the sandbox's ledger
// says, and nothing in doubt.
type want struct {
	stage   models.Stage
	outcome models.Outcome
	reason  models.UnclearReason
	clash   bool
	alarm   string // among the alarms of the order's events
	kept    string // why a notice of its account lies in quarantine
	unsent  bool   // the gateway saw no create request
	atOnce  bool   // the next question is due now
}

func pending() want { return want{stage: models.Sent, outcome: models.Pending} }
func paid() want    { return want{stage: models.Sent, outcome: models.Paid} }
func failed() want  { return want{stage: models.Sent, outcome: models.Failed} }
func clashed() want { return want{stage: models.Sent, outcome: models.Paid, clash: true} }
func unclear(why models.UnclearReason) want {
	return want{stage: models.Sent, outcome: models.Unclear, reason: why}
}

func (w want) alarmed(alarm string) want { w.alarm = alarm; return w }
func (w want) keeping(why string) want   { w.kept = "quarantine." + why; return w }
func (w want) asking() want              { w.atOnce = true; return w }
func unsent(stage models.Stage) want {
	return want{stage: stage, outcome: models.None, unsent: true}
}

// matrixRows is the whole table, M1 to M40; M39 is played by TestM39.
func matrixRows() []row {
	return slices.Concat(replyRows(), connectionRows(), noticeRows(), spellingRows(), questionRows())
}

// TestM01_M40_WhateverTheGatewayDoes plays every row, for both families and the two
// shapes in which one of them is asked, before, during and after the reply to the
// create. Then a day and a half passes, and the sandbox's ledger knows what really
// happened.
func TestM01_M40_WhateverTheGatewayDoes(t *testing.T) {
	tally := newTally()
	t.Run("rails", func(t *testing.T) {
		for _, rail := range servicestest.Shapes {
			t.Run(rail, func(t *testing.T) {
				t.Parallel()
				playAll(t, rail, tally)
			})
		}
	})
	tally.report(t)
}

// playAll plays the rows on one rail, in one town.
func playAll(t *testing.T, rail string, tally *tally) {
	town := servicestest.New(t)
	web := newWeb(t, town)
	var stands []*stand
	for _, r := range matrixRows() {
		for _, when := range moments {
			for _, a := range r.acts[when] {
				if c := newStand(t, town, rail, r, when, a); c != nil {
					c.serial = len(stands)
					c.play()
					stands = append(stands, c)
				}
			}
		}
	}
	stands[0].timeout(liveTimeout)
	town.Live(2*time.Hour, 2*time.Minute)
	town.Live(34*time.Hour, 30*time.Minute)
	for _, c := range stands {
		wrong := append(c.wrong, prefixed("in the end", c.check(c.act.end))...)
		wrong = append(wrong, judge(town, town.Look(c.p))...)
		for _, what := range wrong {
			t.Errorf("%s: %s", c.name(), what)
		}
		tally.add(c, len(wrong) == 0)
	}
	town.Sound()
	web.Close()
}

func prefixed(prefix string, all []string) []string {
	for i := range all {
		all[i] = prefix + " " + all[i]
	}
	return all
}

// What judge says of an outcome that the ledger contradicts.
const (
	calledFailed = "called failed, but the money left"
	calledPaid   = "called paid, but the money did not leave"
)

// judge holds an order against the sandbox's ledger and says what is wrong: a false
// "failed", a false "paid", a second delivery, an order about which nobody asks.
func judge(town *servicestest.Town, p models.Payout) (wrong []string) {
	truth, _ := town.Sandbox.Order(p.OrderNo)
	left := truth.Exists && (truth.Word == sandbox.Paid || truth.Word == sandbox.Reversed)
	if sent := town.Sandbox.Deliveries(p.OrderNo); sent > 1 {
		wrong = append(wrong, fmt.Sprintf("%d create requests", sent))
	}
	switch {
	case p.Outcome == models.Failed && left:
		wrong = append(wrong, calledFailed)
	case p.Outcome == models.Paid && !left && !p.Clash:
		wrong = append(wrong, calledPaid)
	case p.Open() && (p.NextActionAt.IsZero() || p.NextActionAt.Before(town.Now().Add(-4*time.Hour))):
		wrong = append(wrong, "nobody asks any more")
	}
	return wrong
}

// settledBy is the outcome that the ledger's word leads to; "" while it is not final.
func settledBy(truth sandbox.Order) models.Outcome {
	switch {
	case !truth.Exists:
		return ""
	case truth.Word == sandbox.Paid:
		return models.Paid
	case truth.Word == sandbox.Failed, truth.Word == sandbox.Cancelled:
		return models.Failed
	}
	return ""
}

// check compares what is on record with what is wanted.
func (c *stand) check(w want) (wrong []string) {
	p := c.town.Look(c.p)
	truth, _ := c.town.Sandbox.Order(p.OrderNo)
	if w.outcome == "" {
		w.stage, w.outcome = models.Sent, cmp.Or(settledBy(truth), "the ledger's word")
	}
	if p.Stage != w.stage || p.Outcome != w.outcome || p.Unclear != w.reason || p.Clash != w.clash {
		wrong = append(wrong, fmt.Sprintf("%s/%s %q, contradicted %v; want %s/%s %q, %v (ledger %s)",
			p.Stage, p.Outcome, p.Unclear, p.Clash, w.stage, w.outcome, w.reason, w.clash, truth.Word))
	}
	if sent := c.town.Sandbox.Deliveries(p.OrderNo); (sent == 1) == w.unsent || sent > 1 {
		wrong = append(wrong, fmt.Sprintf("%d create requests", sent))
	}
	if w.alarm != "" && !slices.Contains(c.alarms(), w.alarm) {
		wrong = append(wrong, fmt.Sprintf("no alarm %q among %v", w.alarm, c.alarms()))
	}
	if w.kept != "" && !slices.Contains(c.quarantine(), w.kept) {
		wrong = append(wrong, fmt.Sprintf("not kept as %s but %v", w.kept, c.quarantine()))
	}
	if w.atOnce && (p.NextActionAt.IsZero() || p.NextActionAt.After(c.town.Now())) {
		wrong = append(wrong, fmt.Sprintf("asked again only at %s", p.NextActionAt))
	}
	return wrong
}

func (c *stand) name() string {
	return strings.Join([]string{fmt.Sprintf("M%d", c.row.m), string(c.when), c.rail, c.act.name}, " ")
}
