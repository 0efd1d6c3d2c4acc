package services

import (
	"sync"

	"countersign/models"
)

// Hub tells the pages that stay open that something was written. It carries no
// content: whoever wakes reads again, with the rights they have then.
type Hub struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
	done     chan struct{}
	closed   sync.Once
}

// watcher is one open page. Its channel holds one call: several writes while the
// page is being drawn are one reason to draw it again.
type watcher struct {
	ids  map[models.PayoutID]bool // none: every payout
	call chan struct{}
}

// NewHub makes a hub without watchers.
func NewHub() *Hub {
	return &Hub{watchers: map[*watcher]struct{}{}, done: make(chan struct{})}
}

// Subscribe gives a channel that is called after each write about one of these
// payouts, or about any if none is named, and the function that ends it.
func (h *Hub) Subscribe(ids ...models.PayoutID) (<-chan struct{}, func()) {
	w := &watcher{ids: map[models.PayoutID]bool{}, call: make(chan struct{}, 1)}
	for _, id := range ids {
		w.ids[id] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[w] = struct{}{}
	return w.call, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, w)
	}
}

// Wake calls those who watch one of these payouts, and everybody where none is
// named. It never blocks, so that it may follow every commit: store.OnWrite(hub.Wake).
func (h *Hub) Wake(ids []models.PayoutID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		if w.wants(ids) {
			select {
			case w.call <- struct{}{}:
			default:
			}
		}
	}
}

func (w *watcher) wants(ids []models.PayoutID) bool {
	if len(w.ids) == 0 || len(ids) == 0 {
		return true
	}
	for _, id := range ids {
		if w.ids[id] {
			return true
		}
	}
	return false
}

// Watching is how many pages are open.
func (h *Hub) Watching() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers)
}

// Close ends every stream, so that a shutdown need not wait for open pages.
func (h *Hub) Close() { h.closed.Do(func() { close(h.done) }) }

// Done is closed once the hub is.
func (h *Hub) Done() <-chan struct{} { return h.done }
