package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"countersign/models"
	"countersign/services"
	"countersign/services/vault"
)

type keyCommand struct {
	Rotate keyRotate `cmd:"" help:"Seal everything anew under another key. Stop the program first; the old key is needed, and is kept for older backups."`
}

type keyRotate struct {
	place
	NewKeyFile string `help:"File to make for the new key, where the old one is given as COUNTERSIGN_KEY and not as a file." placeholder:"FILE" type:"path"`
}

// Run makes a key, seals everything under it in one write, and lets it take the place of
// the old one. The new key is on the disk before the first byte is sealed with it, so
// that a crash at any moment leaves a database and the key that opens it.
func (c keyRotate) Run(ctx context.Context, out io.Writer) error {
	if (c.Key != "") != (c.NewKeyFile != "") {
		return errors.New("where the key is given as COUNTERSIGN_KEY, --new-key-file says where to put the new one; otherwise it lies beside the old one")
	}
	return c.usePresent(func(h *house) error {
		next := c.nextKey()
		if err := dropUnused(next); err != nil {
			return err
		}
		key, err := vault.ReadKey("", next)
		if err = errors.Join(err, syncFolder(filepath.Dir(next))); err != nil {
			return err
		}
		fresh, err := vault.New(key)
		if err != nil {
			return err
		}
		done, err := (&services.Rotation{Core: h.core, New: fresh}).Rotate(ctx, operator())
		if err != nil {
			return err // the new key stays: whether a commit that failed is on the disk, the next start finds out
		}
		return c.tell(ctx, out, h, done)
	})
}

// nextKey is where a key waits to take the place of the present one.
func (p place) nextKey() string { return p.keyFile() + ".next" }

func (c keyRotate) nextKey() string {
	if c.NewKeyFile != "" {
		return c.NewKeyFile
	}
	return c.place.nextKey()
}

// dropUnused takes away a key that a rotation which was cut off has made: the database
// opened with the old one, so nothing is sealed with it. A file that somebody named is
// left alone.
func dropUnused(path string) error {
	if filepath.Ext(path) != ".next" && exists(path) {
		return fmt.Errorf("%s is there already", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (c keyRotate) tell(ctx context.Context, out io.Writer, h *house, done services.Rotated) error {
	fmt.Fprintf(out, "%d secrets and %d payees' details are sealed with the new key.\n", done.Secrets, done.Payees)
	if c.NewKeyFile != "" {
		fmt.Fprintf(out, "Give what %s holds as COUNTERSIGN_KEY from now on. Backups made until now open with the old key alone: keep it with them.\n", c.NewKeyFile)
	} else {
		old, err := c.takePlace(h)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "The new key lies in %s: keep a copy elsewhere. The old one lies in %s; backups made until now open with it alone.\n", c.keyFile(), old)
	}
	report, err := models.Verify(h.core.Store.Read(ctx))
	if err != nil {
		return err
	}
	tellFindings(out, report.Findings)
	fmt.Fprintf(out, "Checked: %d events, %d orders, %d findings.\n", report.Events, report.Orders, len(report.Findings))
	return found(report)
}

// takePlace puts the new key where the old one was, which is kept.
func (p place) takePlace(h *house) (old string, err error) {
	old = p.keyFile() + ".until-" + h.core.Now().Format("20060102T150405Z")
	if err := os.Link(p.keyFile(), old); err != nil {
		return "", fmt.Errorf("keep the old key: %w", err)
	}
	if err := os.Rename(p.nextKey(), p.keyFile()); err != nil {
		return "", fmt.Errorf("put the new key in its place: %w", err)
	}
	return old, syncFolder(filepath.Dir(p.keyFile()))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// finish opens an installation whose rotation was cut off after everything was sealed
// anew: the new key waits beside the old one, and takes its place now.
func (p place) finish(database, file string) (*house, error) {
	key, err := vault.ReadKey("", p.nextKey())
	if err != nil {
		return nil, err
	}
	h, err := build(database, p.journalOf(file), key)
	if err != nil {
		return nil, err
	}
	if _, err := p.takePlace(h); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}
