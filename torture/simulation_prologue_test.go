package torture

import (
	"context"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// prologue fills the town before chance takes over: some orders that wait to be
// sent, and in some seeds one that has come into a corner of the table of moves
// where chance alone would seldom lead.
func (w *world) prologue() {
	for range 2 + w.r.IntN(4) {
		w.ready(one(w.r, servicestest.Rails), nil)
	}
	w.calm = true
	if lead, ok := corners[w.seed%12]; ok {
		lead(w)
	}
	if w.broken.begin != nil {
		w.broken.begin(w)
	}
	w.calm = false
	w.note("prologue ended")
	w.look()
}

// corners are where the seeds are led, by their number's remainder.
var corners = map[uint64]func(*world){
	0:  func(w *world) { w.returned("paid") },
	1:  func(w *world) { w.returned("not_paid") },
	2:  func(w *world) { w.returned("returned") },
	3:  (*world).refusedAndFailed,
	4:  (*world).deniedForLong,
	5:  (*world).failedAndReplaced,
	6:  (*world).anotherSumFirst,
	7:  (*world).twoNoticesFirst,
	8:  (*world).paidAndDenied,
	9:  (*world).stoppedInWindow,
	10: (*world).leftUnsigned,
}

func (w *world) person(login string) models.Person {
	for _, p := range w.people {
		if p.Login == login {
			return p
		}
	}
	panic("nobody is called " + login)
}

// ready makes an order that waits to be sent; without a scenario it draws one.
func (w *world) ready(rail string, play *sandbox.Scenario) models.Payout {
	ctx := context.Background()
	form := w.form(rail)
	form.TwinReason, form.WarningReason = "two invoices of one day", "the payee wants it so"
	p, err := w.programs[0].payouts.Draft(ctx, w.maker, form, nil)
	if err != nil {
		return models.Payout{} // the twin of one in doubt is not drafted
	}
	w.script(p.OrderNo, w.accounts[rail].Family)
	if play != nil {
		w.box.Script(p.OrderNo, *play)
		w.liars[p.OrderNo] = true // led, not left to chance
	}
	w.must(w.programs[0].payouts.Submit(ctx, w.maker, p.OrderNo, p.Digest))
	w.must(servicestest.Approve(context.Background(), w.programs[0].payouts, w.person("approver"), p.OrderNo, p.Digest))
	if w.again(p).Stage != models.Approved && (play != nil || w.chance(70)) {
		w.must(servicestest.Approve(context.Background(), w.programs[0].payouts, w.person("second"), p.OrderNo, p.Digest))
	}
	return w.again(p)
}

func (w *world) again(p models.Payout) models.Payout {
	p, err := models.FindPayout(w.db(), p.ID)
	w.must(err)
	return p
}

// sentAs makes an order that was sent into a scenario.
func (w *world) sentAs(rail string, play sandbox.Scenario) models.Payout {
	p := w.ready(rail, &play)
	w.sweep(0)
	return p
}

// settled lets two people settle an order in doubt, or two controllers a contradiction.
func (w *world) settled(p models.Payout, says models.Said) {
	ctx := context.Background()
	err := w.programs[0].verdicts.Propose(ctx, w.person("controller"), p.OrderNo, services.Proposal{
		Says: says, Evidence: "gateway_reply", Text: "Support writes of order " + p.OrderNo, Reason: "they say so",
		Received: p.Amount().Decimal(), LookAgainAt: w.now().Add(time.Hour),
	}, servicestest.Click(w.programs[0].verdicts.Core, w.person("controller")))
	if err != nil {
		return
	}
	if v, open, err := models.OpenVerdict(w.db(), p.ID); err == nil && open {
		second := w.person("resolver")
		if p.Clash {
			second = w.person("deputy")
		}
		_, _ = w.programs[0].verdicts.Confirm(ctx, second, p.OrderNo, v.ID, says, "I have seen it too", servicestest.Click(w.programs[0].verdicts.Core, second))
	}
}

// twoPeople is settled as a step of chance: two who may agree on what one of them
// believes.
func (w *world) twoPeople() {
	if p, ok := w.pick(inDoubt); ok {
		w.settled(p, w.believed(p))
	}
}

// returned leads an order to have been paid and come back, and then to be disputed
// once more.
func (w *world) returned(then models.Said) {
	p := w.sentAs("apay.taiwan", sandbox.Scenario{ID: "led", Fate: []sandbox.Turn{{Word: sandbox.Paid}}})
	w.gateway()
	w.sweep(0)
	_ = w.box.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true})
	w.settled(w.again(p), "returned")
	_ = w.box.Tell(p.OrderNo, sandbox.Tell{Say: sandbox.Paid, Alter: sandbox.AlterLess, Once: true})
	if then == models.SaidNotPaid {
		w.denied(p)
	}
	w.settled(w.again(p), then)
}

// denied lets the gateway say failed of an order, by a notice and once it is asked.
func (w *world) denied(p models.Payout) {
	_ = w.box.Push(p.OrderNo, sandbox.PushFailed)
	_, _ = w.programs[0].sender.AskNow(context.Background(), w.person("resolver"), p.OrderNo)
}

// paidAndDenied leads an order to have been paid, and to be settled as not paid.
func (w *world) paidAndDenied() {
	p := w.sentAs("apay.unionpay", sandbox.Scenario{ID: "led", Fate: []sandbox.Turn{{Word: sandbox.Paid}}})
	w.gateway()
	w.sweep(0)
	w.denied(p)
	w.settled(w.again(p), "not_paid")
}

// refusedAndFailed leads an order to be refused, booked all the same, and to fail
// by the gateway's own word.
func (w *world) refusedAndFailed() {
	play, _ := sandbox.Find("says_refused")
	play.Fate, play.Quiet = []sandbox.Turn{{Word: sandbox.Failed}}, true
	p := w.sentAs("cashy.peru", play)
	w.gateway()
	_, _ = w.programs[0].sender.AskNow(context.Background(), w.person("resolver"), p.OrderNo)
}

// deniedForLong leads an order into doubt that lasts until people may say that it
// was not paid.
func (w *world) deniedForLong() {
	play, _ := sandbox.Find("query_hidden")
	if w.chance(50) {
		play.Create = sandbox.Create{Lost: true, Reply: sandbox.ReplyEmpty}
	}
	p := w.sentAs("apay.unionpay", play)
	for range 14 {
		w.time = w.time.Add(40 * time.Minute)
		w.sweep(0)
	}
	if w.chance(60) {
		w.settled(w.again(p), one(w.r, []models.Said{models.SaidPaid, models.SaidNotPaid}))
	}
}

// failedAndReplaced leads an order to fail and another to stand for it, of which
// the first may yet turn out to have been paid.
func (w *world) failedAndReplaced() {
	play := sandbox.Scenario{ID: "led", Fate: []sandbox.Turn{{Word: sandbox.Failed}}, Quiet: true}
	p := w.sentAs("apay.taiwan", play)
	w.gateway()
	w.time = w.time.Add(2 * time.Minute)
	w.sweep(0)
	form := w.form(p.Rail)
	form.Replaces, form.TwinReason, form.WarningReason = p.OrderNo, "the one before did not arrive", "as before"
	if next, err := w.programs[0].payouts.Draft(context.Background(), w.maker, form, nil); err == nil {
		w.script(next.OrderNo, sandbox.Apay)
		_ = w.programs[0].payouts.Submit(context.Background(), w.maker, next.OrderNo, next.Digest)
	}
}

// anotherSumFirst leads an order into doubt before its create is answered: a notice
// names another sum.
func (w *world) anotherSumFirst() {
	w.sentAs("apay.taiwan", sandbox.Scenario{
		ID: "led", Fate: sandbox.FatePaid,
		Tell: []sandbox.Tell{{First: true, Say: sandbox.Paid, Alter: sandbox.AlterLess, Once: true}, {After: time.Hour}},
	})
}

// twoNoticesFirst leads an order into a contradiction before its create is answered.
func (w *world) twoNoticesFirst() {
	w.sentAs("cashy.peru", sandbox.Scenario{ID: "led", Fate: sandbox.FatePaid, Tell: []sandbox.Tell{
		{First: true, Say: sandbox.Failed, Once: true}, {First: true, Say: sandbox.Paid, Once: true},
	}})
}
