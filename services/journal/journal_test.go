package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var at = time.Date(2026, 11, 2, 1, 0, 0, 123e6, time.UTC)

func send(n int) Line {
	return Line{
		Kind: Sent, Seq: int64(n), Hash: "0123456789abcdef", At: at, OrderNo: fmt.Sprintf("ORDER%03d", n), Account: "slug",
		RequestDigest: []byte{1, byte(n)}, ContentDigest: []byte{2, byte(n)}, Bytes: 300 + n,
	}
}

func begin(t *testing.T) (*Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sent")
	j, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j, path
}

func read(t *testing.T, path string) (lines []Line) {
	t.Helper()
	if _, err := Read(path, func(l Line) error { lines = append(lines, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return lines
}

// orders are the order numbers of what was sent; anything else is its kind.
func orders(lines []Line) (all []string) {
	for _, l := range lines {
		if l.Kind == Sent {
			all = append(all, l.OrderNo)
			continue
		}
		all = append(all, string(l.Kind))
	}
	return all
}

func add(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func TestI27_WhatIsKeptIsReadAsItWas(t *testing.T) {
	j, path := begin(t)
	if err := errors.Join(j.Begin(0, nil, at), j.Keep(send(7)), j.Know(9, []byte{0xab, 0xcd}, at, "00c0ffee")); err != nil {
		t.Fatal(err)
	}
	lines := read(t, path)
	if got := orders(lines); !slices.Equal(got, []string{"begun", "ORDER007", "known"}) {
		t.Fatalf("read %v", got)
	}
	want := send(7)
	want.Sum = lines[1].Sum
	if fmt.Sprint(lines[1]) != fmt.Sprint(want) {
		t.Errorf("read %+v, kept %+v", lines[1], want)
	}
	if lines[0].Hash != "" || lines[2].Hash != "abcd" || lines[2].After != "00c0ffee" || lines[2].Seq != 9 {
		t.Errorf("read %+v", lines)
	}
}

func TestI27_AMissingJournalIsNoneAndAnEmptyOneToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sent")
	for range 2 {
		if there, err := Read(path, func(Line) error { t.Error("a line"); return nil }); there || err != nil {
			t.Errorf("%v, %v", there, err)
		}
		if err := os.WriteFile(path, []byte(preamble), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A line that a crash cut off, at any byte, is no line: its request never left. What
// is written after it is read.
func TestI27_ALineCutOffAtAnyByteIsIgnoredAndTheNextIsNot(t *testing.T) {
	whole := send(2).text()
	for cut := range len(whole) - 1 {
		j, path := begin(t)
		if err := j.Keep(send(1)); err != nil {
			t.Fatal(err)
		}
		add(t, path, whole[:cut])
		if got := orders(read(t, path)); !slices.Equal(got, []string{"ORDER001"}) {
			t.Fatalf("cut at %d: %v", cut, got)
		}
		other, err := Open(path) // the next process
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(other.Keep(send(3)), other.Close()); err != nil {
			t.Fatal(err)
		}
		if got := orders(read(t, path)); !slices.Equal(got, []string{"ORDER001", "ORDER003"}) {
			t.Fatalf("cut at %d, then another: %v", cut, got)
		}
		// … and the process that had it open already, beside the one that died.
		add(t, path, whole[:cut])
		if err := j.Keep(send(4)); err != nil {
			t.Fatal(err)
		}
		if got := orders(read(t, path)); !slices.Equal(got, []string{"ORDER001", "ORDER003", "ORDER004"}) {
			t.Fatalf("cut at %d, glued: %v", cut, got)
		}
	}
}

// The known-bad variants: a line that was changed is not silently left out.
func TestI27_ALineThatWasChangedIsDamaged(t *testing.T) {
	j, path := begin(t)
	for n := range 3 {
		if err := j.Keep(send(n)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{"ORDER001", "ORDER009"}, {"sent 1 ", "sent 7 "}, {" 301 ", " 310 "}, {"sent 1", "Sent 1"}} {
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), change[0], change[1], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := orders(read(t, path)); !slices.Equal(got, []string{"ORDER000", "damaged", "ORDER002"}) {
			t.Errorf("%q: %v", change, got)
		}
	}
}

func TestI27_CopiesOfTheProgramShareOneJournal(t *testing.T) {
	one, path := begin(t)
	two, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	var group sync.WaitGroup
	for n := range 200 {
		group.Go(func() {
			if err := []*Journal{one, two}[n%2].Keep(send(n)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	seen := orders(read(t, path))
	slices.Sort(seen)
	if seen = slices.Compact(seen); len(seen) != 200 || slices.Contains(seen, "damaged") {
		t.Errorf("%d orders", len(seen))
	}
}

func TestI27_AJournalThatWasMovedOrRemovedTakesNothing(t *testing.T) {
	j, path := begin(t)
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := j.Keep(send(1)); err == nil {
		t.Error("a line went into a file that nobody finds")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := j.Keep(send(1)); err == nil {
		t.Error("a line went into the old file")
	}
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
	if err := j.Keep(send(1)); err != nil {
		t.Errorf("put back it takes nothing: %v", err)
	}
	if none := (*Journal)(nil); none.Keep(send(1)) == nil {
		t.Error("kept without a journal")
	}
}

// failing is a disk that fails when told to.
type failing struct {
	*os.File
	short, unsynced bool
	syncs           int
}

func (f *failing) WriteString(text string) (int, error) {
	if f.short {
		n, _ := f.File.WriteString(text[:len(text)/2])
		return n, errors.New("no space left")
	}
	return f.File.WriteString(text)
}

func (f *failing) Sync() error {
	f.syncs++
	if f.unsynced {
		return errors.New("input/output error")
	}
	return f.File.Sync()
}

func TestI27_ALineThatTheDiskDidNotTakeIsAnError(t *testing.T) {
	j, path := begin(t)
	disk := &failing{File: j.file.(*os.File)}
	j.file = disk
	disk.short = true
	if err := j.Keep(send(1)); err == nil {
		t.Error("half a line was taken for a whole one")
	}
	disk.short, disk.unsynced = false, true
	if err := j.Keep(send(2)); !errors.Is(err, errLost) {
		t.Errorf("an fsync that failed: %v", err)
	}
	disk.unsynced = false
	if err := j.Keep(send(3)); err != nil {
		t.Error(err)
	}
	if got := orders(read(t, path)); !slices.Equal(got, []string{"ORDER002", "ORDER003"}) {
		t.Errorf("read %v", got)
	}
}

// A line that waited for an fsync which failed is not saved by the next one: the disk
// has forgotten it.
func TestI27_AnFsyncThatFailedFailsEveryLineBeforeIt(t *testing.T) {
	j, _ := begin(t)
	disk := &failing{File: j.file.(*os.File), unsynced: true}
	j.file = disk
	first, err := j.add(send(1).text())
	if err != nil {
		t.Fatal(err)
	}
	second, err := j.add(send(2).text())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.settle(first); err == nil {
		t.Error("the first was taken")
	}
	disk.unsynced = false
	if err := j.settle(second); err == nil {
		t.Error("the second was taken, though the fsync that failed was its own too")
	}
}

func TestSeveralLinesShareAnFsync(t *testing.T) {
	j, _ := begin(t)
	disk := &failing{File: j.file.(*os.File)}
	j.file = disk
	var waiting []int64
	for n := range 5 {
		mine, err := j.add(send(n).text())
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, mine)
	}
	for _, mine := range waiting {
		if err := j.settle(mine); err != nil {
			t.Fatal(err)
		}
	}
	if disk.syncs != 1 {
		t.Errorf("%d fsyncs", disk.syncs)
	}
}
