package sandbox

import (
	"cmp"
	"time"

	"countersign/models"
)

// ErrTaken is the answer to seeding a number that the platform has already.
var ErrTaken = &ControlError{"sandbox.taken"}

// Seeded is an order that the platform is to have without having been called:
// the past of a demonstration.
type Seeded struct {
	MerchantID string
	Number     string
	GatewayNo  string // "" lets the platform choose
	Amount     models.Money
	Algorithm  string // apay: "" is HMAC
	NotifyURL  string
	Word       Word   // "" is Waiting
	Reason     string // of a failure, in the gateway's words: "" is the usual one
	Created    time.Time
	Updated    time.Time // of Word; zero is Created
	// Play is how it goes on from now; the zero value leaves it as it is.
	Play Scenario
}

// Seed puts an order into the ledger and gives the platform's number for it. The
// balance holds what an open order needs; what lies in the past moved it before.
func (s *Sandbox) Seed(o Seeded) (gatewayNo string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.merchant(o.MerchantID)
	if m == nil {
		return "", ErrNoMerchant
	}
	r := s.record(m, o.Number)
	if r.Exists {
		return "", ErrTaken
	}
	r.Exists, r.cents, r.NotifyURL = true, o.Amount.Minor*centsPer(m.Currency), o.NotifyURL
	r.Algorithm = cmp.Or(o.Algorithm, map[string]string{Apay: HMAC, Cashy: MD5}[m.Family])
	r.GatewayNo = cmp.Or(o.GatewayNo, s.newNumber(m.Family))
	r.Created, r.reason, r.play, r.born = o.Created, o.Reason, o.Play, s.at(s.now())
	s.booked = append(s.booked, r)
	s.settle(r, o)
	s.unfold(r)
	return r.GatewayNo, nil
}

// settle gives a seeded order its word. Under the lock.
func (s *Sandbox) settle(r *record, o Seeded) {
	word, updated := cmp.Or(o.Word, Waiting), o.Updated
	if updated.IsZero() {
		updated = o.Created
	}
	if !word.final() {
		s.turn(r, word, updated)
		return
	}
	r.Word, r.Updated = word, updated
	r.Turns = []Turned{{At: updated, Word: word}}
}
