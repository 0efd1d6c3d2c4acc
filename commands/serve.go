package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"countersign/handlers"
	"countersign/services"
)

// stopWithin bounds how long requests may take to end; an exchange with a
// gateway ends by its own deadline.
const stopWithin = 20 * time.Second

type serve struct {
	place
	Addr           string   `help:"Address to listen on." default:"127.0.0.1:8080"`
	PublicURL      string   `help:"Where gateways and browsers reach this installation, for notices: https://pay.example.com." placeholder:"URL"`
	Insecure       bool     `help:"Serve cookies without the Secure flag: plain http on this machine alone."`
	MetricsToken   string   `help:"Token that /metrics asks for; without one only this machine may read it." placeholder:"TOKEN"`
	TrustedProxies []string `help:"Addresses of proxies whose word on the client's address counts." placeholder:"CIDR"`
	Stopped        bool     `help:"Start with all sending stopped, for instance on a restored database; a controller starts it again."`
	LogFormat      string   `help:"json or text." enum:"json,text" default:"json"`
}

// Run serves until it is told to stop.
func (s serve) Run(ctx context.Context, out io.Writer) error {
	SpendMemory()
	logTo(os.Stderr, s.LogFormat, slog.LevelInfo)
	h, err := s.open(databaseFile)
	if err != nil {
		return err
	}
	if err := s.begin(ctx, h); err != nil {
		return errors.Join(err, h.close())
	}
	config := h.config()
	config.Secure, config.MetricsToken, config.TrustedProxies = !s.Insecure, s.MetricsToken, s.TrustedProxies
	config.PublicURL = s.PublicURL
	listener, err := net.Listen("tcp", s.listenAddress())
	if err != nil {
		return errors.Join(err, h.close())
	}
	fmt.Fprintf(out, "Countersign %s on http://%s\n", Version, listener.Addr())
	if err := s.offerSetup(ctx, out, h, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	return h.serve(ctx, listener, config)
}

// listenAddress obeys PORT, as many hosts set it.
func (s serve) listenAddress() string {
	if port := os.Getenv("PORT"); port != "" {
		return ":" + port
	}
	return s.Addr
}

func (s serve) begin(ctx context.Context, h *house) error {
	if err := h.begin(); err != nil {
		return err
	}
	if s.Stopped {
		if err := h.accounts.StopAll(ctx, operator(), "started with --stopped"); err != nil {
			return err
		}
	}
	if err := h.openJournal(ctx); err != nil {
		return err
	}
	if s.PublicURL == "" {
		return nil
	}
	return h.accounts.SetPublicURL(ctx, operator(), s.PublicURL)
}

// openJournal holds the database against the journal of sends before anything is sent
// (I27), and gives it to the sender.
func (h *house) openJournal(ctx context.Context) (err error) {
	h.sender.Journal, err = h.guard.Open(ctx)
	return err
}

// config is what the pages need of this house.
func (h *house) config() handlers.Config {
	return handlers.Config{
		Core: h.core, People: h.people, SignIn: h.signIn, Factors: h.factors, StepUp: h.stepUp, Policy: h.policy, Limits: h.limits, Hub: h.hub, Payouts: h.payouts, Sender: h.sender,
		Notices: h.notices, Verdicts: h.verdicts, Accounts: h.accounts, Proof: h.proof, Heads: h.heads, Evidence: h.evidence, Bundles: h.bundles,
		Payees: &services.Payees{Core: h.core}, CookieKey: h.key, Version: Version,
	}
}

// serve runs pages, sender and timetable until ctx ends, then stops in order: no
// new work, requests end, the exchange under way ends, the file is closed clean.
func (h *house) serve(ctx context.Context, listener net.Listener, config handlers.Config) error {
	pages, err := handlers.New(config)
	if err = errors.Join(err, h.bundles.Begin()); err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	server := handlers.Server(listener.Addr().String(), pages)
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	var workers sync.WaitGroup
	workers.Go(func() { h.sender.Run(ctx) })
	workers.Go(func() { h.timetable().Run(ctx) })
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
		leave() // nothing is sent while nobody can look
	case <-ctx.Done():
		err = stop(ctx, server)
	}
	workers.Wait()
	return errors.Join(err, h.close())
}

func stop(ctx context.Context, server *http.Server) error {
	slog.Info("stopping: open requests and the exchange under way are finished first")
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		return fmt.Errorf("some requests did not end within %s: %w", stopWithin, err)
	}
	return nil
}

// checkJournal belongs to the timetable; where nothing is sent there is no journal.
func (h *house) checkJournal(ctx context.Context) error {
	if h.sender.Journal == nil {
		return nil
	}
	return h.guard.Check(ctx, h.sender.Journal)
}

// timetable are the duties that come round.
func (h *house) timetable() services.Timetable {
	return services.Timetable{
		{Name: "see that the database's files are still those that were opened", Every: 2 * time.Second, Do: h.core.Store.CheckFiles},
		{Name: "apply notices that were kept and not applied", Every: 15 * time.Second, Do: h.notices.ApplyKept},
		{Name: "take roles away whose exception is over", Every: 15 * time.Second, Do: h.people.EndExceptions},
		{Name: "bring back cases that are to be looked at again", Every: 15 * time.Second, Do: h.verdicts.BringBack},
		{Name: "remind those who may sign, one after the other, and then the controllers", Every: time.Minute, Do: h.payouts.Remind},
		{Name: "give orders that waited too long for signatures back to their makers", Every: time.Minute, Do: h.payouts.Expire},
		{Name: "see whether notices still come", Every: time.Minute, Do: h.accounts.MindSilence},
		{Name: "read the balances of open accounts", Every: 5 * time.Minute, Do: h.sender.Balances},
		{Name: "note the money at risk", Every: 10 * time.Minute, Do: h.proof.NoteRisk},
		{Name: "forget sessions and form keys that have ended", Every: 10 * time.Minute, Do: h.signIn.Tidy},
		{Name: "sign the head of the log and let it leave", Every: 5 * time.Minute, Do: h.heads.Round},
		{Name: "verify the chain and every order", Every: 24 * time.Hour, Do: h.proof.Nightly},
		{Name: "hold the database against the journal of sends", Every: 24 * time.Hour, Do: h.checkJournal},
	}
}
