package models

import (
	"database/sql"
	"sync"

	"gorm.io/gorm"
)

// result is what a job came to.
type result[T any] struct {
	value T
	err   error
}

// shared are jobs that several connections take, one after the other.
type shared[T any] struct {
	turn  sync.Mutex
	group sync.WaitGroup
	next  func(*gorm.DB) (func(*gorm.DB) (T, error), error) // nil after the last
	line  chan chan result[T]                               // in the order of the jobs
	stop  chan struct{}
}

// share has jobs carried out on all connections at once and gives what they came to
// to take, in the order of the jobs. It returns when none is under way any more.
func share[T any](on []*gorm.DB, next func(*gorm.DB) (func(*gorm.DB) (T, error), error), take func(T) error) error {
	s := shared[T]{next: next, line: make(chan chan result[T], 4*len(on)), stop: make(chan struct{})}
	for _, db := range on {
		s.group.Go(func() { s.work(db) })
	}
	go func() {
		s.group.Wait()
		close(s.line)
	}()
	defer s.group.Wait()
	defer close(s.stop)
	for place := range s.line {
		r := <-place
		if r.err != nil {
			return r.err
		}
		if err := take(r.value); err != nil {
			return err
		}
	}
	return nil
}

func (s *shared[T]) work(db *gorm.DB) {
	for {
		job, place := s.begin(db)
		if job == nil {
			return
		}
		value, err := job(db)
		place <- result[T]{value, err}
	}
}

// begin takes the next job and its place in the line; nil where there is no more to do.
func (s *shared[T]) begin(db *gorm.DB) (job func(*gorm.DB) (T, error), place chan result[T]) {
	s.turn.Lock()
	defer s.turn.Unlock()
	job, err := s.next(db)
	if job == nil && err == nil {
		return nil, nil
	}
	place = make(chan result[T], 1)
	select {
	case s.line <- place:
	case <-s.stop:
		return nil, nil
	}
	if err != nil {
		place <- result[T]{err: err}
		return nil, nil
	}
	return job, place
}

// alongside gives the connections to read on: tx, and a second one that sees the
// same past. There is no second one inside somebody's transaction, which nobody else
// sees into, and where pages would be left without.
func alongside(db, tx *gorm.DB) (on []*gorm.DB, leave func(), err error) {
	on, leave = []*gorm.DB{tx}, func() {}
	pool, ok := db.Statement.ConnPool.(*sql.DB)
	if !ok || pool.Stats().MaxOpenConnections < pool.Stats().InUse+2 {
		return on, leave, nil
	}
	here, _, err := Head(tx)
	if err != nil {
		return on, leave, err
	}
	for range 10 {
		second := db.Begin()
		if second.Error != nil {
			return on, leave, second.Error
		}
		there, _, err := Head(second)
		if err == nil && there == here {
			return append(on, second), func() { second.Rollback() }, nil
		}
		second.Rollback()
		if err != nil {
			return on, leave, err
		}
	}
	return on, leave, nil
}
