package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"countersign/handlers"
	"countersign/models"
	"countersign/services/demo"
	"countersign/services/gateway/sandbox"
)

const (
	demoFile  = "demo.db"
	demoSpeed = 20             // the sandbox's time runs so much faster: a payout settles in seconds
	demoIdle  = 12 * time.Hour // nobody should be signed out of a demonstration
)

type demoCommand struct {
	Data        string `help:"Folder of the demonstration's database." default:"data" type:"path"`
	Addr        string `help:"Address to listen on; loopback only." default:"127.0.0.1:8080"`
	SandboxAddr string `help:"Address of the sandbox gateways; loopback only." default:"127.0.0.1:8091"`
	Fresh       bool   `help:"Begin the story anew."`
	Rest        int    `help:"Minutes that a new payee's details rest before money goes there; 0 asks nothing of new payees." default:"5"`
	Speed       int    `help:"How many times faster the gateways' time runs." default:"${demo_speed}"`
}

// Run tells the story on the first start, and serves it.
func (d demoCommand) Run(ctx context.Context, out io.Writer) error {
	logTo(os.Stderr, "text", slog.LevelWarn)
	pages, err := listenLoopback(d.Addr)
	if err != nil {
		return err
	}
	gateways, err := listenLoopback(d.SandboxAddr)
	if err != nil {
		return errors.Join(err, pages.Close())
	}
	h, err := d.open()
	if err != nil {
		return errors.Join(err, pages.Close(), gateways.Close())
	}
	if err := h.signIn.Passwords.NobodyAs(demo.Forgotten); err != nil {
		return errors.Join(err, pages.Close(), gateways.Close(), h.close())
	}
	h.accounts.LoopbackOnly = true
	played := sandbox.New(sandbox.Config{Now: now, Merchants: demo.Merchants(), Speed: d.Speed, Seed: 1})
	defer played.Close()
	platform := &http.Server{Handler: played.Handler(), ReadHeaderTimeout: 5 * time.Second}
	defer platform.Close()
	go platform.Serve(gateways)
	if err := d.tell(ctx, out, h, played, gateways, pages); err != nil {
		return errors.Join(err, pages.Close(), h.close())
	}
	if err := h.openDemoJournal(ctx); err != nil {
		return errors.Join(err, pages.Close(), h.close())
	}
	played.Start()
	fmt.Fprintf(out, "Countersign, the demonstration: http://localhost:%d\n", port(pages))
	fmt.Fprintf(out, "Sandbox gateways on %s. No money moves. Stop with Ctrl-C; begin anew with --fresh.\n", gateways.Addr())
	return h.serve(ctx, pages, d.config(h, played))
}

// open opens the demonstration's own database, never a real one.
func (d demoCommand) open() (*house, error) {
	if d.Fresh {
		if err := removeDemo(d.Data); err != nil {
			return nil, err
		}
	}
	return place{Data: d.Data, Heads: filepath.Join(d.Data, "demo-heads")}.open(demoFile)
}

// removeDemo takes an old demonstration away, before anything opens it.
func removeDemo(folder string) error {
	for _, name := range []string{demoFile, demoFile + "-wal", demoFile + "-shm", filepath.Base(place{}.journalOf(demoFile))} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// openDemoJournal begins a journal where the story has none yet: no money moved in it.
func (h *house) openDemoJournal(ctx context.Context) (err error) {
	if exists(h.guard.Path) {
		return h.openJournal(ctx)
	}
	h.sender.Journal, err = h.guard.BeginAnew(ctx)
	return err
}

// tell seeds an empty database, or lets the sandbox recall the orders of one that
// has its story.
func (d demoCommand) tell(ctx context.Context, out io.Writer, h *house, played *sandbox.Sandbox, gateways, pages net.Listener) error {
	people, err := models.People(h.core.Store.Read(ctx))
	if err != nil {
		return err
	}
	config := demo.Config{
		Core: h.core, Sandbox: played, Seed: 1, Rest: d.Rest,
		Gateways: "http://" + gateways.Addr().String(), PublicURL: fmt.Sprintf("http://127.0.0.1:%d", port(pages)),
	}
	if len(people) > 0 {
		return demo.Recall(ctx, config)
	}
	if err := os.Remove(h.guard.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fmt.Fprintln(out, "Telling six weeks of business, by real moves through the services …")
	return demo.Seed(ctx, config)
}

func (d demoCommand) config(h *house, played *sandbox.Sandbox) handlers.Config {
	h.signIn.Idle = demoIdle
	config := h.config()
	config.Demo, config.Sandbox, config.StepUp.Demo = true, played, true
	for _, p := range demo.People() {
		config.DemoPeople = append(config.DemoPeople, handlers.DemoPerson{Login: p.Login, Story: p.Story})
	}
	return config
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
