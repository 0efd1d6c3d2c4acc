package torture

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// archive is a town of whose database backups are made all the time, and that lives on
// from many of them, each time beside the same gateways and the same journal of sends.
type archive struct {
	*servicestest.Town
	folder string
	random *rand.Rand

	mu      sync.Mutex
	backups []string                    // in the order in which they were made
	named   map[services.Point][]string // those that were made at a point
	passed  map[services.Point]int

	serial   atomic.Int64 // of orders
	made     atomic.Int64 // backups
	rounds   atomic.Int64 // of those that are made while people work
	making   atomic.Int64 // the round that is under way; 0 is none
	acts     atomic.Int64 // of people, begun and ended while one backup was made
	requests atomic.Int64 // to make an order
	faults   killFindings // of acts
}

// unreached: of so many requests to make an order one does not get a connection.
const unreached = 9

// copiesAPoint is how many backups are made at each point.
const copiesAPoint = 3

func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{
		Town: servicestest.New(t), folder: t.TempDir(), random: rand.New(rand.NewPCG(27, 1)), // #nosec G404 -- the same choice in every run
		named: map[services.Point][]string{}, passed: map[services.Point]int{}, faults: killFindings{},
	}
	carry := a.Accounts.Exchange
	a.Accounts.Exchange = func(ctx context.Context, account gateway.Account, r gateway.Request) gateway.Response {
		if isCreate(r) && a.requests.Add(1)%unreached == 0 {
			return gateway.Response{Fault: gateway.FaultNotSent, Detail: gateway.DetailRefused}
		}
		return carry(ctx, account, r)
	}
	return a
}

// business is a while of work: people make and sign orders, the sender sends and asks,
// notices come, and backups are made again and again until the people are done.
func (a *archive) business(orders int) {
	a.T.Helper()
	a.Core.Reach = a.atPoint
	defer func() { a.Core.Reach = nil }()
	over := make(chan struct{})
	var people, machines sync.WaitGroup
	for range 3 {
		people.Go(func() {
			for range orders / 3 {
				a.order()
			}
		})
	}
	machines.Go(func() { a.until(over, a.beat) })
	machines.Go(func() { a.until(over, func() { a.Must(a.backUp()) }) })
	people.Wait()
	close(over)
	machines.Wait()
}

// until does it again and again.
func (a *archive) until(over <-chan struct{}, do func()) {
	for {
		do()
		select {
		case <-over:
			return
		default:
		}
	}
}

// beat is ten seconds of the machines.
func (a *archive) beat() {
	a.Sandbox.RunDue(a.Now())
	a.Sender.SweepAll(a.T.Context())
	a.Pass(10 * time.Second)
}

// atPoint makes a backup at the first passings of each point.
func (a *archive) atPoint(p services.Point) {
	a.mu.Lock()
	a.passed[p]++
	due := a.passed[p] <= copiesAPoint
	a.mu.Unlock()
	if !due {
		return
	}
	path := a.nextPath()
	a.Must(a.Store.Backup(context.Background(), path))
	a.keep(path, p)
}

func (a *archive) nextPath() string {
	return filepath.Join(a.folder, fmt.Sprintf("backup-%d.db", a.made.Add(1)))
}

func (a *archive) keep(path string, at services.Point) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.backups = append(a.backups, path)
	if at != "" {
		a.named[at] = append(a.named[at], path)
	}
}

// backUp makes a backup; what people do meanwhile is counted.
func (a *archive) backUp() error {
	path := a.nextPath()
	a.making.Store(a.rounds.Add(1))
	err := a.Store.Backup(a.T.Context(), path)
	a.making.Store(0)
	a.keep(path, "")
	return err
}

// act does what a person does.
func (a *archive) act(by models.Person, what humanAct) told {
	began := a.making.Load()
	said := verbs{a.Payouts, a.Verdicts, a.Sender}.do(a.T.Context(), by, what)
	if began != 0 && a.making.Load() == began {
		a.acts.Add(1)
	}
	if !said.won() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.faults.add("act", "%s of %s by %s: %s", what.Verb, what.Order, by.Login, cmp.Or(said.Refuse, said.Fault))
	}
	return said
}

// order takes an order so far: one of seven stays a draft, one waits for its signature.
func (a *archive) order() {
	serial := int(a.serial.Add(1))
	rail := servicestest.Shapes[serial%len(servicestest.Shapes)]
	form := a.Form(rail, serial)
	form.Amount = fmt.Sprintf("%d.%d", 100+serial%1000, 50+serial/1000) // no two alike, none too large
	drafted := a.act(a.Maker, humanAct{Verb: "draft", Form: form})
	a.Sandbox.Script(drafted.Order, found(plays[serial%len(plays)]))
	switch serial % 7 {
	case 3:
	case 5:
		a.act(a.Maker, humanAct{Verb: "submit", Order: drafted.Order, Digest: drafted.Digest})
	default:
		a.act(a.Maker, humanAct{Verb: "submit", Order: drafted.Order, Digest: drafted.Digest})
		a.sign(drafted.Order, drafted.Digest)
	}
}

func (a *archive) sign(order string, digest []byte) {
	for _, by := range []models.Person{a.Approver, a.Second} {
		if p, there := a.Order(order); there && p.Stage == models.AwaitingApproval {
			a.act(by, humanAct{Verb: "approve", Order: order, Digest: digest})
		}
	}
}

// goOn lets people take up about half of what they find lying, as they would not know
// that they did so before.
func (a *archive) goOn() {
	a.T.Helper()
	var waiting []models.Payout
	a.Must(a.Store.Read(a.T.Context()).Where("stage IN ?", []models.Stage{models.Draft, models.AwaitingApproval}).Order("id").Find(&waiting).Error)
	for _, p := range waiting {
		if a.random.IntN(2) == 0 {
			continue
		}
		if p.Stage == models.Draft {
			a.act(a.Maker, humanAct{Verb: "submit", Order: p.OrderNo, Digest: p.Digest})
		}
		a.sign(p.OrderNo, p.Digest)
	}
}

// quiet lets time pass until every question that can be answered is.
func (a *archive) quiet() {
	a.T.Helper()
	for _, step := range []time.Duration{time.Minute, 10 * time.Minute, 2 * time.Hour} {
		for range 12 {
			for _, rail := range servicestest.Shapes {
				a.Reopen(rail)
			}
			a.Live(step, step)
		}
	}
}

// laidOut is a copy of a file in a folder of its own, as an operator puts a backup in
// the place of the database.
func (a *archive) laidOut(backup string) string {
	a.T.Helper()
	return copyOf(a.T, backup, filepath.Join(a.T.TempDir(), "countersign.db"))
}

func copyOf(t testing.TB, from, to string) string {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := os.Create(to)
	if err == nil {
		_, err = io.Copy(target, source)
	}
	if err != nil || target.Close() != nil {
		t.Fatal(err)
	}
	return to
}
