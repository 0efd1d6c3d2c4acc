package sandbox

import (
	"slices"

	"countersign/models"
)

// Orders are all that were ever booked, the oldest first.
func (s *Sandbox) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	orders := make([]Order, 0, len(s.booked))
	for _, r := range s.booked {
		orders = append(orders, r.copy())
	}
	return orders
}

// Order is what the platform knows of a number; false if it never heard of it.
// An order that was refused or lost is heard of and does not exist.
func (s *Sandbox) Order(number string) (Order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.named[number]; len(known) > 0 {
		return known[0].copy(), true
	}
	return Order{}, false
}

// Deliveries counts the create calls that carried the number, good or bad (I6).
func (s *Sandbox) Deliveries(number string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, r := range s.named[number] {
		count += len(r.Deliveries)
	}
	return count
}

// Queries counts the questions about the number.
func (s *Sandbox) Queries(number string) int {
	order, _ := s.Order(number)
	return order.Queries
}

// Notices are those posted for the number, with what was answered.
func (s *Sandbox) Notices(number string) []Sent {
	order, _ := s.Order(number)
	return order.Notices
}

// Balance is what the merchant has, and how much of it open orders hold.
func (s *Sandbox) Balance(merchantID string) (total, frozen models.Money) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.merchant(merchantID); m != nil {
		return m.money(m.cents), m.money(m.frozen)
	}
	return models.Money{}, models.Money{}
}

// Movements are the changes of the merchant's balance, the oldest first.
func (s *Sandbox) Movements(merchantID string) []Movement {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.merchant(merchantID); m != nil {
		return slices.Clone(m.moves)
	}
	return nil
}

// merchant finds a merchant of any family.
func (s *Sandbox) merchant(id string) *merchant {
	for _, m := range s.merchants {
		if m.MerchantID == id {
			return m
		}
	}
	return nil
}

// customer finds a merchant of one family.
func (s *Sandbox) customer(family, id string) *merchant {
	if m := s.merchant(id); m != nil && m.Family == family {
		return m
	}
	return nil
}
