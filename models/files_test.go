package models_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"countersign/models"
)

// meddling is what somebody does to the files of a running program.
type meddling struct {
	name string
	do   func(t *testing.T, db, copied string)
	// mend puts the files where whoever starts again looks for them.
	mend    func(t *testing.T, db string)
	foreign []string // what is another's then, by its ending
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) { must(t, os.Rename(from, to)) }

func backFrom(ending string) func(*testing.T, string) {
	return func(t *testing.T, db string) { rename(t, db+ending+".away", db+ending) }
}

func nothing(*testing.T, string) {}

var meddlings = []meddling{
	{"the database is moved away", func(t *testing.T, db, _ string) { rename(t, db, db+".away") }, backFrom(""), nil},
	{"another is put in its place", func(t *testing.T, db, copied string) {
		rename(t, db, db+".away")
		rename(t, copied, db)
	}, backFrom(""), []string{""}},
	{"its log is removed", func(t *testing.T, db, _ string) { must(t, os.Remove(db+"-wal")) }, nothing, nil},
	{"its log is moved away", func(t *testing.T, db, _ string) { rename(t, db+"-wal", db+"-wal.away") }, nothing, nil},
	{"another log is begun", func(t *testing.T, db, copied string) {
		rename(t, db+"-wal", db+"-wal.away")
		rename(t, copied, db+"-wal")
	}, backFrom("-wal"), []string{"-wal"}},
	{"the index of its log is removed", func(t *testing.T, db, _ string) { must(t, os.Remove(db+"-shm")) }, nothing, nil},
	{"another index is begun", func(t *testing.T, db, copied string) {
		rename(t, db+"-shm", db+"-shm.away")
		rename(t, copied, db+"-shm")
	}, nothing, []string{"-shm"}},
	{"all three are moved away", func(t *testing.T, db, _ string) {
		for _, ending := range []string{"-wal", "-shm", ""} {
			rename(t, db+ending, db+ending+".away")
		}
	}, func(t *testing.T, db string) { backFrom("")(t, db); backFrom("-wal")(t, db) }, nil},
	{"a backup is put in the place of all three", func(t *testing.T, db, copied string) {
		for _, ending := range []string{"-wal", "-shm", ""} {
			rename(t, db+ending, db+ending+".away")
		}
		rename(t, copied, db)
	}, func(t *testing.T, db string) { backFrom("")(t, db); backFrom("-wal")(t, db) }, []string{""}},
}

// TestI28_FilesThatAreMovedOrReplacedStopTheStore plays each while many write. What was
// acknowledged by then is found again, and what is another's stays as it was put there.
func TestI28_FilesThatAreMovedOrReplacedStopTheStore(t *testing.T) {
	for _, m := range meddlings {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			g := newMeddled(t)
			acknowledged := g.writeWhile(t, func() { m.do(t, g.db, g.copied) })
			if err := g.store.Write(t.Context(), set("after")); !stopped(err) {
				t.Errorf("a write after it was answered with %v", err)
			}
			if !errors.Is(g.store.Broken(), models.ErrFilesReplaced) || !errors.Is(g.store.Close(), models.ErrFilesReplaced) {
				t.Errorf("the store says %v", g.store.Broken())
			}
			for _, ending := range m.foreign {
				if now, err := os.ReadFile(g.db + ending); err != nil || !bytes.Equal(now, g.foreign) {
					t.Errorf("what is another's is not as it was put there: %v", err)
				}
			}
			m.mend(t, g.db)
			if lost := g.lost(t, acknowledged); lost > 0 {
				t.Errorf("%d of %d acknowledged writes are gone", lost, len(acknowledged))
			}
		})
	}
}

// Somebody looks although nobody writes, and says it once.
func TestI28_AnIdleStoreNoticesThatItsFilesAreGone(t *testing.T) {
	g := newMeddled(t)
	told := 0
	g.store.OnWrite(func(about []models.PayoutID) {
		if about == nil {
			told++
		}
	})
	must(t, g.store.CheckFiles(t.Context()))
	must(t, os.Remove(g.db))
	if err := g.store.CheckFiles(t.Context()); !errors.Is(err, models.ErrFilesReplaced) {
		t.Errorf("got %v", err)
	}
	must(t, g.store.CheckFiles(t.Context()))
	if told != 1 {
		t.Errorf("open pages were told %d times", told)
	}
	var no models.Refusal
	if err := g.store.Write(t.Context(), set("after")); !errors.As(err, &no) || no.Key != "store.files_replaced" {
		t.Errorf("a write was answered with %v", err)
	}
}

// A link to the database is as good as the database: its other files lie beside what
// it leads to, and a link that is pointed elsewhere is another file.
func TestI28_ALinkToTheDatabaseIsFollowed(t *testing.T) {
	g := newMeddled(t)
	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(g.copied, link))
	store, err := models.Open(link)
	must(t, err)
	must(t, store.Write(t.Context(), set("through the link")))
	must(t, os.Remove(link))
	must(t, os.Symlink(g.db, link))
	if err := store.Write(t.Context(), set("after")); !stopped(err) {
		t.Errorf("got %v", err)
	}
}

// A store that does not look acknowledges what nobody finds again, and the same count
// says so.
func TestI28_KnownBad_AStoreThatDoesNotLookLosesWhatItAcknowledged(t *testing.T) {
	for _, m := range meddlings {
		if !slices.Contains([]string{"its log is removed", "its log is moved away", "a backup is put in the place of all three"}, m.name) {
			continue
		}
		g := newMeddled(t)
		g.store.Unwatched()
		m.do(t, g.db, g.copied)
		var acknowledged []string
		for i := range 20 {
			must(t, g.store.Write(t.Context(), set(fmt.Sprintf("late %d", i))))
			acknowledged = append(acknowledged, fmt.Sprintf("late %d", i))
		}
		if lost := g.lost(t, acknowledged); lost != len(acknowledged) {
			t.Errorf("%s: %d of %d were found missing", m.name, lost, len(acknowledged))
		}
	}
}

// meddled is a store with something in its log, and another's file near by.
type meddled struct {
	store      *models.Store
	db, copied string
	foreign    []byte // what is in that
}

func newMeddled(t *testing.T) *meddled {
	t.Helper()
	folder := t.TempDir()
	g := &meddled{db: filepath.Join(folder, "countersign.db"), copied: filepath.Join(folder, "copied.db")}
	var err error
	g.store, err = models.Open(g.db)
	must(t, err)
	must(t, g.store.Write(t.Context(), set("before the copy")))
	must(t, g.store.Backup(t.Context(), g.copied))
	g.foreign, err = os.ReadFile(g.copied)
	must(t, err)
	return g
}

// writeWhile lets many write until the store stops, and meddle when they are at it.
func (g *meddled) writeWhile(t *testing.T, meddle func()) (acknowledged []string) {
	t.Helper()
	const writers, enough = 8, 5
	var mu sync.Mutex
	var group sync.WaitGroup
	underWay := make(chan struct{}, writers)
	for w := range writers {
		group.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d.%d", w, i)
				if err := g.store.Write(t.Context(), set(name)); err != nil {
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, name)
				mu.Unlock()
				if i == enough {
					underWay <- struct{}{}
				}
			}
		})
	}
	for range writers {
		<-underWay
	}
	meddle()
	group.Wait()
	return acknowledged
}

// lost counts what is missing for whoever starts with the files that are there. They
// are copied first: SQLite remembers within one process what it had open.
func (g *meddled) lost(t *testing.T, acknowledged []string) (count int) {
	t.Helper()
	db := filepath.Join(t.TempDir(), "found.db")
	for _, ending := range []string{"", "-wal"} {
		content, err := os.ReadFile(g.db + ending)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		must(t, os.WriteFile(db+ending, content, 0o600))
	}
	store, err := models.Open(db)
	must(t, err)
	defer store.Close()
	for _, name := range acknowledged {
		value, err := models.ReadSetting(store.Read(t.Context()), name)
		must(t, err)
		if value == "" {
			count++
		}
	}
	return count
}
