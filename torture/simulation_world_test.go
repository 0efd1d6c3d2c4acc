package torture

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// ground is what all worlds begin with: a town's file, its people and accounts.
type ground struct {
	file     []byte
	people   []models.Person
	maker    models.Person
	accounts map[string]models.GatewayAccount // by rail
	folder   string
}

// newGround lets a town be built once; each world begins with a copy of its file.
func newGround(t *testing.T) *ground {
	t.Helper()
	town := servicestest.New(t)
	deputy := town.Deputy()
	var file string
	town.Must(town.Store.Read(t.Context()).Raw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file).Error)
	town.Must(town.Sender.Resign(t.Context()))
	town.Must(town.Store.Close())
	content, err := os.ReadFile(file)
	town.Must(err)
	g := &ground{
		file: content, folder: quickFolder(t), maker: town.Maker, accounts: map[string]models.GatewayAccount{},
		people: []models.Person{town.Maker, town.Other, town.Approver, town.Second, town.Resolver, town.Controller, deputy, town.Auditor},
	}
	for _, rail := range servicestest.Rails {
		g.accounts[rail] = town.Account(rail)
	}
	return g
}

// quickFolder is in memory where the machine has such a place, for not durability
// is what the simulation proves, and most of its time would be spent waiting for the
// disk. With TMPDIR set it is there.
func quickFolder(t *testing.T) string {
	t.Helper()
	if os.Getenv("TMPDIR") != "" {
		return t.TempDir()
	}
	folder, err := os.MkdirTemp("/dev/shm", "countersign-simulation-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// world is one town that one seed drives. Everything in it happens on one
// goroutine; where the product uses more, they take turns.
type world struct {
	*ground
	seed uint64
	path string
	r    *rand.Rand // of the step that runs
	time time.Time

	programs [2]*instance
	box      *sandbox.Sandbox
	handler  http.Handler

	mu     sync.Mutex      // a scenario may post the same notice ten times at once
	late   []letter        // notices that are still on their way
	liars  map[string]bool // orders of which the gateway says what is not so
	serial int

	bounds models.Limits // in force

	within int            // how deep we are in the middle of an exchange
	nested int            // steps that happened in the middle of another
	calm   bool           // nothing goes wrong any more
	born   int            // programs started
	fatal  services.Point // where the next program to come by dies, "" is nowhere

	file    *sql.DB         // a connection of the world's own, to see whether anything was written
	version int64           // of the file when it was last looked at
	rows    []models.Payout // as they were after the last step
	states  map[models.PayoutID]models.State
	seen    int64 // the last event that was looked at
	log     []string
	found   []finding
	broken  breakage
	tally   *census
}

// finding is what the simulation has to complain of.
type finding struct{ check, what string }

func (w *world) complain(check, format string, values ...any) {
	if what := fmt.Sprintf(format, values...); strings.Contains(what, w.broken.expect) {
		w.found = append(w.found, finding{check, what})
	}
}

// newWorld opens a copy of the ground.
func newWorld(g *ground, seed uint64, b breakage) *world {
	w := &world{
		ground: g, seed: seed, time: time.Date(2026, 11, 2, 1, 1, 0, 0, time.UTC),
		path: filepath.Join(g.folder, fmt.Sprintf("%d.db", seed)), liars: map[string]bool{},
		states: map[models.PayoutID]models.State{}, broken: b, tally: newCensus(), bounds: models.NoLimits,
	}
	w.must(os.WriteFile(w.path, g.file, 0o600))
	w.box = sandbox.New(sandbox.Config{
		Now: w.now, Merchants: servicestest.Merchants(), Seed: seed, Deliver: &http.Client{Transport: post{w}},
	})
	w.handler = w.box.Handler()
	for i := range w.programs {
		w.start(i)
	}
	var err error
	w.file, err = sql.Open("sqlite3", "file:"+w.path+"?mode=ro")
	w.must(err)
	w.file.SetMaxOpenConns(1) // only one and the same connection can tell
	return w
}

func (w *world) now() time.Time { return w.time }

// must ends the test run: the ground itself gave way.
func (w *world) must(err error) {
	if err != nil {
		panic(fmt.Errorf("seed %d: %w", w.seed, err))
	}
}

// db reads what is committed.
func (w *world) db() *gorm.DB { return w.programs[0].store.Read(context.Background()) }

// written says whether anything was committed since it was last asked.
func (w *world) written() bool {
	before := w.version
	w.must(w.file.QueryRowContext(context.Background(), "PRAGMA data_version").Scan(&w.version))
	return w.version != before
}

// close leaves nothing behind.
func (w *world) close() {
	w.box.Close()
	w.must(w.file.Close())
	for _, p := range w.programs {
		w.must(p.store.Close())
	}
	for _, name := range []string{"", "-wal", "-shm", "-post"} {
		_ = os.Remove(w.path + name)
	}
}

func (w *world) chance(percent int) bool { return w.r.IntN(100) < percent }

// one of these.
func one[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func (w *world) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.r.Int64N(int64(most-least)+1))
}
