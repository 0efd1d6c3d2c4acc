package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"
)

// maxBatch is how many waiting units share one durable commit (performance.md 4.1).
const maxBatch = 256

// queueLength bounds the writers that may wait; beyond it Write refuses.
const queueLength = 4096

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
}

// unit is one caller's work and where its answer goes.
type unit struct {
	work   func(tx *gorm.DB) error
	answer chan error
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

// Write runs work inside the writer's transaction and returns once the commit
// is durable. All units that wait share one commit; each has its own savepoint,
// so one that fails undoes only itself. Inside work use only tx.
func (s *Store) Write(ctx context.Context, work func(tx *gorm.DB) error) error {
	if s.whole != nil {
		return Within(s.whole, work)
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

// writer drains the queue until Close, and then what is left in it.
func (s *Store) writer() {
	defer close(s.done)
	for {
		select {
		case first := <-s.units:
			s.runBatch(s.gather(first))
			continue
		case <-s.close:
		}
		select {
		case first := <-s.units:
			s.runBatch(s.gather(first))
		default:
			return
		}
	}
}

// gather takes what waits and never waits for more: alone a unit leaves at once,
// under load the batch grows by itself.
func (s *Store) gather(first unit) []unit {
	batch := []unit{first}
	for len(batch) < maxBatch {
		select {
		case u := <-s.units:
			batch = append(batch, u)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) runBatch(batch []unit) {
	news := &news{}
	answers, err := s.commit(batch, news)
	for i, u := range batch {
		if err != nil {
			u.answer <- err
			continue
		}
		u.answer <- answers[i]
	}
	if err == nil && s.wake != nil {
		news.spread(s.wake)
	}
}

// commit runs the units in one transaction, in files that are ours before it and
// after it. Its error means that none of them can be believed.
func (s *Store) commit(batch []unit, news *news) ([]error, error) {
	if err := cmp.Or(s.CheckFiles(context.Background()), s.Broken()); err != nil {
		return nil, StoppedBy(err) // it was sound when they came
	}
	// No caller's context reaches the connection: an interrupted statement would
	// roll back the whole batch.
	tx := s.write.Session(&gorm.Session{NewDB: true}).Begin()
	if tx.Error != nil {
		return nil, s.judge(fmt.Errorf("begin: %w", tx.Error))
	}
	unit := withNews(tx, news)
	answers := make([]error, len(batch))
	for i, u := range batch {
		before := *news
		answers[i] = Within(unit, u.work)
		if answers[i] != nil {
			news.payouts, news.everybody = before.payouts, before.everybody
		}
		if err := cmp.Or(news.fault, answers[i]); fatal(err) {
			tx.Rollback()
			return nil, s.judge(err)
		}
	}
	if err := tx.Commit().Error; err != nil {
		err = fmt.Errorf("%w: %v", ErrCommitUnknown, err)
		s.breakDown(err)
		return nil, err
	}
	if err := s.holdsOwn(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCommitUnknown, err)
	}
	return answers, nil
}

// judge stops the store when the disk, not the caller, is at fault.
func (s *Store) judge(err error) error {
	if fatal(err) {
		s.breakDown(err)
	}
	return err
}

// Within runs work in a savepoint of tx: if it fails or panics only its own
// changes are undone.
func Within(tx *gorm.DB, work func(tx *gorm.DB) error) (err error) {
	if _, err := run(tx, "SAVEPOINT unit"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			forget(tx)
			suffer(tx, err)
			if _, undo := run(tx, "ROLLBACK TO unit"); undo != nil {
				err = errors.Join(err, fmt.Errorf("roll back to savepoint: %w", undo))
			}
		}
		if _, release := run(tx, "RELEASE unit"); release != nil && err == nil {
			err = fmt.Errorf("release savepoint: %w", release)
		}
	}()
	return work(tx)
}

// news is what the units of a batch know together: which payouts they have written
// about, the last event as this transaction has read or written it, and what
// fault of the disk they met.
type news struct {
	payouts   []PayoutID
	everybody bool // something was written that every page shows
	head      *Event
	fault     error // of the disk, also where the unit that met it went on
}

// spread tells what was written, if anything was.
func (n *news) spread(wake func([]PayoutID)) {
	switch {
	case n.everybody:
		wake(nil)
	case len(n.payouts) > 0:
		wake(n.payouts)
	}
}

const newsKey = "countersign:news"

func withNews(tx *gorm.DB, n *news) *gorm.DB {
	return tx.Set(newsKey, n).Session(&gorm.Session{})
}

// newsOf is nil outside a batch.
func newsOf(tx *gorm.DB) *news {
	n, _ := tx.Get(newsKey)
	known, _ := n.(*news)
	return known
}

// tell says what was added to the log.
func tell(tx *gorm.DB, e Event) {
	n := newsOf(tx)
	if n == nil {
		return
	}
	n.head = &e
	if e.PayoutID > 0 {
		n.payouts = append(n.payouts, e.PayoutID)
	}
	n.everybody = n.everybody || e.Subject == "settings" || e.Subject == "account" // whether anything is sent
}

// head is the last event. Within a batch it is read once: the transaction holds
// the only right to write.
func head(tx *gorm.DB) (Event, error) {
	n := newsOf(tx)
	if n != nil && n.head != nil {
		return *n.head, nil
	}
	last, err := lastEvent(tx)
	if n != nil && err == nil {
		n.head = &last
	}
	return last, err
}

// forget makes the next event look for the head again, because some may have been
// undone.
func forget(tx *gorm.DB) {
	if n := newsOf(tx); n != nil {
		n.head = nil
	}
}

// suffer remembers a fault of the disk: nothing of the batch can be believed.
func suffer(tx *gorm.DB, err error) {
	if n := newsOf(tx); n != nil && fatal(err) {
		n.fault = err
	}
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
