package sandbox

import (
	"container/heap"
	"sync"
	"time"
)

// task is something the platform does at a time of its own.
type task struct {
	due   time.Duration // on the platform's clock
	seq   int
	posts bool // it waits for others, so that it must keep nothing else waiting
	run   func(due time.Duration)
}

// tasks is a heap: the earliest first, equal ones in the order they were made.
type tasks []task

func (t tasks) Len() int      { return len(t) }
func (t tasks) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *tasks) Push(x any)   { *t = append(*t, x.(task)) }
func (t tasks) Less(i, j int) bool {
	return t[i].due < t[j].due || t[i].due == t[j].due && t[i].seq < t[j].seq
}
func (t *tasks) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// clock is the platform's: it counts from the start of the sandbox, Speed times
// as fast as the clock it is given.
type clock struct {
	mu    sync.Mutex
	since time.Time     // when the present speed was set
	stood time.Duration // what the clock showed then
	speed int
	queue tasks
	made  int
	woken chan struct{}
}

func (c *clock) start(now time.Time, speed int) {
	c.since, c.speed, c.woken = now, speed, make(chan struct{}, 1)
}

// shows is what the platform's clock shows at a time of ours.
func (c *clock) shows(now time.Time) time.Duration {
	return c.stood + now.Sub(c.since)*time.Duration(c.speed)
}

// means is the time of ours at which the platform's clock shows due.
func (c *clock) means(due time.Duration) time.Time {
	return c.since.Add((due - c.stood) / time.Duration(c.speed))
}

func (c *clock) setSpeed(now time.Time, speed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stood, c.since, c.speed = c.shows(now), now, max(speed, 1)
	c.wake()
}

func (c *clock) pace() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// plan lets something be done at a time of the platform's clock.
func (c *clock) plan(due time.Duration, run func(due time.Duration)) {
	c.add(task{due: due, run: run})
}

// planPost is plan for what posts a notice.
func (c *clock) planPost(due time.Duration, run func(due time.Duration)) {
	c.add(task{due: due, run: run, posts: true})
}

func (c *clock) add(t task) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made++
	t.seq = c.made
	heap.Push(&c.queue, t)
	c.wake()
}

func (c *clock) wake() {
	select {
	case c.woken <- struct{}{}:
	default:
	}
}

// next takes the earliest task that is due.
func (c *clock) next(now time.Time) (task, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 || c.queue[0].due > c.shows(now) {
		return task{}, false
	}
	return heap.Pop(&c.queue).(task), true
}

// at reads the clock under its lock.
func (s *Sandbox) at(now time.Time) time.Duration {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	return s.clock.shows(now)
}

// real is the time of ours at which the platform's clock shows due.
func (s *Sandbox) real(due time.Duration) time.Time {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	return s.clock.means(due)
}

// NextDue is when the platform next does something of its own accord.
func (s *Sandbox) NextDue() (time.Time, bool) {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	if len(s.clock.queue) == 0 {
		return time.Time{}, false
	}
	return s.clock.means(s.clock.queue[0].due), true
}

// RunDue does everything that is due at now, in order and one after another, and
// says how much that was. What a task plans for a time not after now is done too.
func (s *Sandbox) RunDue(now time.Time) int {
	for count := 0; ; count++ {
		due, ok := s.clock.next(now)
		if !ok {
			return count
		}
		due.run(due.due)
	}
}

// Start lets the time pass by itself until Close. Notices are posted side by side,
// so that one slow receiver keeps no other waiting.
func (s *Sandbox) Start() {
	s.running.Go(func() {
		room := make(chan struct{}, 32)
		for s.wait() {
			for due, ok := s.clock.next(s.now()); ok; due, ok = s.clock.next(s.now()) {
				if !s.runApart(due, room) {
					return
				}
			}
		}
	})
}

// wait pauses until the next task is due, but never long, since the clock that
// was given to us may jump. It is false once the sandbox is closed.
func (s *Sandbox) wait() bool {
	pause := time.Second
	if next, ok := s.NextDue(); ok {
		pause = min(pause, max(next.Sub(s.now()), 0))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-s.closing:
		return false
	case <-timer.C:
	case <-s.clock.woken:
	}
	return true
}

// runApart runs what posts on its own and all else at once, in order: a notice
// tells of what became of the order at the same moment.
func (s *Sandbox) runApart(due task, room chan struct{}) bool {
	if !due.posts {
		due.run(due.due)
		return true
	}
	select {
	case <-s.closing:
		return false
	case room <- struct{}{}:
	}
	s.running.Go(func() {
		defer func() { <-room }()
		due.run(due.due)
	})
	return true
}

// hold keeps a call waiting for a time of the caller's world, not the platform's:
// a deadline of ours does not run faster because the platform does. It is false
// if the caller left or the sandbox closed.
func (s *Sandbox) hold(gone <-chan struct{}, pause time.Duration) bool {
	over := make(chan struct{})
	s.clock.plan(s.at(s.now().Add(pause)), func(time.Duration) { close(over) })
	select {
	case <-over:
		return true
	case <-gone:
	case <-s.closing:
	}
	return false
}
