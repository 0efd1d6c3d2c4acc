package torture

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"testing"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// load is what the town has to do while the disk fills up: notices to hear and
// orders to send.
type load struct {
	town    *servicestest.Town
	orders  []models.Payout
	letters []sandbox.Sent
	acked   []atomic.Bool // by letter
}

// The size of a load.
const (
	loadLetters = 6
	loadSends   = 4
)

func newLoad(town *servicestest.Town, level int) *load {
	l := &load{town: town, acked: make([]atomic.Bool, loadLetters)}
	for i := range loadLetters + loadSends {
		rail := servicestest.Shapes[i%len(servicestest.Shapes)]
		p := town.Approved(town.Form(rail, (level*12+i)/len(servicestest.Shapes)))
		if i < loadLetters {
			town.Sandbox.Script(p.OrderNo, sandbox.Scenario{Quiet: true})
			town.Must(town.Sender.Send(town.T.Context(), p.ID))
			letter, err := town.Sandbox.Compose(p.OrderNo, sandbox.Tell{Say: sandbox.Paid})
			town.Must(err)
			l.letters = append(l.letters, letter)
		}
		l.orders = append(l.orders, p)
	}
	return l
}

// run does it all at once, and counts what was acknowledged.
func (l *load) run(base string) (acknowledged int) {
	var group sync.WaitGroup
	t := l.town.T.(*testing.T)
	group.Go(func() { l.town.Sender.SweepAll(t.Context()) })
	for i, letter := range l.letters {
		group.Go(func() { l.acked[i].Store(deliver(t, base, letter)) })
	}
	group.Wait()
	for i := range l.acked {
		if l.acked[i].Load() {
			acknowledged++
		}
	}
	return acknowledged
}

// again is what gateways do with what was not acknowledged.
func (l *load) again(base string) {
	for i, letter := range l.letters {
		if !l.acked[i].Load() && !deliver(l.town.T.(*testing.T), base, letter) {
			l.town.T.Error("a notice is refused although there is room again")
		}
	}
}

// lost counts notices that were acknowledged and are not on record.
func (l *load) lost() (count int) {
	for i, letter := range l.letters {
		if !l.acked[i].Load() {
			continue
		}
		digest, found := sha256.Sum256(letter.Body), 0
		l.town.Must(l.town.Store.Read(l.town.T.Context()).Raw("SELECT count(*) FROM notices WHERE body_digest = ? AND body = ?", digest[:], letter.Body).Scan(&found).Error)
		count += 1 - found
	}
	return count
}

func deliveries(town *servicestest.Town, orders []models.Payout) (count int) {
	for _, p := range orders {
		count += town.Sandbox.Deliveries(p.OrderNo)
	}
	return count
}

// onRecord counts the orders that left, each at most once and with its attempt on
// record (I6, I7), and those of which that is not so.
func onRecord(t *testing.T, town *servicestest.Town, orders []models.Payout) (sent, loose int) {
	t.Helper()
	for _, p := range orders {
		n, attempts := town.Sandbox.Deliveries(p.OrderNo), 0
		town.Must(town.Store.Read(t.Context()).Raw("SELECT count(*) FROM attempts WHERE payout_id = ?", p.ID).Scan(&attempts).Error)
		if n > 1 || n > attempts {
			t.Errorf("%s: %d create requests, %d attempts on record", p.OrderNo, n, attempts)
			loose++
		}
		sent += min(n, 1)
	}
	return sent, loose
}

// settled holds every order against the gateway's ledger, and counts those that are
// in doubt still, for of what was cut off before its first byte only the gateway
// knows; most is the most deliveries of one.
func settled(t *testing.T, town *servicestest.Town, orders []models.Payout) (unclear, most int) {
	t.Helper()
	for _, p := range orders {
		p = town.Look(p)
		n := town.Sandbox.Deliveries(p.OrderNo)
		most = max(most, n)
		if n > 1 || n == 1 && p.Outcome != models.Paid || n == 0 && p.Unclear != models.ReasonCrash {
			t.Errorf("%s: %d create requests, %+v", p.OrderNo, n, p.State)
		}
		if p.Outcome == models.Unclear {
			unclear++
		}
	}
	return unclear, most
}
