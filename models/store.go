package models

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// ErrCommitUnknown is what every unit of a batch gets when its commit returned
// an error: it may or may not be on the disk, so read again (I29).
var ErrCommitUnknown = errors.New("the commit did not report success; its result is unknown")

// Store is the only door to the disk. Reads go to a pool of their own; every
// write of the product goes through Write.
type Store struct {
	read   *gorm.DB
	write  *gorm.DB
	units  chan unit     // never closed: somebody may be about to write
	close  chan struct{} // closed when no more is to be taken on
	done   chan struct{} // closed when the writer has given its last answer
	closed sync.Once
	broken atomic.Pointer[error]
	wake   func([]PayoutID)
	whole  *gorm.DB // within AsOne: the one unit that all writes are part of
	post   post     // of the process that sends
	files  files    // that are open
	tables []boundTable
	now    func() time.Time
}

// Read is the read-only pool: lists, searches, pages, exports.
func (s *Store) Read(ctx context.Context) *gorm.DB {
	if s.whole != nil {
		return s.whole
	}
	return s.read.WithContext(ctx)
}

// OnWrite names the function that is told, after each commit, which payouts have
// a new event; none is told of what every page shows, also that the store has
// stopped. It must not block.
func (s *Store) OnWrite(wake func([]PayoutID)) { s.wake = wake }

// Tell tells the store what time it is, for entries that no act writes.
func (s *Store) Tell(now func() time.Time) { s.now = now }

// Write runs work inside the writer's transaction and returns once the commit
// is durable. All units that wait share one commit; each has its own savepoint,
// so one that fails undoes only itself. Inside work use only tx.
func (s *Store) Write(ctx context.Context, work func(tx *gorm.DB) error) error {
	if s.whole != nil {
		return Within(s.whole, bound(work))
	}
	if err := s.Broken(); err != nil {
		return StoppedBy(err)
	}
	u := unit{work: work, answer: make(chan error, 1)}
	select {
	case s.units <- u:
	case <-s.done:
		return Refuse(Stopped, "store.closing")
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.answerOf(u)
}

// answerOf waits for what became of a unit. Once handed over it is carried out
// whatever becomes of the caller: the answer is the only way to know what it did.
// A unit that came as the writer left has no answer and was not touched.
func (s *Store) answerOf(u unit) error {
	select {
	case err := <-u.answer:
		return err
	case <-s.done:
	}
	select {
	case err := <-u.answer:
		return err
	default:
		return Refuse(Stopped, "store.closing")
	}
}

// AsOne gives work a store of its own, whose writes become durable together at
// the end or not at all, and whose reads see them. Everybody else waits: it is
// for filling an empty file.
func (s *Store) AsOne(ctx context.Context, work func(whole *Store) error) error {
	return s.Write(ctx, func(tx *gorm.DB) error { return work(&Store{whole: tx}) })
}

// Broken says why the store refuses to write; nil while it is sound (I29).
func (s *Store) Broken() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// StoppedBy is what whoever wants to write is told of it.
func StoppedBy(err error) Refusal {
	if errors.Is(err, ErrFilesReplaced) {
		return Refuse(Stopped, "store.files_replaced")
	}
	return Refuse(Stopped, "store.stopped")
}

// breakDown stops the store, and says whether nothing else had before.
func (s *Store) breakDown(err error) (first bool) {
	first = s.broken.CompareAndSwap(nil, &err)
	if first {
		slog.Error("the store stopped writing", "error", err)
		if s.wake != nil {
			s.wake(nil)
		}
	}
	return first
}

// Close finishes what waits, folds the write-ahead log into the file and closes
// both pools, if the files are still its own. Writes that come later are refused.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.close)
		<-s.done
		if err = s.holdsOwn(); err == nil {
			err = s.closePools()
		} else {
			err = s.abandon(err)
		}
		err = errors.Join(err, s.post.leave())
	})
	return err
}
