package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/vault"
)

// now is the one clock of a running program.
func now() time.Time { return time.Now().UTC() }

// place says where the data and its key are.
type place struct {
	Data      string   `help:"Folder of the database and the key file." default:"data" type:"path"`
	Key       string   `help:"Sealing key, 64 hexadecimal digits; instead of the key file." placeholder:"HEX"`
	KeyFile   string   `help:"File of the sealing key; made on the first run, readable by its owner alone." placeholder:"FILE" type:"path"`
	Heads     string   `help:"Folder that signed heads of the log leave to, best on another machine's disk. By default heads in the data folder." placeholder:"DIR" type:"path"`
	HeadsTo   string   `name:"heads-webhook" help:"Address that signed heads are posted to as well: https://…" placeholder:"URL"`
	HeadsMail []string `name:"heads-mail" help:"Mail address that signed heads are sent to as well; may be given again." placeholder:"ADDRESS"`
	postal
	Journal string `help:"Journal of sends, best on another disk than the data; never restore it with a backup. By default countersign.sent in the data folder." placeholder:"FILE" type:"path"`
}

// house is an opened installation: the store and every service over it.
type house struct {
	key      []byte
	core     *services.Core
	hub      *services.Hub
	people   *services.People
	signIn   *services.SignIn
	factors  *services.Factors
	stepUp   *services.StepUp
	policy   *services.Policy
	limits   *services.Limits
	accounts *services.Accounts
	payouts  *services.Payouts
	sender   *services.Sender
	notices  *services.Notices
	verdicts *services.Verdicts
	proof    *services.Proof
	heads    *services.Heads
	evidence *services.Evidence
	bundles  *services.Bundles
	guard    *services.Guard
}

// journalOf is where the journal of sends of a database file lies.
func (p place) journalOf(file string) string {
	if p.Journal != "" {
		return p.Journal
	}
	return filepath.Join(p.Data, strings.TrimSuffix(file, filepath.Ext(file))+".sent")
}

func (p place) keyFile() string {
	return cmp.Or(p.KeyFile, filepath.Join(p.Data, "countersign.key"))
}

// open opens the installation's database, making it on the first run.
func (p place) open(file string) (*house, error) {
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	database := filepath.Join(p.Data, file)
	if p.Key == "" && exists(database) && !exists(p.keyFile()) {
		// A new key would read nothing of it.
		return nil, fmt.Errorf("the database %s is there, but not its sealing key %s: put it back", database, p.keyFile())
	}
	key, err := vault.ReadKey(p.Key, p.keyFile())
	if err != nil {
		return nil, err
	}
	outlets, err := p.outlets()
	if err != nil {
		return nil, err
	}
	h, err := build(database, p.journalOf(file), key)
	if errors.Is(err, services.ErrOtherKey) && p.Key == "" && exists(p.nextKey()) {
		h, err = p.finish(database, file)
	}
	if err == nil {
		h.heads.Outlets = outlets
	}
	return h, err
}

// outlets are the ways by which signed heads leave.
func (p place) outlets() ([]services.Outlet, error) {
	folder := p.Heads
	if folder == "" {
		folder = filepath.Join(p.Data, "heads")
	}
	outlets := []services.Outlet{services.FolderOutlet(folder)}
	if p.HeadsTo != "" {
		webhook, err := services.WebhookOutlet(p.HeadsTo, now)
		if err != nil {
			return nil, err
		}
		outlets = append(outlets, webhook)
	}
	if len(p.HeadsMail) == 0 {
		return outlets, nil
	}
	mail, err := p.mail(p.HeadsMail)
	if err != nil {
		return nil, err
	}
	outlet, err := services.MailOutlet(mail, now)
	return append(outlets, outlet), err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// begin gives a new installation what it cannot be without.
func (h *house) begin() error { return h.policy.Begin(context.Background()) }

const databaseFile = "countersign.db"

// build wires the services together.
func build(path, sends string, key []byte) (*house, error) {
	sealed, err := vault.New(key)
	if err != nil {
		return nil, err
	}
	passwords, err := services.NewPasswords(services.StrongHash)
	if err != nil {
		return nil, err
	}
	store, err := models.Open(path)
	if err != nil {
		return nil, err
	}
	store.Tell(now)
	core := &services.Core{Store: store, Now: now, Vault: sealed}
	if err := errors.Join(core.CheckKey(context.Background()), core.FoldNames(context.Background())); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	h := &house{key: key, core: core, hub: services.NewHub()}
	store.OnWrite(h.hub.Wake)
	h.people = &services.People{Core: core, Passwords: passwords}
	h.signIn = &services.SignIn{Core: core, Passwords: passwords, Idle: services.SessionIdle}
	h.factors = &services.Factors{Core: core}
	h.stepUp = &services.StepUp{Core: core, Passwords: passwords}
	h.policy = &services.Policy{Core: core}
	h.limits = &services.Limits{Core: core}
	h.accounts = &services.Accounts{Core: core, Exchange: h.exchange}
	h.payouts = &services.Payouts{Core: core, Accounts: h.accounts}
	h.sender = &services.Sender{Core: core, Payouts: h.payouts, Accounts: h.accounts, Holder: holder()}
	h.notices = &services.Notices{Core: core, Accounts: h.accounts}
	h.verdicts = &services.Verdicts{Core: core}
	h.proof = &services.Proof{Core: core}
	h.heads = &services.Heads{Core: core}
	h.evidence = &services.Evidence{Core: core, Payouts: h.payouts, Heads: h.heads}
	h.bundles = &services.Bundles{Evidence: h.evidence, Draw: drawPeriod, Folder: filepath.Join(filepath.Dir(path), "bundles")}
	h.guard = &services.Guard{Core: core, Accounts: h.accounts, Path: sends}
	return h, nil
}

// exchange carries requests out over the network.
func (h *house) exchange(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
	return gateway.Exchange(ctx, a, r, h.core.Now)
}

// holder names this process among others that may use the same database.
func holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "here"
	}
	return fmt.Sprintf("%s %d %d", host, os.Getpid(), time.Now().UnixNano())
}

func (h *house) close() error {
	h.proof.Stop()
	h.bundles.Stop()
	return errors.Join(h.core.Store.Close(), h.sender.Journal.Close())
}

// use opens the installation for one act of an operator and closes it again.
func (p place) use(act func(*house) error) error {
	h, err := p.open(databaseFile)
	if err != nil {
		return err
	}
	if err := h.begin(); err != nil {
		return errors.Join(err, h.close())
	}
	return errors.Join(act(h), h.close())
}

// usePresent is use for acts that mean nothing without a database: a mistyped folder
// is not to be made a new installation, and then be found in good order.
func (p place) usePresent(act func(*house) error) error {
	if database := filepath.Join(p.Data, databaseFile); !exists(database) {
		return fmt.Errorf("there is no database %s", database)
	}
	return p.use(act)
}

// operator is who acts on the command line.
func operator() models.Actor {
	name := os.Getenv("USER")
	if name == "" {
		name = "operator"
	}
	return models.Actor{Name: name + " (command line)"}
}
