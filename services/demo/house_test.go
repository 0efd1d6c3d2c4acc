package demo_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/demo"
	"countersign/services/gateway/sandbox"
	"countersign/services/vault"
)

// thursday is 14:20 in Taipei.
var thursday = time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC)

// house is an installation in a file of its own, with a sandbox beside it and a
// clock that the test moves.
type house struct {
	demo.Config
	now time.Time
}

func newHouse(t *testing.T) *house { return houseOf(t, filepath.Join(t.TempDir(), "demo.db")) }

func houseOf(t *testing.T, file string) *house {
	t.Helper()
	store, err := models.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	sealed, err := vault.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{now: thursday}
	clock := func() time.Time { return h.now }
	h.Config = demo.Config{
		Core: &services.Core{Store: store, Now: clock, Vault: sealed}, Seed: 1,
		Gateways: "http://127.0.0.1:8091", PublicURL: "http://127.0.0.1:8080",
	}
	h.openSandbox(t)
	return h
}

// openSandbox begins a sandbox without memory, as each start of the program does.
func (h *house) openSandbox(t *testing.T) {
	h.Sandbox = sandbox.New(sandbox.Config{Now: h.Core.Now, Merchants: demo.Merchants(), Deliver: &http.Client{Transport: inbox{h}}})
	t.Cleanup(h.Sandbox.Close)
}

// told is a house in which the story has just happened.
func told(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	if err := demo.Seed(context.Background(), h.Config); err != nil {
		t.Fatal(err)
	}
	return h
}

var original sync.Once

// seeded is a copy of such a house, started again.
func seeded(t *testing.T) *house {
	t.Helper()
	file := filepath.Join(folder, "original.db")
	original.Do(func() {
		if err := told(t).Core.Store.Backup(context.Background(), file); err != nil {
			t.Fatal(err)
		}
	})
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "demo.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	h := houseOf(t, file)
	if err := demo.Recall(context.Background(), h.Config); err != nil {
		t.Fatal(err)
	}
	return h
}

var folder string // for what outlasts one test

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "countersign-demo"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func (h *house) payouts(t *testing.T, where string, args ...any) []models.Payout {
	t.Helper()
	var found []models.Payout
	if err := h.Core.Store.Read(context.Background()).Where(where, args...).Order("id").Find(&found).Error; err != nil {
		t.Fatal(err)
	}
	return found
}

func (h *house) person(t *testing.T, login string) models.Person {
	t.Helper()
	p, err := models.FindPersonByLogin(h.Core.Store.Read(context.Background()), login+"@harbourpine.example")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) verify(t *testing.T) models.Report {
	t.Helper()
	report, err := models.Verify(h.Core.Store.Read(context.Background()))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range report.Findings {
		t.Error(finding)
	}
	return report
}
