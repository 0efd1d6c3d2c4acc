// Package sandbox plays both gateways over HTTP, as their platforms would: it
// signs and verifies, keeps a ledger of what really became of the money, tells
// it by notices on the platforms' timetables, and misbehaves on demand. It is
// the demo's gateway and the tests'. It moves no money and talks to nobody but
// this machine.
//
// It writes and checks signatures by its own code: a mistake that it shared with
// the clients would be seen by nobody.
package sandbox

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Config is what a sandbox is made of. Now and Merchants are needed.
type Config struct {
	Now       func() time.Time // the clock; it may be one that a test moves
	Merchants []Merchant
	Speed     int          // the platform's time runs so many times faster; 0 is 1
	Seed      uint64       // the same seed gives the same order numbers
	Deliver   *http.Client // posts notices, to loopback addresses only
	BasePath  string       // of family cashy: "/stage-api"
	// Patience is how long a notice may take, in real time; 0 is 10 seconds.
	Patience time.Duration
	// Late is when ReplyLate answers, in real time; 0 is 45 seconds.
	Late time.Duration
	// ApayGaps and CashyGaps are the pauses before each further try of a notice,
	// in the platform's time; nil means as documented.
	ApayGaps, CashyGaps []time.Duration
}

// The families that the sandbox plays.
const (
	Apay  = "apay"
	Cashy = "cashy"
)

// Shapes of an apay query.
const (
	ShapeList   = "list"
	ShapeSingle = "single"
)

// Merchant is one customer of the platform: us.
type Merchant struct {
	Family        string // Apay or Cashy
	MerchantID    string
	Key           string // the signing secret
	Authorization string // apay: the token of GET calls
	Currency      string
	Balance       int64          // at the start, in minor units
	Fee           int64          // for each paid order, in minor units
	MD5Retired    bool           // apay: answers MD5 with 0004
	QueryShape    string         // apay: ShapeList (also "") or ShapeSingle
	Zone          *time.Location // cashy: of completionTime; nil is Lima's
}

// Sandbox is the running platform. Its methods may be used from anywhere.
type Sandbox struct {
	now      func() time.Time
	deliver  *http.Client
	base     string
	patience time.Duration
	late     time.Duration
	gaps     map[string][]time.Duration

	clock   clock
	closing chan struct{}
	life    context.Context
	end     context.CancelFunc
	once    sync.Once
	running sync.WaitGroup

	mu        sync.Mutex // guards all below
	merchants []*merchant
	records   map[string]*record   // by merchant and order number
	named     map[string][]*record // by order number alone
	booked    []*record            // in order of booking
	scripts   map[string][]Scenario
	gates     map[string]*Gate
	random    *rand.Rand
	serial    int64
}

// New makes a sandbox. Until Start is called its time passes in RunDue only.
func New(config Config) *Sandbox {
	s := &Sandbox{
		now: config.Now, base: config.BasePath, patience: config.Patience, late: config.Late,
		gaps:    map[string][]time.Duration{Apay: config.ApayGaps, Cashy: config.CashyGaps},
		closing: make(chan struct{}), records: map[string]*record{}, named: map[string][]*record{},
		scripts: map[string][]Scenario{}, gates: map[string]*Gate{},
		random: rand.New(rand.NewPCG(config.Seed, 0x5eed)),
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.fillIn()
	s.deliver = messenger(config.Deliver)
	s.clock.start(s.now(), max(config.Speed, 1))
	for _, m := range config.Merchants {
		s.merchants = append(s.merchants, newMerchant(m))
	}
	return s
}

// fillIn puts the usual values where the configuration has none.
func (s *Sandbox) fillIn() {
	if s.base == "" {
		s.base = "/stage-api"
	}
	if s.patience == 0 {
		s.patience = 10 * time.Second
	}
	if s.late == 0 {
		s.late = 45 * time.Second
	}
	if s.gaps[Apay] == nil {
		s.gaps[Apay] = ApayGaps()
	}
	if s.gaps[Cashy] == nil {
		s.gaps[Cashy] = CashyGaps()
	}
}

// Close ends every held call, timer and goroutine. A closed sandbox keeps its
// ledger for reading.
func (s *Sandbox) Close() {
	s.once.Do(func() {
		close(s.closing)
		s.end()
	})
	s.running.Wait()
	s.deliver.CloseIdleConnections()
}
