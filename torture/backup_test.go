package torture

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"countersign/commands"
	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// liveOn restores a backup as an operator does, beside the journal and the gateways:
// the guard does its work, people look and let sending go on, new business comes, and
// again backups are made of it.
func (a *archive) liveOn(f killFindings, n *restoreCounts, backup string, restore func(string)) {
	a.T.Helper()
	path := a.laidOut(backup)
	since := a.inspect(f, path)
	n.whole++
	restore(path)
	n.restores++
	n.since += len(since)
	a.checkKnown(f, n, since)
	if a.Cord() != "" {
		a.wait(f)
		a.Must(a.GoOn("we have looked"))
	}
	a.goOn()
	a.business(6)
	a.quiet()
	a.checkEnd(f, n)
}

// pick chooses what to restore next: in turn one that was made at a point by name, and
// any, also one of a life after a restore.
func (a *archive) pick(round int) string {
	at := a.named[services.Points[round/2%len(services.Points)]]
	if round%2 == 0 && len(at) > 0 {
		return at[a.random.IntN(len(at))]
	}
	return a.backups[a.random.IntN(len(a.backups))]
}

// TestI06_I27_RestoredAtManyPointsNothingIsSentTwice makes backups all the time while
// people, the sender and the gateways work, and lives on from many of them, one after
// another, beside the same gateways and the same journal of sends. Over all these
// lives each order reached its gateway at most once.
func TestI06_I27_RestoredAtManyPointsNothingIsSentTwice(t *testing.T) {
	a := newArchive(t)
	f, n := killFindings{}, restoreCounts{ends: map[string]int{}}
	a.business(size(60, 600))
	first := len(a.backups)
	drilled := a.drill()
	for round := range size(12, 300) {
		backup := a.pick(round)
		if !slices.Contains(a.backups[:first], backup) {
			n.again++
		}
		a.liveOn(f, &n, backup, a.Restore)
	}
	for what, places := range a.faults {
		f[what] = append(f[what], places...)
	}
	tell(t, f)
	if a.acts.Load() == 0 {
		t.Error("nobody could do anything while a backup was made")
	}
	report(t, "backup and restore", "%d backups under load, of which %d points by name; %d acts of people begun and ended while one was made; restore-check of one: %d orders; "+
		"%d restores, %d of them of a life after a restore: of %d not whole %d; %d stopped by the guard; %d orders had left since, %d of them unclear here and %d listed, not known %d; "+
		"%d orders, most deliveries of one %d, before anybody looked %d; called failed wrongly %d, never sent %d; verify findings %d",
		len(a.backups), len(a.named), a.acts.Load(), drilled, n.restores, n.again, n.whole, len(f[notWhole]), n.stopped, n.since, n.putBack, n.listed,
		len(f[noRecord])+len(f[notListed])+len(f[notAsked]), len(a.left()), n.deliveries, len(f[tooEarly]), len(f[falseFailed]), len(f[neverSent]), len(f[unsound]))
}

// tell says what was found, some of each kind.
func tell(t *testing.T, f killFindings) {
	t.Helper()
	for what, places := range f {
		t.Errorf("%s: %d\n%s", what, len(places), strings.Join(places[:min(len(places), 10)], "\n"))
	}
}

// drill tries one of the backups by command, beside the running program, and counts
// the orders in it.
func (a *archive) drill() (orders int64) {
	a.T.Helper()
	var said bytes.Buffer
	backup := a.backups[len(a.backups)-1]
	code := commands.Main([]string{"restore-check", backup, "--data", filepath.Dir(fileOf(a.Town)), "--key", strings.Repeat("00", 32)}, &said, &said)
	duties, err := models.Duties(a.Store.Read(a.T.Context()))
	a.Must(err)
	if code != 0 || !strings.Contains(said.String(), " 0 findings") || !strings.Contains(said.String(), "Sends since then: ") || !duties["restore_check"].OK {
		a.T.Errorf("restore-check ended with %d: %s", code, &said)
	}
	store, err := models.Open(backup)
	a.Must(err)
	defer func() { a.Must(store.Close()) }()
	a.Must(store.Read(a.T.Context()).Model(&models.Payout{}).Count(&orders).Error)
	return orders
}

// The known-bad variants: a start that holds nothing against the journal, and a journal
// that was restored together with the backup.
func TestI27_TheProofOfRestoresSeesASecondDelivery(t *testing.T) {
	for name, restore := range map[string]func(a *archive, old string) func(string){
		"without the journal": func(a *archive, _ string) func(string) { return a.RestoreUnguarded },
		"with the journal of the backup": func(a *archive, old string) func(string) {
			return func(path string) {
				copyOf(a.T, old, a.Guard.Path)
				a.Restore(path)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newArchive(t)
			a.business(12)
			old := copyOf(t, a.Guard.Path, filepath.Join(a.folder, servicestest.JournalFile))
			for range 3 {
				a.order()
			}
			a.Must(a.backUp())
			backup := a.backups[len(a.backups)-1]
			a.quiet()
			f, n := killFindings{}, restoreCounts{ends: map[string]int{}}
			a.liveOn(f, &n, backup, restore(a, old))
			if len(f[sentTwice]) == 0 || len(f[notHeld]) == 0 {
				t.Errorf("it passed for sound: %v", f)
			}
		})
	}
}

// The known-bad variant: while a backup is made within a write nobody can do anything,
// and the same count says so.
func TestTheProofOfRestoresSeesABackupThatStopsTheWriters(t *testing.T) {
	a := newArchive(t)
	over := make(chan struct{})
	var people sync.WaitGroup
	people.Go(func() { a.until(over, a.order) })
	for range 10 {
		a.Must(a.Store.Write(t.Context(), func(*gorm.DB) error { return a.backUp() }))
	}
	close(over)
	people.Wait()
	if acts := a.acts.Load(); acts != 0 {
		t.Errorf("%d acts while nobody could act", acts)
	}
}
