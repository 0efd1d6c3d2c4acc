package torture

import (
	"slices"
	"time"

	"countersign/services/gateway/sandbox"
)

// lying are the scenarios in which the gateway says under its own signature what
// is not so: no rule of ours can see through that, so what we make of it is not
// held against the ledger.
var lying = []string{"says_refused", "query_contradicts", "notice_first"}

// script draws how the gateway treats an order: a scenario of the catalogue, or
// one put together of the parts of several.
func (w *world) script(no, family string) {
	play, liar := w.drawPlay(family)
	w.box.Script(no, play)
	w.liars[no] = liar
}

func (w *world) drawPlay(family string) (play sandbox.Scenario, liar bool) {
	if w.chance(40) {
		play = w.fromCatalogue(family)
		return play, slices.Contains(lying, play.ID)
	}
	play = sandbox.Scenario{ID: "composed", Fate: one(w.r, fates)}
	parts := []func(from sandbox.Scenario){
		func(from sandbox.Scenario) { play.Create = from.Create },
		func(from sandbox.Scenario) { play.Query = from.Query },
		func(from sandbox.Scenario) { play.Tell, play.Quiet = from.Tell, from.Quiet },
	}
	for _, take := range parts {
		if w.chance(55) {
			continue
		}
		from := w.fromCatalogue(family)
		liar = liar || slices.Contains(lying, from.ID)
		take(from)
	}
	return play, liar
}

// tooSlow are scenarios that take real time; others play them.
var tooSlow = []string{"bomb", "notice_slow"}

func (w *world) fromCatalogue(family string) sandbox.Scenario {
	for {
		if play := one(w.r, w.box.Scenarios()); play.PlayedBy(family) && !slices.Contains(tooSlow, play.ID) {
			return play
		}
	}
}

// fates are what may become of the money.
var fates = [][]sandbox.Turn{
	sandbox.FatePaid, sandbox.FatePaid, sandbox.FatePaid, sandbox.FateFailed, sandbox.FateFailed, sandbox.FateCancelled,
	nil, // waits for ever
	{{Word: sandbox.Paid}},
	{{Word: sandbox.Failed}},
	{{After: time.Minute, Word: sandbox.Failed}, {After: 20 * time.Minute, Word: sandbox.Paid}},
	{{After: time.Minute, Word: sandbox.Paid}, {After: 20 * time.Minute, Word: sandbox.Reversed}},
	{{After: time.Minute, Word: sandbox.Paid, Less: true}},
	{{After: 10 * time.Second, Word: sandbox.Paying}, {After: 30 * time.Hour, Word: sandbox.Paid}},
}

// words that the gateway may put into one more notice; "" is the truth.
var saying = []sandbox.Word{
	"", "", sandbox.Paying, sandbox.Waiting, sandbox.Failed, sandbox.Failed, sandbox.Undefined, sandbox.Trap, sandbox.Paid, sandbox.Reversed,
}

// altering is what may be wrong with it: about half of it is forged.
var altering = []sandbox.Alter{
	{}, {}, {}, {}, {}, {}, {}, {}, sandbox.AlterLess, sandbox.AlterLess, sandbox.AlterUpperSign, sandbox.AlterMoreFields, sandbox.AlterFewerFields,
	sandbox.AlterBadSign, sandbox.AlterNoSign, sandbox.AlterOtherKey, sandbox.AlterOtherAlgorithm, sandbox.AlterOtherBody,
	sandbox.AlterOtherOrder, sandbox.AlterOtherMerchant, sandbox.AlterSplit, sandbox.AlterTwice, sandbox.AlterTrailing,
	sandbox.AlterQuoted, sandbox.AlterNull,
}

// tell lets the gateway post one more notice about an order, true or not, well
// signed or forged.
func (w *world) tell() {
	p, ok := w.pick(atGateway)
	if !ok {
		return
	}
	t := sandbox.Tell{Say: one(w.r, saying), Alter: one(w.r, altering), Once: w.chance(70)}
	if order, known := w.box.Order(p.OrderNo); known && t.Say != "" && t.Say != order.Word &&
		(t.Say == sandbox.Paid || t.Say == sandbox.Reversed) {
		w.liars[p.OrderNo] = true
	}
	_ = w.box.Tell(p.OrderNo, t) // one that was never booked has nothing to tell
}

// push lets something happen to the money of an order, and be told.
func (w *world) push() {
	if p, ok := w.pick(atGateway); ok {
		_ = w.box.Push(p.OrderNo, one(w.r, sandbox.Pushes()))
	}
}

// deliver brings some of the notices that were still on their way, in any order,
// and some of them again.
func (w *world) deliver() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range min(len(w.late), 3) {
		at := w.r.IntN(len(w.late))
		w.receive(w.late[at])
		if w.chance(80) {
			w.late = slices.Delete(w.late, at, at+1)
		}
	}
}
