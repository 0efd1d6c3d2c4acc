package models

import (
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
	units  chan unit
	done   chan struct{}
	closed sync.Once
	broken atomic.Pointer[error]
	wake   func([]PayoutID)
	whole  *gorm.DB // within AsOne: the one unit that all writes are part of
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
// a new event. It must not block.
func (s *Store) OnWrite(wake func([]PayoutID)) { s.wake = wake }

// Write runs work inside the writer's transaction and returns once the commit
// is durable. All units that wait share one commit; each has its own savepoint,
// so one that fails undoes only itself. Inside work use only tx.
func (s *Store) Write(ctx context.Context, work func(tx *gorm.DB) error) error {
	if s.whole != nil {
		return Within(s.whole, work)
	}
	if err := s.Broken(); err != nil {
		return Refuse(Stopped, "store.stopped")
	}
	u := unit{work: work, answer: make(chan error, 1)}
	select {
	case s.units <- u:
	case <-s.done:
		return Refuse(Stopped, "store.closing")
	case <-ctx.Done():
		return ctx.Err()
	}
	// Once handed over, the unit is carried out whatever becomes of the caller:
	// waiting for the answer is the only way to know what it did.
	return <-u.answer
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

func (s *Store) breakDown(err error) {
	if s.broken.CompareAndSwap(nil, &err) {
		slog.Error("the store stopped writing", "error", err)
	}
}

// writer drains the queue until Close.
func (s *Store) writer() {
	defer close(s.done)
	for first := range s.units {
		s.runBatch(s.gather(first))
	}
}

// gather takes what waits and never waits for more: alone a unit leaves at once,
// under load the batch grows by itself.
func (s *Store) gather(first unit) []unit {
	batch := []unit{first}
	for len(batch) < maxBatch {
		select {
		case u, ok := <-s.units:
			if !ok {
				return batch
			}
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
	if err == nil && s.wake != nil && len(news.payouts) > 0 {
		s.wake(news.payouts)
	}
}

// commit runs the units in one transaction. Its error means that none of them
// can be believed.
func (s *Store) commit(batch []unit, news *news) ([]error, error) {
	// No caller's context reaches the connection: an interrupted statement would
	// roll back the whole batch.
	tx := s.write.Session(&gorm.Session{NewDB: true}).Begin()
	if tx.Error != nil {
		return nil, s.judge(fmt.Errorf("begin: %w", tx.Error))
	}
	answers := make([]error, len(batch))
	for i, u := range batch {
		mark := len(news.payouts)
		answers[i] = Within(withNews(tx, news), u.work)
		if answers[i] != nil {
			news.payouts = news.payouts[:mark]
		}
		if fatal(answers[i]) {
			tx.Rollback()
			return nil, s.judge(answers[i])
		}
	}
	if err := tx.Commit().Error; err != nil {
		err = fmt.Errorf("%w: %v", ErrCommitUnknown, err)
		s.breakDown(err)
		return nil, err
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
	if err := tx.Exec("SAVEPOINT unit").Error; err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			if undo := tx.Exec("ROLLBACK TO unit").Error; undo != nil {
				err = errors.Join(err, fmt.Errorf("roll back to savepoint: %w", undo))
			}
		}
		if release := tx.Exec("RELEASE unit").Error; release != nil && err == nil {
			err = fmt.Errorf("release savepoint: %w", release)
		}
	}()
	return work(tx)
}

// news collects which payouts a batch has written about.
type news struct{ payouts []PayoutID }

const newsKey = "countersign:news"

func withNews(tx *gorm.DB, n *news) *gorm.DB {
	return tx.Set(newsKey, n).Session(&gorm.Session{})
}

func tell(tx *gorm.DB, id PayoutID) {
	if n, ok := tx.Get(newsKey); ok && id > 0 {
		n := n.(*news)
		n.payouts = append(n.payouts, id)
	}
}

// Close finishes what waits, folds the write-ahead log into the file and closes
// both pools. Writes that come later are refused.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.units)
		<-s.done
		err = s.closePools()
	})
	return err
}
