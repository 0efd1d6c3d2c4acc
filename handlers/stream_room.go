package handlers

import (
	"sync"
	"time"

	"countersign/models"
)

// streamsOwn is how many pages one person may have open (S14).
const streamsOwn = 50

// streams counts the open pages of each person, so that nobody takes the room of all.
type streams struct {
	mu   sync.Mutex
	of   map[models.PersonID]int
	ping time.Duration
}

func newStreams() *streams { return &streams{of: map[models.PersonID]int{}, ping: streamPing} }

// enter gives the function that ends one more stream of the person; ok is false where
// they have too many.
func (s *streams) enter(who models.PersonID) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who] >= streamsOwn {
		return nil, false
	}
	s.of[who]++
	return func() { s.leave(who) }, true
}

func (s *streams) leave(who models.PersonID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who]--; s.of[who] <= 0 {
		delete(s.of, who)
	}
}
