package sandbox

import "sync"

// Gate holds the answer to a create call until a test opens it. By then the
// order has been booked.
type Gate struct {
	arrived, open chan struct{}
	once, twice   sync.Once
}

// Hold puts a gate before the answers to create calls for a number.
func (s *Sandbox) Hold(number string) *Gate {
	g := &Gate{arrived: make(chan struct{}), open: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gates[number] = g
	return g
}

// Arrived is closed once a call stands at the gate.
func (g *Gate) Arrived() <-chan struct{} { return g.arrived }

// Release opens the gate, for good.
func (g *Gate) Release() { g.twice.Do(func() { close(g.open) }) }

// pass waits at the number's gate, if it has one.
func (s *Sandbox) pass(number string, gone <-chan struct{}) {
	s.mu.Lock()
	g := s.gates[number]
	s.mu.Unlock()
	if g == nil {
		return
	}
	g.once.Do(func() { close(g.arrived) })
	select {
	case <-g.open:
	case <-gone:
	case <-s.closing:
	}
}
