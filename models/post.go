package models

import (
	"context"
	"database/sql"
	"net/url"
	"sync"
)

// post is a place that one process can hold at a time: a lock on a file beside the
// database, in which nothing is ever written. The operating system takes it back
// when the process ends, however it ends, so that whoever gets it knows that its
// last holder is gone or has left it. It is SQLite's own way of locking: it works
// wherever the database does.
type post struct {
	path   string
	mu     sync.Mutex // guards all below
	holder string     // "" while it is not ours
	pool   *sql.DB
}

// HoldPost takes the post for holder, or says that holder has it already. Where it
// cannot be had, for whatever reason, there is only the lease to wait for.
func (s *Store) HoldPost(holder string) bool {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.holder == "" && s.whole == nil && s.post.lock() {
		s.post.holder = holder
	}
	return s.post.holder == holder
}

// LeavePost gives the post back, if holder has it.
func (s *Store) LeavePost(holder string) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.holder != holder {
		return nil
	}
	return s.post.unlock()
}

// lock begins a transaction that nobody else can have, on the one connection of a
// pool of its own.
func (p *post) lock() bool {
	pool, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: p.path}).EscapedPath()+"?_busy_timeout=0")
	if err != nil {
		return false
	}
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(context.Background(), "BEGIN EXCLUSIVE"); err != nil {
		_ = pool.Close()
		return false
	}
	p.pool = pool
	return true
}

// leave gives the post back, whoever of us has it.
func (p *post) leave() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unlock()
}

func (p *post) unlock() error {
	if p.holder == "" {
		return nil
	}
	p.holder = ""
	return p.pool.Close()
}
