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
)

type restoreCheck struct {
	place
	File string `arg:"" help:"Backup to try; it stays as it is." type:"existingfile"`
}

// errLive refuses to read the database that may be in use.
var errLive = errors.New("this is the database itself, not a backup of it")

// Run verifies a copy of the backup as a program would find it that has to live on
// it, and lets the home page say how that went.
func (r restoreCheck) Run(ctx context.Context, out io.Writer) error {
	if sameFile(r.File, filepath.Join(r.Data, databaseFile)) {
		return errLive
	}
	folder, err := os.MkdirTemp("", "countersign-restore-")
	if err != nil {
		return err
	}
	report, err := tryRestore(ctx, r.File, filepath.Join(folder, databaseFile))
	if err = errors.Join(err, os.RemoveAll(folder)); err != nil {
		return fmt.Errorf("restore check: %w", err)
	}
	for _, finding := range report.Findings {
		fmt.Fprintln(out, finding)
	}
	fmt.Fprintf(out, "%s: %d orders, %d events, head %x, %d findings.\n", r.File, report.Orders, report.Events, report.Head, len(report.Findings))
	if err := r.note(ctx, report); err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		return errFound
	}
	return nil
}

func sameFile(a, b string) bool {
	one, errOne := os.Stat(a)
	other, errOther := os.Stat(b)
	return errOne == nil && errOther == nil && os.SameFile(one, other)
}

// tryRestore verifies a copy, for opening a database brings it up to this version.
func tryRestore(ctx context.Context, backup, copied string) (report models.Report, err error) {
	from, err := os.Open(backup)
	if err != nil {
		return report, err
	}
	defer from.Close()
	to, err := os.Create(copied)
	if err != nil {
		return report, err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return report, err
	}
	return verifyCopy(ctx, copied)
}

func (r restoreCheck) note(ctx context.Context, report models.Report) error {
	return r.use(func(h *house) error {
		return h.core.Store.Write(ctx, func(tx *gorm.DB) error {
			return models.Did(tx, models.Duty{Name: "restore_check", At: now(), OK: len(report.Findings) == 0, Note: fmt.Sprintf("%d orders", report.Orders)})
		})
	})
}

// listLoose says of which sends the journal knows and no order here stands for.
func listLoose(ctx context.Context, h *house, out io.Writer) error {
	loose, err := models.LooseSends(h.core.Store.Read(ctx), looseMany)
	for _, send := range loose {
		what := "is not in this database"
		if send.Differs {
			what = "has another content in this database"
		}
		fmt.Fprintf(out, "sent after the backup: order %s through %s on %s %s; ask the gateway by this number\n",
			send.OrderNo, send.AccountSlug, send.SentAt.Format("2006-01-02 15:04:05 UTC"), what)
	}
	return err
}

// looseMany is how many such sends are listed.
const looseMany = 10_000
