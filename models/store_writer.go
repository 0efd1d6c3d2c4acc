package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"gorm.io/gorm"
)

// maxBatch is how many waiting units share one durable commit (performance.md 4.1).
const maxBatch = 256

// queueLength bounds the writers that may wait; beyond it Write refuses.
const queueLength = 4096

// unit is one caller's work and where its answer goes.
type unit struct {
	work   func(tx *gorm.DB) error
	answer chan error
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
	news := &news{tables: s.tables, now: s.now}
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
	if err := watchRows(unit, s.tables); err != nil {
		tx.Rollback()
		return nil, s.judge(err)
	}
	answers := make([]error, len(batch))
	for i, u := range batch {
		before := *news
		answers[i] = Within(unit, bound(u.work))
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

// bound is work whose rows are all bound to the log when it is done.
func bound(work func(tx *gorm.DB) error) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error {
		if err := work(tx); err != nil {
			return err
		}
		return appendRows(tx, VerbKept)
	}
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
	if err := linkLast(tx); err != nil {
		return err
	}
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
