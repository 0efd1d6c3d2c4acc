package torture

import (
	"strings"
	"testing"
	"time"

	"countersign/services"
)

// I6, I7, I13, I15, I19 under kill -9: at every named point of the work and at any
// moment, while people, gateways and notices go on, each order is sent at most once,
// none that was approved is forgotten, and what anybody was told is on record.
func TestI06_I13_I15_KilledAtEveryPointNothingIsLostOrSentTwice(t *testing.T) {
	k := newKilling(t, "")
	plan := deaths(size(100, 1000), k.random)
	k.dieBy(plan)
	f, n := k.check()
	for what, places := range f {
		t.Errorf("%s: %d\n%s", what, len(places), strings.Join(places[:min(len(places), 10)], "\n"))
	}
	missed := 0
	for where, many := range k.kills {
		if strings.HasPrefix(where, "not reached") {
			missed += many
			t.Logf("%s: %d", where, many)
		}
	}
	for _, p := range services.Points {
		if k.kills[string(p)] == 0 {
			t.Errorf("it was never killed at %q", p)
		}
	}
	if *full && k.restartAt(99) > 5*time.Second {
		t.Errorf("a restart takes %s", k.restartAt(99))
	}
	report(t, "kill -9", "%d kills, %d of them at %d places by name; %d orders, %d found sending; most deliveries of one %d; "+
		"of %d acknowledged notices lost %d; of %d approved never sent %d; of %d acts of people lost %d (%d verdicts of two); false failed %d; verify findings %d; restart p50 %s p99 %s",
		len(plan), len(plan)-missed-k.kills[anyMoment], len(services.Points)+2, n.orders, n.cut, n.deliveries,
		n.notices, len(f[lostNotice]), n.approved, len(f[neverSent]),
		len(k.promised), len(f[lostPromise]), n.verdicts, len(f[falseFailed]), len(f[unsound]), k.restartAt(50), k.restartAt(99))
}

// dieBy lets the program die so often, with people at work all the time, and
// settles what is left.
func (k *killing) dieBy(plan []death) {
	k.T.Helper()
	stop := make(chan struct{})
	wait := k.people(stop)
	for _, d := range plan {
		k.live(d)
	}
	close(stop)
	wait()
	k.settle()
}

// The known-bad variants: each breaks one rule, and the same check says which.
func TestI06_I15_TheKillProofSeesWhatItIsThereFor(t *testing.T) {
	for _, bad := range []struct {
		rule, finds string
		at          []services.Point
	}{
		{badResend, sentTwice, []services.Point{services.PointExchanged, services.PointConcluding}},
		{badAckFirst, lostNotice, []services.Point{services.PointNoticeRead, services.PointNoticeKeep}},
		{badLostTail, noRecord, []services.Point{services.PointConcluded, services.PointNoticeKept}},
	} {
		t.Run(bad.rule, func(t *testing.T) {
			k := newKilling(t, bad.rule)
			var plan []death
			for range 2 {
				for _, p := range bad.at {
					plan = append(plan, atPoint(p, 2))
				}
			}
			k.dieBy(append(plan, death{where: anyMoment, after: time.Second}))
			if f, _ := k.check(); len(f[bad.finds]) == 0 {
				t.Errorf("a program with the fault %q passed for sound: %v", bad.rule, f)
			}
		})
	}
}
