package torture

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

// TestI15_I29_AFullDiskTakesNothingBack lets the disk run full under load, each time
// at another place, makes room and starts again. Whatever was acknowledged is on
// record, whatever left us has its attempt on record, and everything settles.
func TestI15_I29_AFullDiskTakesNothingBack(t *testing.T) {
	d := smallDisk(t)
	town := servicestest.NewIn(t, d.folder)
	levels := size(20, 200)
	got := ruin(t, town, levels, func(level int) { d.leave(town, level*(1<<20)/levels) }, func() { d.makeRoom(town) })
	report(t, "disk full", "%s, at %d places: %s", d.kind(), levels, got)
}

// ruined is what was counted while a disk was ruined again and again.
type ruined struct {
	told, kept, lost  int // notices, those of them acknowledged, and those of these that are not on record
	sent, loose, most int // orders that left before the end, those without a record, and most deliveries of one
	orders            []models.Payout
	unclear           int // in doubt still, at the very end
}

func (r ruined) String() string {
	return fmt.Sprintf("%d of %d notices acknowledged, lost %d; %d orders left before it ended, without a record %d, most deliveries of one %d; %d of %d settled",
		r.kept, r.told, r.lost, r.sent, r.loose, r.most, len(r.orders)-r.unclear, len(r.orders))
}

// ruin spoils the disk under load, mends it and starts again, so many times.
func ruin(t *testing.T, town *servicestest.Town, times int, spoil func(level int), mend func()) (r ruined) {
	t.Helper()
	server := pagesOf(t, town)
	for level := range times {
		l := newLoad(town, level)
		r.orders = append(r.orders, l.orders...)
		spoil(level)
		r.kept += l.run(server.URL)
		checkStopped(t, town, server.URL, l, fillUp(town))
		if level%2 > 0 {
			_ = town.Store.Close() // stopped before anybody mends it
		}
		mend()
		town.Restart()
		lost := l.lost()
		if lost > 0 {
			t.Errorf("level %d: %d acknowledged notices are gone", level, lost)
		}
		l.again(server.URL)
		sent, loose := onRecord(t, town, l.orders)
		r.told, r.lost, r.sent, r.loose = r.told+len(l.letters), r.lost+lost, r.sent+sent, r.loose+loose
		town.Live(2*time.Minute, 30*time.Second)
		town.Sound()
	}
	town.Live(36*time.Hour, 30*time.Minute)
	r.unclear, r.most = settled(t, town, r.orders)
	town.Sound()
	return r
}

// A listener that acknowledges before it has written is caught by the same count.
func TestI15_KnownBad_AListenerThatAnswersFirstIsCaught(t *testing.T) {
	d := smallDisk(t)
	town := servicestest.NewIn(t, d.folder)
	l := newLoad(town, 0)
	d.leave(town, 0)
	_ = fillUp(town)
	if acknowledged := l.run(hasty(t, town)); acknowledged != len(l.letters) {
		t.Errorf("it acknowledged %d of %d", acknowledged, len(l.letters))
	}
	d.makeRoom(town)
	town.Restart()
	if l.lost() == 0 {
		t.Error("nothing was found missing")
	}
}

// hasty listens to notices and acknowledges each, whatever became of it.
func hasty(t *testing.T, town *servicestest.Town) (base string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		town.Webhook(httptest.NewRecorder(), r)
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// checkStopped: once the disk has refused a write nothing more is promised or sent,
// and who asks is told so (I29).
func checkStopped(t *testing.T, town *servicestest.Town, base string, l *load, last error) {
	t.Helper()
	if last == nil {
		t.Fatal("the disk did not fail")
	}
	for _, wrong := range goesOn(t, town, base, l) {
		t.Error(wrong)
	}
}

// goesOn says what a program does still that should have stopped.
func goesOn(t *testing.T, town *servicestest.Town, base string, l *load) (wrong []string) {
	t.Helper()
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if town.Store.Broken() == nil {
		say("the store does not know that it has to stop")
	}
	var refusal models.Refusal
	if err := fillUp(town); !errors.As(err, &refusal) || refusal.Kind != models.Stopped {
		say("after the first refusal a write was answered with %v", err)
	}
	if deliver(t, base, l.letters[0]) {
		say("a notice was acknowledged by a store that has stopped")
	}
	before := deliveries(town, l.orders)
	town.Pass(time.Minute)
	town.Sender.SweepAll(t.Context())
	if more := deliveries(town, l.orders) - before; more != 0 {
		say("%d orders were sent after the store had stopped", more)
	}
	response, err := http.Get(base + "/readyz")
	town.Must(err)
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		say("/readyz says HTTP %d", response.StatusCode)
	}
	return wrong
}
