// Package commands is what an operator can do from a shell. Each command is a
// struct whose fields are its flags; every flag has an environment name.
package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/alecthomas/kong"

	"countersign/models"
	"countersign/views/i18n"
)

// Version is set when a release is built.
var Version = "dev"

// commandLine is everything that can be said to the program.
type commandLine struct {
	Serve        serve        `cmd:"" default:"withargs" help:"Run the dashboard (what a bare start does)."`
	Demo         demoCommand  `cmd:"" help:"Run the dashboard with the sandbox gateways and six weeks of made-up business."`
	Sandbox      sandboxOnly  `cmd:"" help:"Run the sandbox gateways alone, for trying a real installation against them."`
	Migrate      migrate      `cmd:"" help:"Bring the database up to this version and stop."`
	User         user         `cmd:"" help:"Add people and list them."`
	Account      account      `cmd:"" help:"Connect gateway accounts and list them."`
	Policy       policy       `cmd:"" help:"Show or change who has to sign."`
	Limits       limits       `cmd:"" help:"Show or change how much may be released."`
	Verify       verify       `cmd:"" help:"Check every order against its events, the chain of events, the totals and the rules."`
	Key          keyCommand   `cmd:"" help:"Seal everything anew under another key."`
	Head         head         `cmd:"" help:"Sign the head of the log, show the key that checks it, or hold the log against a head that was kept."`
	Evidence     evidence     `cmd:"" help:"Take the evidence of one order out as one file, or check such a file."`
	Backup       backup       `cmd:"" help:"Write a complete copy of the database while everything runs on."`
	RestoreCheck restoreCheck `cmd:"" help:"Verify a copy of a backup, as if it were restored; the backup and the database stay as they are."`
	Health       health       `cmd:"" help:"Ask the running dashboard whether it is ready; for health checks."`
	Version      versionOnly  `cmd:"" help:"Say which version this is."`
}

const description = `Countersign pays money out through payout gateways and proves what happened to every cent.

Every flag can be set in the environment: --data is COUNTERSIGN_DATA, and so on. A secret can also be read from a file.`

// Main runs one command and gives the exit code: 0 done, 1 refused or failed, 2
// found something wrong.
func Main(args []string, out, errors io.Writer) int {
	syscall.Umask(0o077) // whatever we write is for its owner alone
	var line commandLine
	parser, err := kong.New(&line, kong.Name("countersign"), kong.Description(description), kong.DefaultEnvars("COUNTERSIGN"),
		kong.Writers(out, errors), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(out, (*io.Writer)(nil)), kong.Vars{"demo_speed": strconv.Itoa(demoSpeed)})
	if err != nil {
		fmt.Fprintln(errors, err)
		return 1
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errors, "countersign: %v\n", err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	chosen.BindTo(ctx, (*context.Context)(nil))
	return report(chosen.Run(), errors)
}

// errFound ends a command that worked and found something wrong.
var errFound = errors.New("something is wrong")

// report says in words why a command ended.
func report(err error, to io.Writer) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return 2
	}
	fmt.Fprintf(to, "countersign: %s\n", inWords(err))
	return 1
}

// inWords turns refusals into the sentences that the pages show.
func inWords(err error) string {
	ctx := i18n.With(context.Background(), "en", nil, now())
	var one models.Refusal
	var many models.Refusals
	switch {
	case errors.As(err, &many):
		words := ""
		for i, refusal := range many {
			if i > 0 {
				words += "\n             "
			}
			words += i18n.T(ctx, refusal.Key, refusal.Args...)
		}
		return words
	case errors.As(err, &one):
		return i18n.T(ctx, one.Key, one.Args...)
	}
	return err.Error()
}

// logTo sends the log to the writer: JSON for machines, or text for people.
func logTo(w io.Writer, format string, level slog.Level) {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		slog.SetDefault(slog.New(slog.NewJSONHandler(w, options)))
		return
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(w, options)))
}

type versionOnly struct{}

// Run prints the version.
func (versionOnly) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "countersign", Version)
	return err
}
