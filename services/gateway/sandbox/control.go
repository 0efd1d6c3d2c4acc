package sandbox

import (
	"slices"

	"countersign/models"
)

// ControlError is a "no" that the control page may show: a catalogue key.
type ControlError struct{ Key string }

func (e *ControlError) Error() string { return e.Key }

// What the control page is told when it asks for what cannot be.
var (
	ErrNoMerchant = &ControlError{"sandbox.no_merchant"}
	ErrNoScenario = &ControlError{"sandbox.no_scenario"}
	ErrNoOrder    = &ControlError{"sandbox.no_order"}
	ErrNothing    = &ControlError{"sandbox.nothing_sent"}
	ErrNoAddress  = &ControlError{"sandbox.no_address"}
)

// Script chooses how create calls for a number go: the first of them by the
// first scenario and so on, all further ones by the last. For an order that
// exists the last scenario begins now: its times count from now.
func (s *Sandbox) Script(number string, plays ...Scenario) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[number] = slices.Clone(plays)
	for _, r := range s.named[number] {
		if r.Exists && len(plays) > 0 {
			r.play, r.born = plays[len(plays)-1], s.at(s.now())
			s.unfold(r)
		}
	}
}

// choose finds the scenario for an order: by its number, by what was set for the
// merchant, by its amount. Under the lock.
func (s *Sandbox) choose(r *record, cents int64) Scenario {
	if plays := s.scripts[r.Number]; len(plays) > 0 {
		s.scripts[r.Number] = plays[min(1, len(plays)-1):]
		return plays[0]
	}
	if r.m.next != nil {
		play := *r.m.next
		if r.m.remaining--; r.m.remaining == 0 {
			r.m.next = nil
		}
		return play
	}
	return ofAmount(cents)
}

// SetNext chooses a scenario for the merchant's next orders; a count below 1
// takes the choice back.
func (s *Sandbox) SetNext(merchantID, scenarioID string, count int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.merchant(merchantID)
	if m == nil {
		return ErrNoMerchant
	}
	if count < 1 {
		m.next, m.remaining = nil, 0
		return nil
	}
	play, ok := Find(scenarioID)
	if !ok || !play.PlayedBy(m.Family) {
		return ErrNoScenario
	}
	m.next, m.remaining = &play, count
	return nil
}

// SetSpeed makes the platform's time run n times as fast as ours.
func (s *Sandbox) SetSpeed(n int) { s.clock.setSpeed(s.now(), n) }

// State is what the control page shows.
type State struct {
	Speed     int
	Merchants []MerchantState
}

// MerchantState is one merchant on the control page.
type MerchantState struct {
	Family, MerchantID string
	Total, Frozen      models.Money
	Next               Scenario // chosen for the next orders, if Remaining is above 0
	Remaining          int
	Last               []Order // the newest first, at most ten
}

// State is what the control page shows now.
func (s *Sandbox) State() State {
	state := State{Speed: s.clock.pace()}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.merchants {
		now := MerchantState{
			Family: m.Family, MerchantID: m.MerchantID, Total: m.money(m.cents), Frozen: m.money(m.frozen),
			Remaining: m.remaining, Last: s.latest(m, 10),
		}
		if m.next != nil {
			now.Next = *m.next
		}
		state.Merchants = append(state.Merchants, now)
	}
	return state
}

// latest are the merchant's last orders, the newest first. Under the lock.
func (s *Sandbox) latest(m *merchant, most int) []Order {
	var last []Order
	for i := len(s.booked) - 1; i >= 0 && len(last) < most; i-- {
		if s.booked[i].m == m {
			last = append(last, s.booked[i].copy())
		}
	}
	return last
}
