// Package journal keeps one line outside the database for every request that is
// about to leave: which order, through which account, and which event of the
// database told of it (I27). A database that was restored from a backup does not
// know what was sent since; its journal does. The file holds no secret and no
// account number, only grows, and may be shared by copies of the program.
package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrNone refuses to send where nobody keeps a journal.
var ErrNone = errors.New("no journal of sends is open")

var errLost = errors.New("the journal of sends may not have reached the disk")

const preamble = "# The journal of sends of Countersign. Never edit it, never restore it together with a backup (docs/operations.md).\n"

// file is what a journal needs of its file.
type file interface {
	WriteString(text string) (int, error)
	Sync() error
	Stat() (os.FileInfo, error)
	Close() error
}

// Journal is an open journal. Its methods may be used from anywhere.
type Journal struct {
	path string
	file file

	mu      sync.Mutex // one line after another
	torn    bool       // the last line was cut off in the middle
	written int64

	disk sync.Mutex // one fsync after another; those who wait share the next
	kept int64      // so many lines are on the disk
	lost int64      // of so many it is not known
}

// Discard is the journal of a story: nothing of it leaves this machine.
func Discard() *Journal { return &Journal{} }

// Open opens the journal to add to it, and makes it if there is none.
func Open(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal of sends: %w", err)
	}
	j := &Journal{path: path, file: f}
	if err := j.begin(f); err != nil {
		return nil, errors.Join(fmt.Errorf("the journal of sends: %w", err), f.Close())
	}
	return j, nil
}

// begin makes sure that the next line begins on a line of its own.
func (j *Journal) begin(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		if _, err := f.WriteString(preamble); err != nil {
			return err
		}
		return errors.Join(f.Sync(), syncFolder(filepath.Dir(j.path)))
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, info.Size()-1); err != nil {
		return err
	}
	j.torn = last[0] != '\n'
	return nil
}

// syncFolder makes the name of a new file durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Keep adds a line and returns once it is on the disk. Before that nothing of the
// request may leave. Those who keep lines at the same time share an fsync.
func (j *Journal) Keep(l Line) error {
	switch {
	case j == nil:
		return ErrNone
	case j.file == nil:
		return nil
	}
	mine, err := j.add(l.text())
	if err != nil {
		return fmt.Errorf("the journal of sends: %w", err)
	}
	return j.settle(mine)
}

// Begin adds the line that a new journal begins with.
func (j *Journal) Begin(seq int64, hash []byte, at time.Time) error {
	return j.Keep(Line{Kind: Begun, Seq: seq, Hash: Short(hash), At: at})
}

// Know adds the line that says that the database with this event knows everything up
// to the line with the sum after.
func (j *Journal) Know(seq int64, hash []byte, at time.Time, after string) error {
	return j.Keep(Line{Kind: Known, Seq: seq, Hash: Short(hash), At: at, After: after})
}

// add writes one line with one write, so that copies of the program may share the file.
func (j *Journal) add(text string) (mine int64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.stillThere(); err != nil {
		return 0, err
	}
	if j.torn {
		text = tornMark + "\n" + text
	}
	n, err := j.file.WriteString(text)
	if err != nil {
		j.torn = j.torn || n > 0
		return 0, err
	}
	j.torn = false
	j.written++
	return j.written, nil
}

// stillThere refuses to write into a file that was moved away: nobody would find the
// line.
func (j *Journal) stillThere() error {
	open, err := j.file.Stat()
	if err != nil {
		return err
	}
	named, err := os.Stat(j.path)
	if err != nil {
		return err
	}
	if !os.SameFile(open, named) {
		return fmt.Errorf("%s is another file than the one that was opened", j.path)
	}
	return nil
}

// settle returns once the line is on the disk. After an fsync that failed nobody knows
// which of the lines before it are.
func (j *Journal) settle(mine int64) error {
	j.disk.Lock()
	defer j.disk.Unlock()
	switch {
	case mine <= j.lost:
		return errLost
	case mine <= j.kept:
		return nil
	}
	upTo := j.count()
	if err := j.file.Sync(); err != nil {
		j.lost = upTo
		return fmt.Errorf("%w: %w", errLost, err)
	}
	j.kept = upTo
	return nil
}

func (j *Journal) count() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.written
}

// Close closes the file; every line that was kept is on the disk.
func (j *Journal) Close() error {
	if j == nil || j.file == nil {
		return nil
	}
	return j.file.Close()
}
