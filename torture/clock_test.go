package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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

const day = 24 * time.Hour

// usualJumps are what clocks do to machines: a summer time taken for the truth, a
// flat battery, a wrong server of time and its correction.
var usualJumps = [][]time.Duration{{-time.Hour}, {-day}, {7 * day}, {7 * day, -7 * day}}

// TestI20_WhateverTheClockDoes lets the clock jump while an order stands in each
// place of its life: nothing that has ended opens again, nothing is sent twice,
// nobody's act is refused, and nothing waits for the clock to come round.
func TestI20_WhateverTheClockDoes(t *testing.T) {
	all := slices.Clone(usualJumps)
	chance := rand.New(rand.NewPCG(20, 1)) // #nosec G404 -- the same jumps in every run
	for range size(1, 40) {
		var jumps []time.Duration
		for range 1 + chance.IntN(4) {
			jumps = append(jumps, usualJumps[chance.IntN(3)][0])
		}
		all = append(all, jumps)
	}
	places, longest, wrong := 0, time.Duration(0), map[string]int{}
	for _, jumps := range all {
		s := newStreet(t)
		for _, by := range jumps {
			s.town.Pass(by)
			s.town.Sender.SweepAll(t.Context())
		}
		places += len(s.all())
		longest = max(longest, s.longestWait())
		for _, found := range slices.Concat(s.wrongs(t), s.act(t), s.endsWell(t, jumps)) {
			t.Errorf("%v: %s: %s", jumps, found.kind, found.text)
			wrong[found.kind]++
		}
	}
	report(t, "clock jumps", "%d sequences of jumps by an hour back, a day back, a week forward; %d orders in %d places: reopened %d, sent twice %d, left waiting %d, acts refused %d; longest wait for a question %s",
		len(all), places, places/len(all), wrong[clockReopened], wrong[clockTwice], wrong[clockWaits], wrong[clockRefused], longest.Round(time.Second))
}

// A sender that does not see the clock go back, and so leaves plans where they are, is
// caught by the same check.
func TestI20_KnownBad_ASenderThatTrustsTheClockIsCaught(t *testing.T) {
	s := newStreet(t)
	s.town.Pass(-day)
	s.town.Must(s.town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: s.town.Now(), OK: true})
	}))
	s.town.Sender = &services.Sender{Core: s.town.Core, Payouts: s.town.Payouts, Accounts: s.town.Accounts, Holder: "test", Journal: s.town.Journal}
	s.town.Sender.SweepAll(t.Context())
	if found := s.wrongs(t); len(found) == 0 || s.longestWait() < 20*time.Hour {
		t.Errorf("orders wait %s, and that is found: %v", s.longestWait(), found)
	}
}

// What a clock can do wrong.
const (
	clockReopened = "reopened"
	clockTwice    = "sent twice"
	clockWaits    = "left waiting"
	clockRefused  = "refused"
)

// clockWrong is something that a jump of the clock has done.
type clockWrong struct{ kind, text string }

// street is a town with one order in each place of its life, as they stood before
// the clock jumped.
type street struct {
	town                                 *servicestest.Town
	draft, awaiting, approved, crashed   models.Payout
	pending, unclear, asked, proposed    models.Payout
	paidByNotice, paid, failed, contrary models.Payout
}

func newStreet(t *testing.T) *street {
	t.Helper()
	town := servicestest.New(t)
	s := &street{town: town}
	serial := 0
	form := func() services.PayoutForm {
		serial++
		return town.Form(servicestest.Shapes[serial%len(servicestest.Shapes)], serial)
	}
	played := func(play sandbox.Scenario) models.Payout {
		p := town.Approved(form())
		town.Sandbox.Script(p.OrderNo, play)
		town.Must(town.Sender.Send(t.Context(), p.ID))
		return p
	}
	slow := sandbox.Scenario{Quiet: true, Fate: []sandbox.Turn{{After: 3 * time.Hour, Word: sandbox.Paid}}}
	s.paid, s.failed = played(sandbox.Scenario{Fate: sandbox.FatePaid}), played(sandbox.Scenario{Fate: sandbox.FateFailed})
	s.contrary = played(sandbox.Scenario{Fate: sandbox.FatePaid})
	s.pass(time.Hour, time.Minute)
	town.Must(town.Sandbox.Tell(s.contrary.OrderNo, sandbox.Tell{Say: sandbox.Failed, Once: true}))
	s.pending, s.paidByNotice = played(slow), played(slow)
	s.unclear, s.asked, s.proposed = s.lost(t, form()), s.lost(t, form()), s.lost(t, form())
	town.Sender.SweepAll(t.Context()) // it looks at the clock every second
	s.crashed = town.Approved(form())
	s.crash(t)
	town.Must(town.Sandbox.Tell(s.paidByNotice.OrderNo, sandbox.Tell{Say: sandbox.Paid, Once: true}))
	town.Must(town.Verdicts.Propose(t.Context(), town.Resolver, s.proposed.OrderNo, services.Proposal{
		Says: "paid", Evidence: "gateway_reply", Text: "Support writes: order " + s.proposed.OrderNo + " is paid.", Reason: "they say so",
		Received: s.proposed.Amount().Decimal(),
	}, servicestest.Click(town.Verdicts.Core, town.Resolver)))
	_, err := town.Sender.AskNow(t.Context(), town.Resolver, s.asked.OrderNo)
	town.Must(err)
	s.draft, s.awaiting, s.approved = town.Draft(form()), town.Submitted(form()), town.Approved(form())
	for _, p := range s.all() {
		*p = town.Look(*p)
	}
	return s
}

// all are the orders.
func (s *street) all() []*models.Payout {
	return []*models.Payout{&s.draft, &s.awaiting, &s.approved, &s.crashed, &s.pending, &s.unclear, &s.asked, &s.proposed,
		&s.paidByNotice, &s.paid, &s.failed, &s.contrary}
}

// lost sends an order to a gateway whose every answer is lost on its way.
func (s *street) lost(t *testing.T, form services.PayoutForm) models.Payout {
	t.Helper()
	exchange := s.town.Accounts.Exchange
	defer func() { s.town.Accounts.Exchange = exchange }()
	s.town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		exchange(ctx, a, r)
		return servicestest.Silence(ctx, a, r)
	}
	return s.town.Sent(form)
}

// crash ends the sender in the middle of an exchange.
func (s *street) crash(t *testing.T) {
	t.Helper()
	exchange := s.town.Accounts.Exchange
	defer func() { _ = recover(); s.town.Accounts.Exchange = exchange }()
	s.town.Accounts.Exchange = func(context.Context, gateway.Account, gateway.Request) gateway.Response { panic("cut off") }
	_ = s.town.Sender.Send(t.Context(), s.crashed.ID)
}

// pass lets time go by as it does in the program.
func (s *street) pass(whole, step time.Duration) {
	for end := s.town.Now().Add(whole); s.town.Now().Before(end); s.town.Pass(step) {
		s.town.Sandbox.RunDue(s.town.Now())
		s.town.Sender.SweepAll(s.town.T.Context())
	}
}

// wrongs says what the jump has done to the orders.
func (s *street) wrongs(t *testing.T) (found []clockWrong) {
	t.Helper()
	add := func(kind, text string, args ...any) {
		found = append(found, clockWrong{kind, fmt.Sprintf(text, args...)})
	}
	for _, before := range s.all() {
		now := s.town.Look(*before)
		if n := s.town.Sandbox.Deliveries(now.OrderNo); n > 1 {
			add(clockTwice, "%s was sent %d times", now.OrderNo, n)
		}
		if before.Outcome == models.Failed && now.State != before.State || before.Outcome == models.Paid && now.Outcome != models.Paid {
			add(clockReopened, "%+v became %+v", before.State, now.State)
		}
		if wait, most := s.waits(now); wait > most {
			add(clockWaits, "%+v waits for %s, at most %s are usual", now.State, wait, most)
		}
	}
	if p := s.town.Look(s.approved); p.Stage != models.Sent {
		add(clockWaits, "what was approved is %s", p.Stage)
	}
	if p := s.town.Look(s.crashed); p.Outcome != models.Unclear {
		add(clockWaits, "what was found sending is %+v", p.State)
	}
	return found
}

// waits is how long until the next question, and how long it may be.
func (s *street) waits(p models.Payout) (wait, most time.Duration) {
	if !p.Open() {
		return 0, 0
	}
	if p.NextActionAt.IsZero() {
		return 1 << 62, 0
	}
	account, err := models.FindAccount(s.town.Store.Read(s.town.T.Context()), p.AccountID)
	s.town.Must(err)
	return p.NextActionAt.Sub(s.town.Now()), account.QuestionAfter(p.Questions)
}

func (s *street) longestWait() (longest time.Duration) {
	for _, p := range s.all() {
		wait, _ := s.waits(s.town.Look(*p))
		longest = max(longest, wait)
	}
	return longest
}

// act lets people and another process go on where they were.
func (s *street) act(t *testing.T) (refused []clockWrong) {
	t.Helper()
	town, ctx := s.town, t.Context()
	try := func(what string, err error) {
		if err != nil {
			refused = append(refused, clockWrong{clockRefused, fmt.Sprintf("%s: %v", what, err)})
		}
	}
	town.Pass(models.AskAgainAfter)
	if p := town.Look(s.asked); p.Open() {
		_, err := town.Sender.AskNow(ctx, town.Resolver, p.OrderNo)
		try("ask again", err)
	}
	if v, open, err := models.OpenVerdict(town.Store.Read(ctx), s.proposed.ID); open {
		try("look for the verdict", err)
		_, err := town.Verdicts.Confirm(ctx, town.Controller, s.proposed.OrderNo, v.ID, "paid", "I agree", servicestest.Click(town.Verdicts.Core, town.Controller))
		try("confirm a verdict", err)
	}
	try("submit", town.Payouts.Submit(ctx, town.Maker, s.draft.OrderNo, s.draft.Digest))
	for _, p := range []models.Payout{s.draft, s.awaiting} {
		try("approve", town.Approve(town.Approver, p.OrderNo, p.Digest))
	}
	next := &services.Sender{Core: town.Core, Payouts: town.Payouts, Accounts: town.Accounts, Holder: "next process", Journal: town.Journal}
	town.Pass(31 * time.Second)
	held, err := next.Lead(ctx)
	if err == nil && !held {
		err = errors.New("the lease of a process that is gone does not end")
	}
	try("take the lease", err)
	town.Sender = next
	return refused
}

// endsWell lets two days pass: every order that left comes to its end.
func (s *street) endsWell(t *testing.T, jumps []time.Duration) (wrong []clockWrong) {
	t.Helper()
	s.pass(2*time.Hour, 10*time.Minute)
	var back time.Duration
	for _, by := range jumps {
		back += max(-by, 0) // so much longer the gateway needs, whose clock jumped too
	}
	s.pass(back+day, 2*time.Hour)
	for _, before := range s.all() {
		p := s.town.Look(*before)
		n := s.town.Sandbox.Deliveries(p.OrderNo)
		crashed := p.ID == s.crashed.ID
		kind := ""
		switch {
		case n > 1, crashed && n > 0:
			kind = clockTwice
		case p.ID == s.failed.ID:
		case !crashed && p.Outcome != models.Paid, crashed && p.Outcome != models.Unclear:
			kind = clockWaits
		}
		if kind != "" {
			wrong = append(wrong, clockWrong{kind, fmt.Sprintf("in the end %d create requests, %+v", n, p.State)})
		}
	}
	s.town.Sound()
	return wrong
}
