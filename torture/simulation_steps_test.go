package torture

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// step is one thing that may happen, and how often it does. What is inner may also
// happen in the middle of an exchange.
type step struct {
	name   string
	weight int
	inner  bool
	do     func(*world)
}

// steps are everything that happens in the town, innerSteps what may also happen in
// the middle of something else.
var steps, innerSteps []step

func init() {
	steps = everything()
	innerSteps = slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return !s.inner })
}

func everything() []step {
	return []step{
		{"draft", 7, false, (*world).draft},
		{"reissue", 4, false, (*world).reissue},
		{"edit", 3, true, (*world).edit},
		{"submit", 9, true, (*world).submit},
		{"approve", 12, true, (*world).approve},
		{"reject", 1, true, (*world).reject},
		{"ask the maker", 1, true, (*world).askMaker},
		{"withdraw", 1, true, (*world).withdraw},
		{"stop", 4, true, (*world).stop},
		{"hold", 2, true, (*world).hold},
		{"resume", 4, true, (*world).resume},
		{"ask now", 6, true, (*world).askNow},
		{"claim", 1, true, (*world).claim},
		{"propose", 7, true, (*world).propose},
		{"confirm", 8, true, (*world).confirm},
		{"two people", 4, true, (*world).twoPeople},
		{"cord", 1, true, (*world).cord},
		{"restart", 3, true, (*world).restart},
		{"pause", 1, true, (*world).pause},
		{"reopen", 3, true, (*world).reopen},
		{"first sender", 14, true, func(w *world) { w.sweep(0) }},
		{"second sender", 7, true, func(w *world) { w.sweep(1) }},
		{"resign", 1, false, (*world).resign},
		{"gateway", 10, true, (*world).gateway},
		{"tell", 6, true, (*world).tell},
		{"push", 3, true, (*world).push},
		{"deliver", 4, true, (*world).deliver},
		{"timetable", 1, true, (*world).timetable},
		{"limits", 2, false, (*world).limit},
		{"seconds", 8, true, func(w *world) { w.pass(time.Second, 90*time.Second) }},
		{"minutes", 6, true, func(w *world) { w.pass(time.Minute, time.Hour) }},
		{"hours", 3, false, func(w *world) { w.pass(time.Hour, 12*time.Hour) }},
		{"days", 1, false, func(w *world) { w.pass(24*time.Hour, 72*time.Hour) }},
		{"back", 2, false, (*world).back},
		{"die", 1, false, func(w *world) { w.die(w.either()) }},
	}
}

func draw(r *rand.Rand, from []step) step {
	total := 0
	for _, s := range from {
		total += s.weight
	}
	at := r.IntN(total)
	for _, s := range from {
		if at -= s.weight; at < 0 {
			return s
		}
	}
	panic("unreachable")
}

// midSend are the moments that make the difference between a send and two.
var midSend = []services.Point{services.PointAttempted, services.PointLeaving, services.PointExchanged, services.PointConcluding}

// perform does one step, in which a program may die. What died is started again.
func (w *world) perform(s step) {
	w.fatal = ""
	switch luck := w.r.IntN(100); {
	case luck < 10:
		w.fatal = one(w.r, services.Points)
	case luck < 20:
		w.fatal = one(w.r, midSend)
	}
	defer w.revive()
	defer survive()
	s.do(w)
}

// survive ends the unwinding of a program that died.
func survive() {
	switch fault := recover(); fault.(type) {
	case nil, cutOff:
	default:
		panic(fault)
	}
}

// meanwhile lets other things happen in the middle of an exchange.
func (w *world) meanwhile() {
	if w.within > 0 || w.calm || !w.chance(35) {
		return
	}
	w.within++
	defer func() { w.within-- }()
	for range 1 + w.r.IntN(3) {
		w.nested++
		s := draw(w.r, innerSteps)
		w.note("meanwhile " + s.name)
		s.do(w)
	}
}

// sweep is what one of the senders does at a time, nothing while the other leads.
func (w *world) sweep(i int) {
	p := w.programs[i]
	if p.sweeping || p.dead {
		return
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	nested := w.nested
	p.sweeping, p.end = true, end
	defer func() { p.sweeping, p.end = false, nil }()
	for round := 0; round < 20 && ctx.Err() == nil && (round == 0 || w.leads(p) && w.somethingDue()); round++ {
		p.sender.SweepAll(ctx) // it comes round every second
	}
	if w.nested == nested && w.within == 0 && !p.dead && w.leads(p) {
		w.checkSwept()
	}
}

func (w *world) somethingDue() bool {
	due, err := models.Due(w.db(), w.now(), 1)
	w.must(err)
	return len(due) > 0
}

func (w *world) leads(p *instance) bool {
	var lease models.Lease
	w.must(w.db().Limit(1).Find(&lease, "name = 'sender'").Error)
	return lease.Holder == p.sender.Holder && lease.Until.After(w.now())
}

func (w *world) resign() {
	w.must(w.either().sender.Resign(context.Background()))
}

// gateway lets the platform do what is due.
func (w *world) gateway() { w.box.RunDue(w.now()) }

// timetable is the duty that applies what was kept and could not be applied.
func (w *world) timetable() {
	at := w.either()
	if err := at.notices.ApplyKept(context.Background()); err != nil && !at.dead {
		w.complain("fault", "apply kept notices: %v", err)
	}
	if err := at.payouts.Expire(context.Background()); err != nil && !at.dead {
		w.complain("fault", "give orders back: %v", err)
	}
}

func (w *world) pass(least, most time.Duration) { w.time = w.time.Add(w.between(least, most)) }

// back sets the clock back, by a second to two days. The senders look at the clock
// every second, so they have seen what it said before.
func (w *world) back() {
	w.sweep(0)
	w.sweep(1)
	if !w.leads(w.programs[0]) && !w.leads(w.programs[1]) {
		return
	}
	w.time = w.time.Add(-w.between(time.Second, one(w.r, []time.Duration{time.Minute, 2 * time.Hour, 48 * time.Hour})))
}

// settleDown is the end: nothing goes wrong any more, everything stopped goes on,
// what is under way arrives, what was kept is applied, and a day and more passes.
func (w *world) settleDown() {
	w.calm = true
	ctx, accounts := context.Background(), w.programs[0].accounts
	w.deliver()
	w.setLimits(models.NoLimits)
	for _, wait := range []time.Duration{time.Minute, 4 * time.Minute, 10 * time.Minute, 2 * time.Hour, 26 * time.Hour} {
		w.time = w.time.Add(wait)
		for _, by := range []models.Person{w.person("controller"), w.person("deputy"), w.person("controller")} {
			_ = w.letSend(ctx, accounts, by, models.AllSending, "all is well")
			for _, rail := range servicestest.Rails {
				_ = w.letSend(ctx, accounts, by, services.AccountSubject(w.accounts[rail].ID), "all is well")
			}
		}
		w.gateway()
		w.timetable()
		w.sweep(0)
		w.sweep(1)
	}
}
