package demo

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// clock shows what the story sets it to, in whole milliseconds as the database
// keeps them, and never goes back.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at.Add(time.Millisecond - 1).Truncate(time.Millisecond) // up, or what is due would never be
	}
}

func (c *clock) pass(d time.Duration) { c.set(c.now().Add(d)) }

// deed is what somebody in the story does at a time.
type deed struct {
	at  time.Time
	seq int
	do  func(context.Context) error
}

// agenda is a heap: the earliest deed first, equal ones in the order in which
// they were planned.
type agenda []deed

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(deed)) }
func (a agenda) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].seq < a[j].seq
}
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// plan puts a deed into the story.
func (s *story) plan(at time.Time, do func(context.Context) error) {
	s.planned++
	heap.Push(&s.agenda, deed{at: at, seq: s.planned, do: do})
}

// zoneOf is a zone that every system knows.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}
