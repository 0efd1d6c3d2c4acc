// Package servicestest puts the real parts together for tests: a store in a file
// of its own, the services over it, and the sandbox gateways over real HTTP, all
// on one clock that the test moves.
package servicestest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/models/modelstest"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
	"countersign/services/journal"
	"countersign/services/vault"
)

// Town is a small installation with its people and gateways.
type Town struct {
	T        testing.TB
	Store    *models.Store
	Core     *services.Core
	Accounts *services.Accounts
	Payouts  *services.Payouts
	StepUp   *services.StepUp
	Payees   *services.Payees
	Changes  *services.Changes
	Sender   *services.Sender
	Notices  *services.Notices
	Verdicts *services.Verdicts
	Proof    *services.Proof
	Heads    *services.Heads
	Evidence *services.Evidence
	Guard    *services.Guard
	Journal  *journal.Journal
	Sandbox  *sandbox.Sandbox

	Maker, Other, Approver, Second, Resolver, Controller, Auditor models.Person

	Taipei, Shanghai, Lima models.GatewayAccount

	mu   sync.Mutex
	time time.Time
	runs time.Time // since when the clock goes by itself; zero while it stands
	file string
}

// exchangeTimeout is the accounts' deadline, in real time.
const exchangeTimeout = 400 * time.Millisecond

// New builds the town; it is torn down with the test.
func New(t testing.TB) *Town { return NewIn(t, t.TempDir()) }

// NewIn builds the town with its database in this folder.
func NewIn(t testing.TB, folder string) *Town {
	t.Helper()
	town := &Town{T: t, time: time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC), file: filepath.Join(folder, "countersign.db")}
	town.openStore()
	town.startSandbox()
	town.addPeople()
	town.addAccounts()
	return town
}

// Now is the town's clock.
func (t *Town) Now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now()
}

func (t *Town) now() time.Time {
	if t.runs.IsZero() {
		return t.time
	}
	return t.time.Add(time.Since(t.runs))
}

// RunClock lets the clock go by itself, as fast as the real one. What it is ahead of
// that is the same for every process of the town.
func (t *Town) RunClock() (ahead time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.time, t.runs = t.now(), time.Now()
	return t.time.Sub(t.runs)
}

// StopClock lets it stand again.
func (t *Town) StopClock() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.time, t.runs = t.now(), time.Time{}
}

// Pass moves the clock.
func (t *Town) Pass(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.time = t.time.Add(d)
}

// Must ends the test on an error.
func (t *Town) Must(err error) {
	t.T.Helper()
	if err != nil {
		t.T.Fatal(err)
	}
}

func (t *Town) openStore() {
	store, err := modelstest.Open(t.file)
	t.Must(err)
	t.T.Cleanup(func() { t.Must(t.Store.Close()) })
	sealed, err := vault.New(make([]byte, 32))
	t.Must(err)
	store.Tell(t.Now)
	t.Store, t.Core = store, &services.Core{Store: store, Now: t.Now, Vault: sealed}
	t.Accounts = &services.Accounts{Core: t.Core, Exchange: func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		return gateway.Exchange(ctx, a, r, t.Now)
	}}
	t.Payouts = &services.Payouts{Core: t.Core, Accounts: t.Accounts}
	t.StepUp = &services.StepUp{Core: t.Core, Demo: true} // everybody signs by a click
	t.Payees, t.Changes = &services.Payees{Core: t.Core}, &services.Changes{Core: t.Core}
	t.Sender = t.newSender()
	t.Notices = &services.Notices{Core: t.Core, Accounts: t.Accounts}
	t.Verdicts = &services.Verdicts{Core: t.Core}
	t.Proof = &services.Proof{Core: t.Core}
	t.Evidence = &services.Evidence{Core: t.Core, Payouts: t.Payouts}
	t.Heads = &services.Heads{Core: t.Core, Outlets: []services.Outlet{services.FolderOutlet(t.HeadsFolder())}}
	t.Evidence.Heads = t.Heads
	// Without sums of a day: most tests make many orders to one account.
	_, err = (&services.Policy{Core: t.Core}).Set(context.Background(), models.Machine("test"), models.Policy{Bands: models.DefaultBands}, "the policy of the tests")
	t.Must(err)
	t.SetPayeeRules(models.PayeeRules{})
	t.Guard = &services.Guard{Core: t.Core, Accounts: t.Accounts, Path: filepath.Join(filepath.Dir(t.file), JournalFile)}
	t.openJournal()
}

// HeadsFolder is where signed heads leave to.
func (t *Town) HeadsFolder() string { return filepath.Join(filepath.Dir(t.file), "heads") }

// JournalFile is the journal of sends, beside the database.
const JournalFile = "countersign.sent"

// openJournal lets the guard compare, as every start does, and gives the sender its
// journal.
func (t *Town) openJournal() {
	opened, err := t.Guard.Open(context.Background())
	t.Must(err)
	t.T.Cleanup(func() { t.Must(opened.Close()) })
	t.Journal, t.Sender.Journal = opened, opened
}

func (t *Town) newSender() *services.Sender {
	return &services.Sender{Core: t.Core, Payouts: t.Payouts, Accounts: t.Accounts, Holder: "test"}
}

// Restart closes the store, however it stands, and opens the file anew under a sender
// that knows nothing of the time before, as another process would.
func (t *Town) Restart() {
	t.T.Helper()
	_ = t.Store.Close() // one that has stopped need not close cleanly
	store, err := models.Open(t.file)
	t.Must(err)
	store.Tell(t.Now)
	t.Store, t.Core.Store = store, store
	t.Sender = t.newSender()
	t.openJournal()
}

// Merchants of the sandbox; their keys are no secrets.
var merchants = []sandbox.Merchant{
	{Family: sandbox.Apay, MerchantID: "PF0002", Key: "key-of-taipei", Authorization: "token-of-taipei", Currency: "TWD", Balance: 9_000_000_000},
	{Family: sandbox.Apay, MerchantID: "PF0003", Key: "key-of-shanghai", Authorization: "token-of-shanghai", Currency: "CNY", Balance: 9_000_000_000, QueryShape: sandbox.ShapeSingle},
	{Family: sandbox.Cashy, MerchantID: "100001", Key: "key-of-lima", Currency: "PEN", Balance: 9_000_000_000},
}

func (t *Town) startSandbox() {
	t.Sandbox = sandbox.New(sandbox.Config{Now: t.Now, Merchants: merchants, Seed: 1, Late: 2 * exchangeTimeout})
	t.T.Cleanup(t.Sandbox.Close)
}

// Webhook is the address for notices, without the pages around it.
func (t *Town) Webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	answer, err := t.Notices.Receive(r.Context(), services.Arrival{Slug: path.Base(r.URL.Path), Header: r.Header, Body: body, Address: "127.0.0.1"})
	if err != nil {
		http.Error(w, "not accepted", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", answer.ContentType)
	io.WriteString(w, answer.Body)
}

// AddPerson brings somebody in; their name is their login.
func (t *Town) AddPerson(login string, roles ...models.Role) models.Person {
	p := models.Person{Login: login, Name: login, Zone: "UTC", PasswordHash: "none", Active: true, CreatedAt: t.Now(), Roles: roles}
	t.Must(t.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.AddPerson(tx, &p) }))
	return p
}

func (t *Town) addPeople() {
	add := t.AddPerson
	t.Maker, t.Other = add("maker", models.Maker), add("other", models.Maker, models.Approver, models.Resolver)
	t.Approver, t.Second = add("approver", models.Approver), add("second", models.Approver, models.Resolver)
	t.Resolver, t.Controller = add("resolver", models.Resolver), add("controller", models.Controller)
	t.Auditor = add("auditor", models.Auditor)
}

// WithRole gives the person another role beside those they have.
func (t *Town) WithRole(p models.Person, role models.Role) models.Person {
	p.Roles = append(slices.Clone(p.Roles), role)
	t.Must(t.Store.Write(context.Background(), func(tx *gorm.DB) error { return models.SetRoles(tx, p.ID, p.Roles) }))
	return p
}

func (t *Town) addAccounts() {
	gateways := httptest.NewServer(t.Sandbox.Handler())
	webhooks := httptest.NewServer(http.HandlerFunc(t.Webhook))
	t.T.Cleanup(gateways.Close)
	t.T.Cleanup(webhooks.Close)
	ctx := context.Background()
	t.Must(t.Accounts.SetPublicURL(ctx, models.Machine("test"), webhooks.URL))
	add := func(n services.NewAccount) models.GatewayAccount {
		n.Timeout, n.AllowLoopback = exchangeTimeout, true
		a, err := t.Accounts.Add(ctx, models.Machine("test"), n)
		t.Must(err)
		return a
	}
	keys := func(m sandbox.Merchant) services.Keys {
		return services.Keys{Key: m.Key, Authorization: m.Authorization}
	}
	t.Taipei = add(services.NewAccount{Name: "APAY Taipei", Family: "apay", BaseURL: gateways.URL, MerchantID: "PF0002",
		Keys: keys(merchants[0]), Rails: []string{"apay.taiwan"}, Zone: "Asia/Taipei"})
	t.Shanghai = add(services.NewAccount{Name: "APAY Shanghai", Family: "apay", BaseURL: gateways.URL, MerchantID: "PF0003",
		Keys: keys(merchants[1]), Rails: []string{"apay.unionpay", "apay.alipay"}, Zone: "Asia/Shanghai", QueryShape: "single"})
	t.Lima = add(services.NewAccount{Name: "CASHY Lima", Family: "cashy", BaseURL: gateways.URL + "/stage-api", MerchantID: "100001",
		Keys: keys(merchants[2]), Rails: []string{"cashy.peru"}, Zone: "America/Lima"})
	_, err := t.Sender.Lead(ctx)
	t.Must(err)
}
