package torture

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/models"
)

var replay = flag.Uint64("seed", 0, "let the simulation replay one seed, and tell what happens in it")

// census counts what a run of seeds has seen.
type census struct {
	seeds, steps, orders, events, acts, refused, sends, notices, acknowledged, crashes int
	deliveries, falseFailed, verify                                                    int
	pairs                                                                              map[models.Pair]int
}

func newCensus() *census { return &census{pairs: map[models.Pair]int{}} }

func (t *census) add(o *census) {
	t.seeds, t.steps, t.orders, t.events = t.seeds+o.seeds, t.steps+o.steps, t.orders+o.orders, t.events+o.events
	t.acts, t.refused, t.sends = t.acts+o.acts, t.refused+o.refused, t.sends+o.sends
	t.notices, t.acknowledged, t.crashes = t.notices+o.notices, t.acknowledged+o.acknowledged, t.crashes+o.crashes
	t.deliveries, t.falseFailed, t.verify = max(t.deliveries, o.deliveries), t.falseFailed+o.falseFailed, t.verify+o.verify
	for pair, count := range o.pairs {
		t.pairs[pair] += count
	}
}

// reachable are the pairs of the table of moves that a town without a restored backup
// may come to; the others are proved where backups are.
func reachable() []models.Pair {
	return slices.DeleteFunc(models.Pairs(), func(p models.Pair) bool { return p.Move == models.MoveRestore })
}

// missed are those that no seed has reached.
func (t *census) missed() []models.Pair {
	return slices.DeleteFunc(reachable(), func(p models.Pair) bool { return t.pairs[p] > 0 })
}

// live lets one seed drive a world, without the steps that are left out, until it
// ends or something is found.
func live(g *ground, seed uint64, leave map[int]bool, b breakage) *world {
	w := newWorld(g, seed, b)
	defer w.close()
	w.r = stepRand(seed, -1)
	count := 45 + w.r.IntN(40)
	w.prologue()
	for i := 0; i < count && len(w.found) == 0; i++ {
		w.r = stepRand(seed, i)
		w.time = w.time.Add(w.between(0, 3*time.Second))
		s := draw(w.r, steps)
		if leave[i] {
			continue
		}
		w.tally.steps++
		w.note(s.name)
		w.perform(s)
		w.look()
	}
	if len(w.found) == 0 {
		w.r = stepRand(seed, count)
		w.settleDown()
		w.look()
		w.checkEnd()
	}
	w.tally.seeds, w.tally.orders, w.tally.events = 1, len(w.rows), int(w.seen)
	return w
}

// stepRand gives each step of a seed its own luck, so that one can be left out and
// the others are as lucky as before.
func stepRand(seed uint64, step int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(step)+1)) }

// shrink leaves out steps as long as the same check complains.
func shrink(g *ground, failed *world, b breakage) *world {
	leave, count := map[int]bool{}, 90
	for size := count / 2; size > 0; size /= 2 {
		for from := 0; from < count; from += size {
			trial := maps.Clone(leave)
			for i := from; i < from+size; i++ {
				trial[i] = true
			}
			if len(trial) == len(leave) {
				continue
			}
			if w := live(g, failed.seed, trial, b); len(w.found) > 0 && w.found[0].check == failed.found[0].check {
				leave, failed = trial, w
			}
		}
	}
	return failed
}

// TestSimulation lets a whole town live, driven by one seed at a time: people draft,
// sign, hold, settle doubt; two senders compete and die in the middle of exchanges;
// the gateways follow scenarios put together by chance and their notices are lost,
// late, doubled and forged; the clock jumps on and back. After every step the orders
// are held against the ledger of the gateways, at the end of each seed the whole is
// verified. Every pair of the table of moves has to be reached.
//
// One goroutine drives each seed, so the same seed gives the same run:
//
//	go test ./torture -run 'TestSimulation$' -seed 4711 -v
//
// replays one and tells what happens. What is told of a seed that failed is shrunk:
// the steps that are not needed were left out.
func TestSimulation(t *testing.T) {
	faults := hearFaults(t)
	g := newGround(t)
	if *replay != 0 {
		tellAll(t, shrunk(g, live(g, *replay, nil, breakage{})))
		return
	}
	began := time.Now()
	// More worlds than cores, so that one goes on while another hands over to its
	// writer; and most of what a world needs is garbage when it ends.
	seeds, workers := size(200, 20_000), 2*runtime.NumCPU()
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	total := newCensus()
	var mu sync.Mutex
	var group sync.WaitGroup
	failures := 0
	for worker := range workers {
		group.Go(func() {
			for seed := worker + 1; seed <= seeds && !t.Failed(); seed += workers {
				w := live(g, uint64(seed), nil, breakage{})
				w.found = append(w.found, faults.take()...)
				mu.Lock()
				total.add(w.tally)
				if len(w.found) > 0 && failures < 3 {
					failures++
					tellAll(t, shrunk(g, w))
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	missed := total.missed()
	if len(missed) > 0 && !t.Failed() {
		t.Errorf("never reached: %v", missed)
	}
	report(t, "simulation", "%d seeds, %d steps, %d orders, %d events, %d verbs of which %d refused, %d sends, %d notices of which %d acknowledged, %d crashes; "+
		"%d of %d pairs of the table of moves reached; at most %d delivery of an order, %d called failed wrongly, %d findings of verify; %s",
		total.seeds, total.steps, total.orders, total.events, total.acts, total.refused, total.sends, total.notices, total.acknowledged, total.crashes,
		len(reachable())-len(missed), len(reachable()), total.deliveries, total.falseFailed, total.verify, time.Since(began).Round(time.Second))
}

func shrunk(g *ground, w *world) *world {
	if len(w.found) == 0 || strings.HasPrefix(w.found[0].check, "log") {
		return w
	}
	return shrink(g, w, breakage{})
}

// tellAll tells what was found, and what led to it.
func tellAll(t *testing.T, w *world) {
	t.Helper()
	if len(w.found) == 0 {
		t.Logf("seed %d:\n%s", w.seed, strings.Join(w.log, "\n"))
		return
	}
	for _, f := range w.found {
		t.Errorf("seed %d: %s: %s", w.seed, f.check, f.what)
	}
	t.Logf("seed %d, without what is not needed:\n%s", w.seed, strings.Join(w.log, "\n"))
}

// TestSimulationTheSameSeedIsTheSameRun compares two runs, number by number random
// as they are, in everything else.
func TestSimulationTheSameSeedIsTheSameRun(t *testing.T) {
	g := newGround(t)
	hearFaults(t)
	for seed := uint64(1); seed <= uint64(size(8, 100)); seed++ {
		first, second := live(g, seed, nil, breakage{}), live(g, seed, nil, breakage{})
		for i := range max(len(first.log), len(second.log)) {
			if i >= len(first.log) || i >= len(second.log) || first.log[i] != second.log[i] {
				t.Fatalf("seed %d differs at line %d:\n%s\n\n%s", seed, i, strings.Join(first.log[max(0, i-5):min(i+1, len(first.log))], "\n"),
					strings.Join(second.log[max(0, i-5):min(i+1, len(second.log))], "\n"))
			}
		}
	}
}

// plain is an event without what is random in it.
func (w *world) plain(e models.Event) string {
	var details []string
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		if !slices.Contains(random, name) && !strings.Contains(e.Details[name], e.SubjectID) {
			details = append(details, name+"="+e.Details[name])
		}
	}
	return fmt.Sprintf("    %s #%d %s by %s: %s %s", e.At.Format("02 15:04:05.000"), e.PayoutID, e.Verb, e.Actor, e.After, strings.Join(details, " "))
}

// random are details that no two runs share: what hangs on order numbers and nonces.
var random = []string{"digest", "request_digest", "signature", "order_no", "predecessor", "replaces", "bytes", "gateway_no", "detail", "evidence_text", models.BytesDigest}

// faultLog keeps what the product reports as its own faults, but for those that
// the simulation causes.
type faultLog struct {
	slog.Handler
	mu    sync.Mutex
	found []finding
}

func hearFaults(t *testing.T) *faultLog {
	f := &faultLog{Handler: slog.NewTextHandler(io.Discard, nil)}
	before := slog.Default()
	slog.SetDefault(slog.New(f))
	t.Cleanup(func() { slog.SetDefault(before) })
	return f
}

// Handle keeps an error.
func (f *faultLog) Handle(_ context.Context, r slog.Record) error {
	if r.Level < slog.LevelError {
		return nil
	}
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += " " + a.String()
		return true
	})
	ours := strings.Contains(text, cutOff{}.String()) || strings.Contains(text, context.Canceled.Error())
	if !ours {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.found = append(f.found, finding{"log", text + "\n" + string(debug.Stack())})
	}
	return nil
}

func (f *faultLog) take() []finding {
	f.mu.Lock()
	defer f.mu.Unlock()
	found := f.found
	f.found = nil
	return found
}
