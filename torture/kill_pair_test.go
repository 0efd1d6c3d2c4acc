package torture

import (
	"strings"
	"testing"
	"time"

	"countersign/services"
)

// leadersPoints are those that only the program that leads passes.
var leadersPoints = []services.Point{
	services.PointClaimed, services.PointAttempting, services.PointAttempted, services.PointLeaving, services.PointExchanged,
	services.PointConcluding, services.PointConcluded, services.PointAsking, services.PointAsked, services.PointAnswering, services.PointAnswered,
}

// pair are two programs on one file, of which one leads.
type pair struct {
	*killing
	addresses [2]string
	programs  [2]*program
	leader    int
	taken     []time.Duration // from the end of a leader to the lead of the other
}

// begin starts one of the two, doomed to die at a point once it leads.
func (p *pair) begin(which int, at death) {
	p.programs[which] = startProgram(p.T, p.file, p.addresses[which], p.ahead, programStop+"="+at.stop())
}

// await waits until something is closed, but not for ever.
func (p *pair) await(what string, signal <-chan struct{}) {
	p.T.Helper()
	select {
	case <-signal:
	case <-time.After(time.Minute):
		p.T.Fatalf("%s: not within a minute", what)
	}
}

// pass lets the leader die while the other stands by, and the other take over.
func (p *pair) pass(next death) {
	p.T.Helper()
	leader, other := p.leader, 1-p.leader
	p.await("the lead", p.programs[leader].led)
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for !isUp(p.addresses[other]) {
		p.await("the other one's start", p.tick(ticker))
	}
	p.refill()
	select {
	case <-p.programs[leader].ended:
	case <-time.After(time.Duration(50+p.random.IntN(150)) * time.Millisecond):
	}
	p.programs[leader].kill(p.T)
	gone := time.Now()
	p.await("the other's lead", p.programs[other].led)
	p.taken = append(p.taken, time.Since(gone))
	p.begin(leader, next)
	p.leader = other
}

// tick is the ticker as a signal.
func (p *pair) tick(ticker *time.Ticker) <-chan struct{} {
	signal := make(chan struct{})
	go func() {
		<-ticker.C
		close(signal)
	}()
	return signal
}

// I6, I13, I21: of two programs on one file the one that leads is killed, again and
// again, in the middle of its work. The other one takes over at once and finds
// nothing that is broken, nothing is sent twice and nothing is forgotten.
func TestI21_OfTwoProgramsTheLeaderIsKilledAndTheOtherGoesOn(t *testing.T) {
	p := &pair{killing: newKilling(t, "")}
	p.addresses = [2]string{p.address, freeAddress(t)}
	stop := make(chan struct{})
	wait := p.people(stop)
	at := func(round int) death { return atPoint(leadersPoints[round%len(leadersPoints)], 1+p.random.IntN(3)) }
	p.begin(0, at(0))
	p.await("the first lead", p.programs[0].led)
	p.begin(1, at(1))
	kills := size(25, 250)
	for round := range kills {
		p.pass(at(round + 2))
	}
	close(stop)
	wait()
	for _, one := range p.programs {
		one.kill(t)
	}
	p.settle()
	f, n := p.check()
	for what, places := range f {
		t.Errorf("%s: %d\n%s", what, len(places), strings.Join(places[:min(len(places), 10)], "\n"))
	}
	report(t, "kill -9 of the leader", "%d kills beside a second program; %d orders, %d found sending; most deliveries of one %d; of %d acknowledged notices lost %d; "+
		"of %d approved never sent %d; false failed %d; verify findings %d; taken over p50 %s p99 %s",
		kills, n.orders, n.cut, n.deliveries, n.notices, len(f[lostNotice]), n.approved, len(f[neverSent]), len(f[falseFailed]), len(f[unsound]),
		quantile(p.taken, 50), quantile(p.taken, 99))
}
