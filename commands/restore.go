package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/vault"
)

type restoreCheck struct {
	place
	File string `arg:"" help:"Backup to try; it stays as it is." type:"existingfile"`
}

// errLive refuses to read the database that may be in use.
var errLive = errors.New("this is the database itself, not a backup of it")

// Run verifies a copy of the backup as a program would find it that has to live on
// it, with the sealing key and beside the journal that it would have, and lets the home
// page say how that went.
func (r restoreCheck) Run(ctx context.Context, out io.Writer) error {
	if sameFile(r.File, filepath.Join(r.Data, databaseFile)) {
		return errLive
	}
	folder, err := os.MkdirTemp("", "countersign-restore-")
	if err != nil {
		return err
	}
	tried, err := r.try(ctx, filepath.Join(folder, databaseFile))
	if err = errors.Join(err, os.RemoveAll(folder)); err != nil {
		return fmt.Errorf("restore check: %w", err)
	}
	listFindings(out, tried.report)
	fmt.Fprintf(out, "%s: %d orders, %d events, head %x, %d findings.\n%s\n",
		r.File, tried.report.Orders, tried.report.Events, tried.report.Head, len(tried.report.Findings), tried.words())
	return errors.Join(r.note(ctx, out, tried.report), found(tried.report))
}

func sameFile(a, b string) bool {
	one, errOne := os.Stat(a)
	other, errOther := os.Stat(b)
	return errOne == nil && errOther == nil && os.SameFile(one, other)
}

// trial is what a start on a backup would find.
type trial struct {
	report models.Report
	gap    services.Gap
}

// words says what such a start would do.
func (t trial) words() string {
	switch why := t.gap.Why(); {
	case why == "":
		return "Sends since then: none. A start on it goes on as before."
	case why == services.StopRestored:
		return fmt.Sprintf("Sends since then: %d. A start on it stops all sending and asks about them.", len(t.gap.Sends))
	case why == services.StopMissing:
		return "Sends since then: unknown, for there is no journal of sends here. A start on it stops all sending."
	}
	return "Sends since then: unknown, for the journal of sends is not whole. A start on it stops all sending."
}

// try does it with a copy, for opening a database brings it up to this version.
func (r restoreCheck) try(ctx context.Context, copied string) (tried trial, err error) {
	if r.Key == "" && !exists(r.keyFile()) {
		return tried, fmt.Errorf("there is no sealing key %s: without it the backup cannot be used", r.keyFile())
	}
	key, err := vault.ReadKey(r.Key, r.keyFile())
	if err != nil {
		return tried, err
	}
	if err := copyFile(r.File, copied); err != nil {
		return tried, err
	}
	h, err := build(copied, r.journalOf(databaseFile), key)
	if err != nil {
		return tried, err
	}
	db := h.core.Store.Read(ctx)
	if tried.report, err = models.Verify(db); err == nil {
		tried.gap, err = services.Compare(db, h.guard.Path)
	}
	return tried, errors.Join(err, h.close())
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// note is for the pages of the installation, if there is one here.
func (r restoreCheck) note(ctx context.Context, out io.Writer, report models.Report) error {
	if !exists(filepath.Join(r.Data, databaseFile)) {
		_, err := fmt.Fprintf(out, "There is no database in %s, so no page tells of this check.\n", r.Data)
		return err
	}
	return r.use(func(h *house) error {
		return h.core.Store.Write(ctx, func(tx *gorm.DB) error {
			return models.Did(tx, models.Duty{Name: "restore_check", At: now(), OK: len(report.Findings) == 0, Note: fmt.Sprintf("%d orders", report.Orders)})
		})
	})
}

// listLoose says of which sends the journal knows and no order here stands for.
func listLoose(ctx context.Context, h *house, out io.Writer) error {
	db := h.core.Store.Read(ctx)
	loose, err := models.LooseSends(db, looseMany)
	for _, send := range loose {
		what := "is not in this database"
		if send.Differs {
			what = "has another content in this database"
		}
		through := send.AccountSlug
		if account, err := models.FindAccountBySlug(db, send.AccountSlug); err == nil {
			through = account.Name
		}
		fmt.Fprintf(out, "sent after the backup: order %s through %s on %s %s; ask the gateway by this number, and close it on the page /sends\n",
			send.OrderNo, through, send.SentAt.Format("2006-01-02 15:04:05 UTC"), what)
	}
	return err
}

// looseMany is how many such sends are listed.
const looseMany = 10_000
