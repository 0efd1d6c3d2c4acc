package torture

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

// plenty is what a disk has when it is not meant to be full.
const plenty = 256 << 20

// disk is a place for a database whose room the test decides: a file system in
// memory of its own, or, where none may be mounted, SQLite's own limit on pages,
// which is a full disk for the database and for nothing else.
type disk struct {
	folder  string
	mounted bool
}

func smallDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{folder: t.TempDir()}
	d.mounted = syscall.Mount("tmpfs", d.folder, "tmpfs", 0, fmt.Sprintf("size=%d", plenty)) == nil
	t.Cleanup(func() {
		if d.mounted && syscall.Unmount(d.folder, 0) != nil {
			t.Error("the small disk is still in use")
		}
	})
	return d
}

// kind is what the figures call it.
func (d *disk) kind() string {
	if d.mounted {
		return "a small tmpfs"
	}
	return "max_page_count, for no tmpfs may be mounted here"
}

// leave lets so many bytes more be written, and no more.
func (d *disk) leave(town *servicestest.Town, room int) {
	town.T.Helper()
	if !d.mounted {
		// A write changes some eight pages for each that it adds.
		town.Must(town.Store.Write(town.T.Context(), func(tx *gorm.DB) error { return limitPages(tx, room/(8*4096)) }))
		return
	}
	var now syscall.Statfs_t
	town.Must(syscall.Statfs(d.folder, &now))
	d.resize(town, int(now.Blocks-now.Bfree)*int(now.Bsize)+room)
}

// makeRoom is what somebody does who frees space on the disk.
func (d *disk) makeRoom(town *servicestest.Town) {
	if d.mounted {
		d.resize(town, plenty)
	}
}

func (d *disk) resize(town *servicestest.Town, bytes int) {
	town.T.Helper()
	town.Must(syscall.Mount("tmpfs", d.folder, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", bytes)))
}

// limitPages holds for this connection only: the next start is free of it.
func limitPages(tx *gorm.DB, more int) error {
	var pages int
	if err := tx.Raw("PRAGMA page_count").Scan(&pages).Error; err != nil {
		return err
	}
	return tx.Raw(fmt.Sprintf("PRAGMA max_page_count = %d", pages+more)).Scan(&pages).Error
}

// fillUp writes until the disk takes no more, and gives what the last write said.
func fillUp(town *servicestest.Town) (err error) {
	for i := 0; err == nil && i < 10_000; i++ {
		err = town.Store.Write(town.T.Context(), func(tx *gorm.DB) error {
			return models.WriteSetting(tx, fmt.Sprintf("filler.%d", i), strings.Repeat("x", 2000))
		})
	}
	return err
}
