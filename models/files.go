package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// ErrFilesReplaced is why the store stops when the files at its place are no longer
// those that it has opened: what it writes from then on nobody will find again (I28).
var ErrFilesReplaced = errors.New("the database's files were moved, replaced or removed while they were open")

// file is one that SQLite holds open, as the folder showed it then. We ask the folder
// alone: to open such a file ourselves would drop SQLite's locks.
type file struct {
	path   string
	opened fs.FileInfo
}

// files are all that belong to an open database; the database itself comes first.
type files []file

// lookUp notes the files of a database that has just been opened. A link to it may be
// pointed elsewhere, and SQLite's other files lie beside what it leads to.
func lookUp(path string) (files, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	var all files
	for _, path := range append([]string{path}, beside(real)...) {
		opened, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		all = append(all, file{path, opened})
	}
	return all, nil
}

// check names the first file that is not ours any more.
func (all files) check() error {
	for _, f := range all {
		now, err := os.Stat(f.path)
		if err != nil {
			return fmt.Errorf("%w: %v", ErrFilesReplaced, err)
		}
		if !os.SameFile(now, f.opened) {
			return fmt.Errorf("%w: %s is another file", ErrFilesReplaced, f.path)
		}
	}
	return nil
}

// mayFold says whether the write-ahead log may still be folded into the database that
// we hold: not if others have begun one in its place, for then they write too.
func (all files) mayFold() bool {
	for _, f := range all[1:] {
		now, err := os.Stat(f.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || !os.SameFile(now, f.opened) {
			return false
		}
	}
	return true
}

// CheckFiles stops the store if its files are not its own any more; it says so once.
func (s *Store) CheckFiles(context.Context) error {
	if s.Broken() != nil {
		return nil
	}
	return s.holdsOwn()
}

// holdsOwn looks at the files and stops the store if they are not its own any more.
// What was acknowledged is then brought from the write-ahead log into the database
// that we hold, wherever that lies now, and a file that was put in its place does not
// find our log beside it.
func (s *Store) holdsOwn() error {
	err := s.files.check()
	if err != nil && s.breakDown(err) {
		s.rescue()
	}
	return err
}

func (s *Store) rescue() {
	if !s.files.mayFold() {
		slog.Error("the write-ahead log at the database's place is not ours; nothing is written into either")
		return
	}
	if err := s.fold(); err != nil {
		slog.Error("what was written last could not be brought into the database", "error", err)
	}
}

// abandon ends a store whose files are not its own any more. Its connections stay
// open until the process ends, because SQLite removes a log by its name when the last
// one is closed, whosever it is.
func (s *Store) abandon(why error) error {
	s.rescue()
	return why
}
