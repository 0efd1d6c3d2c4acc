package torture

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"countersign/handlers"
	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/journal"
	"countersign/services/servicestest"
	"countersign/services/vault"
)

// A program is the whole product in a process of its own: the store on the town's
// file, the sender, and the door for notices as it is, over HTTP. These names tell
// it in its environment what to do.
const (
	programFile    = "COUNTERSIGN_TEST_FILE"
	programAddress = "COUNTERSIGN_TEST_ADDRESS" // where it listens
	programAhead   = "COUNTERSIGN_TEST_AHEAD"   // by how much the town's clock is ahead of the real one, in nanoseconds
	programStop    = "COUNTERSIGN_TEST_STOP"    // "point:n": it kills itself at the n-th passing
	programBad     = "COUNTERSIGN_TEST_BAD"     // a rule that it breaks
	programHolder  = "COUNTERSIGN_TEST_HOLDER"  // it shares the lease of this holder, and sends only when told to
)

// programReady is what the program says once it leads.
const programReady = "leads"

// TestProgram is the program, when a proof starts it; by itself it is nothing.
func TestProgram(t *testing.T) {
	file := os.Getenv(programFile)
	if file == "" {
		return
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1) // who started it is gone
	}()
	ahead, err := strconv.ParseInt(os.Getenv(programAhead), 10, 64)
	must(err)
	store, err := models.Open(file)
	must(err)
	sealed, err := vault.New(make([]byte, 32))
	must(err)
	now := func() time.Time { return time.Now().UTC().Add(time.Duration(ahead)) }
	config := wireProgram(&services.Core{Store: store, Now: now, Vault: sealed, Reach: stopAt(os.Getenv(programStop))})
	config.Sender.Journal = keepsJournal(t, config, filepath.Join(filepath.Dir(file), servicestest.JournalFile))
	must(breakRule(config, os.Getenv(programBad)))
	pages, err := handlers.New(config)
	must(err)
	listener, err := net.Listen("tcp", os.Getenv(programAddress))
	must(err)
	server := handlers.Server(listener.Addr().String(), pages)
	server.Handler = programDoors(config, pages, os.Getenv(programBad))
	go func() { _ = server.Serve(listener) }()
	if holder := os.Getenv(programHolder); holder != "" {
		config.Sender.Holder = holder
		_, err = config.Sender.Lead(t.Context())
		must(err)
		fmt.Println(programReady)
		select {}
	}
	sweepOften(t.Context(), config.Sender)
}

// wireProgram puts the services together as the program does.
func wireProgram(core *services.Core) handlers.Config {
	passwords, err := services.NewPasswords(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err)
	}
	hub := services.NewHub()
	core.Store.OnWrite(hub.Wake)
	accounts := &services.Accounts{Core: core, Exchange: func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		return gateway.Exchange(ctx, a, r, core.Now)
	}}
	payouts := &services.Payouts{Core: core, Accounts: accounts}
	heads := &services.Heads{Core: core}
	return handlers.Config{
		Heads: heads, Evidence: &services.Evidence{Core: core, Payouts: payouts, Heads: heads},
		Core: core, Hub: hub, Policy: &services.Policy{Core: core}, Accounts: accounts, Payouts: payouts,
		People:   &services.People{Core: core, Passwords: passwords},
		SignIn:   &services.SignIn{Core: core, Passwords: passwords, Idle: services.SessionIdle},
		Factors:  &services.Factors{Core: core},
		StepUp:   &services.StepUp{Core: core, Passwords: passwords},
		Sender:   &services.Sender{Core: core, Payouts: payouts, Accounts: accounts, Holder: fmt.Sprint("process ", os.Getpid())},
		Notices:  &services.Notices{Core: core, Accounts: accounts},
		Verdicts: &services.Verdicts{Core: core}, Proof: &services.Proof{Core: core},
		CookieKey: make([]byte, 32), Version: "test",
	}
}

// keepsJournal opens the journal of sends as every start does.
func keepsJournal(t *testing.T, c handlers.Config, path string) *journal.Journal {
	t.Helper()
	guard := &services.Guard{Core: c.Core, Accounts: c.Accounts, Path: path}
	opened, err := guard.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// sweepOften sweeps as the program does, only more often.
func sweepOften(ctx context.Context, sender *services.Sender) {
	ticker := time.NewTicker(10 * time.Millisecond)
	said := false
	for range ticker.C {
		held, err := sender.Lead(ctx)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		if !held {
			continue
		}
		if !said {
			said = true
			fmt.Println(programReady)
		}
		sender.SweepAll(ctx)
	}
}

// program is one that a proof has started.
type program struct {
	command *exec.Cmd
	started time.Time
	led     chan struct{} // closed when it leads
	ended   chan struct{} // closed when it has ended
	hold    io.Closer     // its standard input: closed, also by our own end, it goes
	logged  bytes.Buffer
	said    bytes.Buffer // complete when it has ended
}

// startProgram starts the program on the town's file.
func startProgram(t testing.TB, file, address string, ahead time.Duration, more ...string) *program {
	t.Helper()
	r := &program{
		command: exec.Command(os.Args[0], "-test.run=^TestProgram$"), led: make(chan struct{}), ended: make(chan struct{}),
	}
	r.command.Env = append(os.Environ(), programFile+"="+file, programAddress+"="+address, programAhead+"="+strconv.FormatInt(int64(ahead), 10))
	r.command.Env = append(r.command.Env, more...)
	r.command.Stderr = &r.logged
	out, err := r.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if r.hold, err = r.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	r.started = time.Now()
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	go r.hear(out)
	return r
}

// hear waits for what the program says, and for its end.
func (r *program) hear(out io.Reader) {
	defer close(r.ended)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == programReady {
			close(r.led)
			continue
		}
		fmt.Fprintln(&r.said, lines.Text())
	}
}

// leads waits until the program leads and answers notices, and says after how long;
// it is false if the program ended before.
func (r *program) leads(address string) (time.Duration, bool) {
	select {
	case <-r.led:
	case <-r.ended:
		return 0, false
	case <-time.After(time.Minute):
		return 0, false
	}
	return time.Since(r.started), isUp(address)
}

// isUp says whether the program at the address takes notices.
func isUp(address string) bool {
	answer, err := programClient.Post("http://"+address+"/webhooks/nobody", "application/json", nil)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusNotFound
}

// kill ends the program as kill -9 does, unless it has done so itself, and waits for
// its end.
func (r *program) kill(t testing.TB) {
	t.Helper()
	_ = r.command.Process.Kill()
	<-r.ended
	if err := r.command.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the program ended with %v:\n%s%s", err, &r.said, &r.logged)
	}
}

// programClient calls the program; no connection outlives a call, as no program may.
var programClient = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// fileOf is the town's database file.
func fileOf(town *servicestest.Town) (file string) {
	town.T.Helper()
	town.Must(town.Store.Read(context.Background()).Raw("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file).Error)
	return file
}

var portsGiven atomic.Int64

// freeAddress finds an address on this machine that a program can listen on, below
// those that the system gives away by itself. A program that is killed gives it up for
// a while: another run of these tests must not take it, so each has a host of its own
// where loopback has many.
func freeAddress(t testing.TB) string {
	t.Helper()
	pid := os.Getpid()
	own := fmt.Sprintf("127.%d.%d.%d", 1+pid>>16, pid>>8&0xff, pid&0xff)
	for _, host := range []string{own, "127.0.0.1"} {
		for port := 20000 + pid%9000 + int(portsGiven.Add(1)); port < 32000; port++ {
			listener, err := net.Listen("tcp", fmt.Sprint(host, ":", port))
			if err == nil {
				defer listener.Close()
				return listener.Addr().String()
			}
			if !errors.Is(err, syscall.EADDRINUSE) {
				break // there is no such host here
			}
		}
	}
	t.Fatal("no port is free")
	return ""
}
