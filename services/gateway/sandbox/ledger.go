package sandbox

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"countersign/models"
)

// Word is what the platform knows of an order.
type Word string

// The words of the platform. Reversed is paid and taken back.
const (
	Waiting   Word = "waiting" // booked, nothing done yet
	Paying    Word = "paying"
	Paid      Word = "paid"
	Failed    Word = "failed"
	Cancelled Word = "cancelled"
	Reversed  Word = "reversed"
	Undefined Word = "undefined" // a status that no document names
	Trap      Word = "trap"      // not final, yet easily read as paid (M34)
)

func (w Word) final() bool { return slices.Contains([]Word{Paid, Failed, Cancelled, Reversed}, w) }

// Order is what the platform knows of one order number, as a copy.
type Order struct {
	Family     string
	MerchantID string
	Number     string // ours
	GatewayNo  string // theirs; "" if it was never booked
	Exists     bool   // booked: money may move
	Word       Word
	Amount     models.Money
	PaidAmount models.Money // less than Amount where the platform paid less
	Fee        models.Money
	Algorithm  string // of its create call
	NotifyURL  string
	Scenario   string // Scenario.ID
	Created    time.Time
	Updated    time.Time
	Deliveries []Delivery
	Queries    int // times it was asked about by its number
	Turns      []Turned
	Notices    []Sent
}

// Delivery is one create call for an order number, good or bad.
type Delivery struct {
	At     time.Time
	Body   []byte
	Digest [sha256.Size]byte
	Answer string // "accepted", or the code of the refusal
}

// Turned is one change of an order's fate.
type Turned struct {
	At   time.Time
	Word Word
}

// Movement is one change of a merchant's balance.
type Movement struct {
	At     time.Time
	Number string
	Word   Word         // the order's, that caused it
	Total  models.Money // after it
	Frozen models.Money // after it
}

// merchant is a Merchant with its money. The platform counts in cents of the
// unit for every currency, as family apay does.
type merchant struct {
	Merchant
	cents, frozen int64
	moves         []Movement
	next          *Scenario // chosen for the next orders
	remaining     int
}

func newMerchant(m Merchant) *merchant {
	if m.Zone == nil {
		m.Zone = time.FixedZone("Lima", -5*60*60)
	}
	return &merchant{Merchant: m, cents: m.Balance * centsPer(m.Currency)}
}

// centsPer is how many cents the currency's smallest unit has: 1, or 100 for yen.
func centsPer(currency string) int64 {
	if places, ok := models.Scale(currency); ok && places == 0 {
		return 100
	}
	return 1
}

func (m *merchant) money(cents int64) models.Money {
	return models.Money{Minor: cents / centsPer(m.Currency), Currency: m.Currency}
}

func (m *merchant) fee() int64 { return m.Fee * centsPer(m.Currency) }

// record is all that the platform has on one order number of one merchant.
type record struct {
	Order
	m      *merchant
	play   Scenario
	cents  int64
	reason string        // why it failed, instead of the usual reason
	short  int64         // cents that the payee did not get
	born   time.Duration // on the platform's clock
	plans  int           // scenarios begun so far
	last   *letter       // the notice sent last
}

// record finds or begins what is known of a number. Callers hold the lock.
func (s *Sandbox) record(m *merchant, number string) *record {
	key := m.Family + " " + m.MerchantID + " " + number
	if r, ok := s.records[key]; ok {
		return r
	}
	r := &record{m: m, Order: Order{Family: m.Family, MerchantID: m.MerchantID, Number: number}}
	s.records[key] = r
	s.named[number] = append(s.named[number], r)
	return r
}

// known finds what is known of a number, and does not begin. Under the lock.
func (s *Sandbox) known(m *merchant, number string) (*record, bool) {
	r, ok := s.records[m.Family+" "+m.MerchantID+" "+number]
	return r, ok
}

// turn changes the order's fate and moves the money with it. Under the lock.
func (s *Sandbox) turn(r *record, word Word, at time.Time) {
	before, held := r.charged()
	r.Word, r.Updated = word, at
	after, holds := r.charged()
	r.Turns = append(r.Turns, Turned{At: at, Word: word})
	if before == after && held == holds {
		return
	}
	r.m.cents -= after - before
	r.m.frozen += holds - held
	r.m.moves = append(r.m.moves, Movement{
		At: at, Number: r.Number, Word: word, Total: r.m.money(r.m.cents), Frozen: r.m.money(r.m.frozen),
	})
}

// charged is what the order has taken from the balance, and what it only holds.
func (r *record) charged() (taken, held int64) {
	switch {
	case r.Word == Paid:
		return r.cents - r.short + r.m.fee(), 0
	case r.Word == "" || r.Word.final():
		return 0, 0
	}
	return 0, r.cents + r.m.fee()
}

// copy is the record for others to keep. Under the lock.
func (r *record) copy() Order {
	order := r.Order
	order.Scenario = r.play.ID
	order.Amount, order.PaidAmount, order.Fee = r.m.money(r.cents), r.m.money(r.cents-r.short), r.m.money(r.m.fee())
	order.Deliveries = slices.Clone(r.Deliveries)
	order.Turns = slices.Clone(r.Turns)
	order.Notices = slices.Clone(r.Notices)
	return order
}

// why explains a word, by the family's usual reason if the order has none.
func (r *record) why(word Word, usual map[Word]string) string {
	if r.reason != "" && word.final() && word != Paid {
		return r.reason
	}
	return usual[word]
}

// newNumber is the platform's own number for an order. Under the lock.
func (s *Sandbox) newNumber(family string) string {
	s.serial++
	if family == Apay {
		return fmt.Sprintf("POT%08d", s.serial)
	}
	return fmt.Sprintf("PAYOUT%019d", 8_000_000_000_000_000_000+s.random.Int64N(900_000_000_000_000)*1000+s.serial%1000)
}
