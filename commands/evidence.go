package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"countersign/services/bundle"
	"countersign/views"
	"countersign/views/i18n"
)

type evidence struct {
	Take   evidenceTake   `cmd:"" default:"withargs" help:"Take the evidence of one order out, as one file (what a bare evidence ORDER does)."`
	Period evidencePeriod `cmd:"" help:"Take the evidence of all orders that were made in a period out, as one file."`
	Check  evidenceCheck  `cmd:"" help:"Check such a file with nothing but a kept head and the public key: no database, no server."`
}

type evidenceTake struct {
	place
	Order string `arg:"" help:"Order number."`
	To    string `help:"File to write; by default ORDER.zip here. It must not exist yet." placeholder:"FILE" type:"path"`
}

// Run writes the bundle; that it was taken is in the audit.
func (c evidenceTake) Run(ctx context.Context, out io.Writer) error {
	return c.use(func(h *house) error {
		whole, err := h.evidence.TakeAs(i18n.With(ctx, "en", nil, now()), operator(), c.Order, views.DrawEvidence)
		if err != nil {
			return err
		}
		name := c.To
		if name == "" {
			name = c.Order + ".zip"
		}
		file, err := newFile(name)
		if err != nil {
			return err
		}
		_, err = file.Write(whole)
		if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
			fmt.Fprintf(out, "%s: %d bytes. A head over it was signed and leaves with the others; keep that and the public key (countersign head key) apart.\n", name, len(whole))
		}
		return err
	})
}

// newFile begins a file that must not be there yet.
func newFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

type evidenceCheck struct {
	File  string `arg:"" help:"The bundle." type:"existingfile"`
	Head  string `help:"Signed head that you have kept." required:"" type:"existingfile" env:"-"`
	Key   string `help:"Public key of the installation, as its audit page shows it." required:"" env:"-"`
	Order string `help:"In the bundle of a period: tell what it says of this order."`
}

// Run says in plain sentences what the bundle shows, or why it shows nothing.
func (c evidenceCheck) Run(out io.Writer) error {
	head, err := os.ReadFile(c.Head)
	if err != nil {
		return err
	}
	period, err := bundle.IsPeriod(c.File)
	if err != nil {
		return c.refused(out, err)
	}
	if period {
		return c.refused(out, c.checkPeriod(out, head))
	}
	whole, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	found, err := bundle.Check(whole, head, c.Key)
	if err != nil {
		return c.refused(out, err)
	}
	tell(out, found)
	return nil
}

// refused says why a bundle shows nothing; other faults are passed on.
func (c evidenceCheck) refused(out io.Writer, err error) error {
	var refused bundle.Refused
	if errors.As(err, &refused) {
		fmt.Fprintf(out, "This bundle proves nothing. %s\n", refused)
		return errFound
	}
	return err
}

func tell(out io.Writer, found bundle.Found) {
	tellOrder(out, found)
	fmt.Fprintln(out, "\nWhat holds:")
	for _, line := range found.Held() {
		fmt.Fprintln(out, "-", line)
	}
}

// tellOrder says what is on record of one order, in sentences.
func tellOrder(out io.Writer, found bundle.Found) {
	ctx := i18n.With(context.Background(), "en", nil, now())
	fmt.Fprintf(out, "Order %s\n\n", found.Dossier.OrderNo)
	for _, line := range views.Explain(ctx, found.Dossier, found.Events) {
		fmt.Fprintln(out, "-", line)
	}
}
