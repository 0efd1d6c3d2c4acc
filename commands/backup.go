package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gorm.io/gorm"

	"countersign/models"
)

type backup struct {
	place
	To string `arg:"" help:"File to write; it must not exist yet." type:"path"`
}

// partial ends the name of a backup that is not whole yet: whatever has the name that
// was asked for was verified and is on the disk.
const partial = ".partial"

// Run copies the database, and verifies the copy as it would the original.
func (b backup) Run(ctx context.Context, out io.Writer) error {
	return b.usePresent(func(h *house) error {
		report, err := b.write(ctx, h)
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		info, err := os.Stat(b.To)
		if err != nil {
			return err
		}
		listFindings(out, report)
		fmt.Fprintf(out, "%s: %d bytes, %d orders, %d events, %d findings.\n", b.To, info.Size(), report.Orders, report.Events, len(report.Findings))
		if err := noteBackup(ctx, h, report, info.Size()); err != nil || len(report.Findings) > 0 {
			return errors.Join(err, found(report))
		}
		_, err = fmt.Fprintln(out, "Keep the sealing key elsewhere: without it no account number can be read.")
		return err
	})
}

// write gives the copy its name once it is whole. What an earlier try left half done
// gives way.
func (b backup) write(ctx context.Context, h *house) (report models.Report, err error) {
	if exists(b.To) {
		return report, fmt.Errorf("%s already exists", b.To)
	}
	half := b.To + partial
	for _, part := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(half + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return report, err
		}
	}
	if err := h.core.Store.Backup(ctx, half); err != nil {
		return report, err
	}
	if report, err = verifyCopy(ctx, half); err != nil {
		return report, fmt.Errorf("verify the copy: %w", err)
	}
	return report, errors.Join(syncPath(half), os.Rename(half, b.To), syncPath(filepath.Dir(b.To)))
}

// syncPath makes a file durable, or the names in a folder.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// verifyCopy opens the copy as a program would that has to live on it.
func verifyCopy(ctx context.Context, path string) (models.Report, error) {
	store, err := models.Open(path)
	if err != nil {
		return models.Report{}, err
	}
	report, err := models.Verify(store.Read(ctx))
	return report, errors.Join(err, store.Close())
}

func listFindings(out io.Writer, report models.Report) {
	for _, finding := range report.Findings {
		fmt.Fprintln(out, finding)
	}
}

// found is errFound if there is something to be found.
func found(report models.Report) error {
	if len(report.Findings) > 0 {
		return errFound
	}
	return nil
}

// noteBackup lets the home page say when the last copy was made, and whether it is
// sound.
func noteBackup(ctx context.Context, h *house, report models.Report, size int64) error {
	return h.core.Store.Write(ctx, func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "backup", At: now(), OK: len(report.Findings) == 0, Note: fmt.Sprintf("%d bytes", size)})
	})
}
