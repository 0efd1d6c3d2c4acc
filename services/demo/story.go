package demo

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/journal"
)

// days is how long the story lasts.
const days = 42

// story is six weeks in a house of its own: the same store and vault, another
// clock, and a sandbox that nobody else talks to.
type story struct {
	Config
	begins, ends time.Time
	clock        clock
	agenda       agenda
	planned      int
	random       *rand.Rand

	core     *services.Core
	staff    *services.People
	policy   *services.Policy
	limits   *services.Limits
	accounts *services.Accounts
	payouts  *services.Payouts
	stepUp   *services.StepUp
	payees   *services.Payees
	changes  *services.Changes
	sender   *services.Sender
	notices  *services.Notices
	verdicts *services.Verdicts
	proof    *services.Proof

	platform *sandbox.Sandbox
	wire     http.RoundTripper
	late     map[string]bool // order numbers whose next answer does not reach us
	fault    error           // of a notice that we could not take in

	people map[string]models.Person
	desks  map[string]models.GatewayAccount
	book   []*payee
	serial map[string]int // of invoice numbers, by desk
}

func newStory(c Config) (*story, error) {
	s := &story{
		Config: c, ends: c.Core.Now().Truncate(time.Millisecond), random: rand.New(rand.NewPCG(c.Seed, 0xC0)),
		late: map[string]bool{}, people: map[string]models.Person{}, desks: map[string]models.GatewayAccount{},
		serial: map[string]int{},
	}
	s.begins = s.ends.AddDate(0, 0, -days)
	s.clock.set(s.begins.AddDate(0, 0, -3)) // people come and accounts are connected before the first order
	core := *c.Core
	core.Now = s.clock.now
	s.core = &core
	passwords, err := services.NewPasswords(Forgotten)
	if err != nil {
		return nil, err
	}
	s.staff = &services.People{Core: s.core, Passwords: passwords}
	s.policy = &services.Policy{Core: s.core}
	s.limits = &services.Limits{Core: s.core}
	s.accounts = &services.Accounts{Core: s.core, LoopbackOnly: true, Exchange: s.exchange}
	s.payouts = &services.Payouts{Core: s.core, Accounts: s.accounts}
	s.stepUp = &services.StepUp{Core: s.core, Demo: true}
	s.payees, s.changes = &services.Payees{Core: s.core}, &services.Changes{Core: s.core}
	s.sender = &services.Sender{Core: s.core, Payouts: s.payouts, Accounts: s.accounts, Holder: "demo", AtOnce: 1, Journal: journal.Discard()}
	s.notices = &services.Notices{Core: s.core, Accounts: s.accounts}
	s.verdicts = &services.Verdicts{Core: s.core}
	s.proof = &services.Proof{Core: s.core}
	s.platform = sandbox.New(sandbox.Config{
		Now: s.clock.now, Merchants: funded(), Seed: c.Seed, Deliver: &http.Client{Transport: inbox{s}},
	})
	s.wire = s.platform.Transport()
	return s, nil
}

// tell lets everything happen.
func (s *story) tell(ctx context.Context) error {
	for _, begin := range []func(context.Context) error{s.engage, s.connect} {
		if err := begin(ctx); err != nil {
			return err
		}
	}
	if _, err := s.sender.Lead(ctx); err != nil {
		return err
	}
	s.book = payees()
	s.planHouse()
	s.planHistory()
	s.planCases()
	s.planToday()
	if err := s.run(ctx); err != nil {
		return err
	}
	return s.payeeRules(ctx, s.rules())
}

// rules are those of the present: what a new payee is asked for is over in minutes.
func (s *story) rules() models.PayeeRules {
	rules := models.DefaultPayeeRules()
	if rules.Cooling = s.Rest; s.Rest == 0 {
		rules.Starter, rules.AfterFail = nil, false
	}
	return rules
}

// run does what comes next, be it a deed of ours, of the platform or of the
// sender, until the story has caught up with the present.
func (s *story) run(ctx context.Context) error {
	for s.fault == nil && ctx.Err() == nil {
		at, next, err := s.next(ctx)
		if err != nil {
			return err
		}
		if next == nil || at.After(s.ends) {
			s.clock.set(s.ends)
			return nil
		}
		s.clock.set(at)
		if err := next(ctx); err != nil {
			return err
		}
	}
	return errors.Join(s.fault, ctx.Err())
}

// next is the earliest thing that wants to happen; of things at one time people
// come first, then the platform, then our sender.
func (s *story) next(ctx context.Context) (at time.Time, do func(context.Context) error, err error) {
	if len(s.agenda) > 0 {
		at, do = s.agenda[0].at, s.act
	}
	if due, ok := s.platform.NextDue(); ok && (do == nil || due.Before(at)) {
		at, do = due, s.play
	}
	due, err := s.nextAction(ctx)
	if err == nil && !due.IsZero() && (do == nil || due.Before(at)) {
		at, do = due, s.sweep
	}
	return at, do, err
}

func (s *story) act(ctx context.Context) error {
	return heap.Pop(&s.agenda).(deed).do(ctx)
}

func (s *story) play(context.Context) error {
	s.platform.RunDue(s.clock.now())
	return nil
}

func (s *story) sweep(ctx context.Context) error {
	_, err := s.sender.Sweep(ctx)
	return err
}

// nextAction is when an order next wants something.
func (s *story) nextAction(ctx context.Context) (time.Time, error) {
	var earliest int64
	err := s.core.Store.Read(ctx).Model(&models.Payout{}).Where("next_action_at > 0").
		Select("coalesce(min(next_action_at), 0)").Scan(&earliest).Error
	return models.FromMillis(earliest), err
}

// rest leaves the house as the running program expects it: balances read from
// the running sandbox, the sweeper just seen, the right to send given back.
func (s *story) rest(ctx context.Context) error {
	s.wire = s.Sandbox.Transport()
	if err := s.sender.Balances(ctx); err != nil {
		return err
	}
	planned, err := models.Planned(s.core.Store.Read(ctx))
	if err != nil {
		return err
	}
	err = s.core.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: s.clock.now(), OK: true, Note: planned})
	})
	if err != nil {
		return err
	}
	return s.sender.Resign(ctx)
}

// ago is a time before the present.
func (s *story) ago(d time.Duration) time.Time { return s.ends.Add(-d) }

// payee finds somebody in the book.
func (s *story) payee(name string) *payee {
	at := slices.IndexFunc(s.book, func(p *payee) bool { return p.name == name })
	if at < 0 {
		panic(fmt.Sprintf("demo: nobody is called %s", name))
	}
	return s.book[at]
}
