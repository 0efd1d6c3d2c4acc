package torture

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// TestI15_I29_AFullDiskTakesNothingBack lets the disk run full under load, each time
// at another place, makes room and starts again. Whatever was acknowledged is on
// record, whatever left us has its attempt on record, and everything settles.
func TestI15_I29_AFullDiskTakesNothingBack(t *testing.T) {
	d := smallDisk(t)
	town := servicestest.NewIn(t, d.folder)
	server := pagesOf(t, town)
	levels := size(20, 200)
	var told, kept, sent int
	var orders []models.Payout
	for level := range levels {
		l := newLoad(town, level)
		orders = append(orders, l.orders...)
		d.leave(town, level*(1<<20)/levels)
		kept += l.run(server.URL)
		checkStopped(t, town, server.URL, l, fillUp(town))
		if level%2 > 0 {
			_ = town.Store.Close() // stopped before anybody makes room
		}
		d.makeRoom(town)
		town.Restart()
		if lost := l.lost(); lost > 0 {
			t.Errorf("level %d: %d acknowledged notices are gone", level, lost)
		}
		l.again(server.URL)
		told, sent = told+len(l.letters), sent+onRecord(t, town, l.orders)
		town.Live(2*time.Minute, 30*time.Second)
		town.Sound()
	}
	town.Live(36*time.Hour, 30*time.Minute)
	unclear := settled(t, town, orders)
	town.Sound()
	report(t, "disk full", "%s, at %d places: %d of %d notices acknowledged, all on record; %d orders left before or as it filled, each once and on record; %d of %d settled",
		d.kind(), levels, kept, told, sent, len(orders)-unclear, len(orders))
}

// A listener that acknowledges before it has written is caught by the same count.
func TestI15_KnownBad_AListenerThatAnswersFirstIsCaught(t *testing.T) {
	d := smallDisk(t)
	town := servicestest.NewIn(t, d.folder)
	hasty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		town.Webhook(httptest.NewRecorder(), r)
		w.WriteHeader(http.StatusOK)
	}))
	defer hasty.Close()
	l := newLoad(town, 0)
	d.leave(town, 0)
	_ = fillUp(town)
	if acknowledged := l.run(hasty.URL); acknowledged != len(l.letters) {
		t.Errorf("it acknowledged %d of %d", acknowledged, len(l.letters))
	}
	d.makeRoom(town)
	town.Restart()
	if l.lost() == 0 {
		t.Error("nothing was found missing")
	}
}

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

// checkStopped: once the disk has refused a write nothing more is promised or sent,
// and who asks is told so (I29).
func checkStopped(t *testing.T, town *servicestest.Town, base string, l *load, last error) {
	t.Helper()
	var refusal models.Refusal
	if last == nil || town.Store.Broken() == nil {
		t.Fatal("the disk did not fill up")
	}
	if err := fillUp(town); !errors.As(err, &refusal) || refusal.Kind != models.Stopped {
		t.Errorf("after the first refusal a write was answered with %v", err)
	}
	if deliver(t, base, l.letters[0]) {
		t.Error("a notice was acknowledged by a store that has stopped")
	}
	before := deliveries(town, l.orders)
	town.Pass(time.Minute)
	town.Sender.SweepAll(t.Context())
	if more := deliveries(town, l.orders) - before; more != 0 {
		t.Errorf("%d orders were sent after the store had stopped", more)
	}
	response, err := http.Get(base + "/readyz")
	town.Must(err)
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("/readyz says HTTP %d", response.StatusCode)
	}
}

func deliveries(town *servicestest.Town, orders []models.Payout) (count int) {
	for _, p := range orders {
		count += town.Sandbox.Deliveries(p.OrderNo)
	}
	return count
}

// onRecord counts the orders that left, each at most once and with its attempt on
// record (I6, I7).
func onRecord(t *testing.T, town *servicestest.Town, orders []models.Payout) (sent int) {
	t.Helper()
	for _, p := range orders {
		n, attempts := town.Sandbox.Deliveries(p.OrderNo), 0
		town.Must(town.Store.Read(t.Context()).Raw("SELECT count(*) FROM attempts WHERE payout_id = ?", p.ID).Scan(&attempts).Error)
		if n > 1 || n > attempts {
			t.Errorf("%s: %d create requests, %d attempts on record", p.OrderNo, n, attempts)
		}
		sent += n
	}
	return sent
}

// settled holds every order against the gateway's ledger, and counts those that are
// in doubt still: of what was cut off before its first byte only the gateway knows.
func settled(t *testing.T, town *servicestest.Town, orders []models.Payout) (unclear int) {
	t.Helper()
	for _, p := range orders {
		p = town.Look(p)
		n := town.Sandbox.Deliveries(p.OrderNo)
		if n > 1 || n == 1 && p.Outcome != models.Paid || n == 0 && p.Unclear != models.ReasonCrash {
			t.Errorf("%s: %d create requests, %+v", p.OrderNo, n, p.State)
		}
		if p.Outcome == models.Unclear {
			unclear++
		}
	}
	return unclear
}
