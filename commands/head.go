package commands

import (
	"context"
	"fmt"
	"io"
	"os"

	"countersign/models"
)

type head struct {
	Sign  headSign  `cmd:"" default:"withargs" help:"Sign the head of the log now and let it leave (what a bare head does)."`
	Key   headKey   `cmd:"" help:"Show the public key that heads are checked with."`
	Check headCheck `cmd:"" help:"Hold the log against heads that were kept elsewhere."`
}

type headSign struct{ place }

// Run signs a head and says where it went.
func (c headSign) Run(ctx context.Context, out io.Writer) error {
	return c.use(func(h *house) error {
		signed, err := h.heads.Sign(ctx, "asked")
		if err != nil {
			return err
		}
		fmt.Fprint(out, signed.Note)
		if err := h.heads.Leave(ctx); err != nil {
			return err
		}
		departures, err := models.Departures(h.core.Store.Read(ctx), signed.ID)
		for _, d := range departures {
			fmt.Fprintf(out, "It left to %s.\n", d.Place)
		}
		return err
	})
}

type headKey struct{ place }

// Run prints the verifier's key.
func (c headKey) Run(ctx context.Context, out io.Writer) error {
	return c.use(func(h *house) error {
		verifier, err := h.heads.Verifier(ctx)
		if err == nil {
			fmt.Fprintln(out, verifier)
		}
		return err
	})
}

type headCheck struct {
	place
	Files    []string `arg:"" name:"file" help:"Heads that were kept." type:"existingfile"`
	Verifier string   `help:"Public key as it was kept with the heads; by default the installation's own." placeholder:"KEY" env:"-"`
}

// Run says of every head whether the log is its continuation.
func (c headCheck) Run(ctx context.Context, out io.Writer) error {
	return c.use(func(h *house) error {
		holds, err := holdAgainst(ctx, h, out, c.Files, c.Verifier)
		if err == nil && !holds {
			return errFound
		}
		return err
	})
}

// holdAgainst holds the log against kept heads, in plain sentences.
func holdAgainst(ctx context.Context, h *house, out io.Writer, files []string, verifier string) (holds bool, err error) {
	holds = true
	for _, file := range files {
		signed, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		check, err := h.heads.CheckHead(ctx, signed, verifier)
		if err != nil {
			return false, err
		}
		if check.Wrong != "" {
			holds = false
			fmt.Fprintf(out, "%s: %s\n", file, check.Wrong)
			continue
		}
		fmt.Fprintf(out, "%s: the first %d of %d events are those that were signed on %s.\n",
			file, check.Head.Size, check.Events, check.Head.At.Format("2006-01-02 15:04 UTC"))
	}
	return holds, nil
}
