package torture

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"countersign/models"
	"countersign/services/servicestest"
)

// crowded is a town whose people work through three copies of the program at once:
// two in this process, each with a store of its own on the same file, and one in
// another process. The senders of all three share one lease.
type crowded struct {
	*servicestest.Town
	copies []func(humanAct) told
	other  *program
	where  string         // of the other process
	meet   sync.WaitGroup // of those who break the rule

	mu       sync.Mutex
	findings []string
	lost     atomic.Int64 // acts that came too late, and were told so
}

func newCrowded(t *testing.T) *crowded {
	t.Helper()
	c := &crowded{Town: servicestest.New(t), where: freeAddress(t)}
	store, err := models.Open(fileOf(c.Town))
	c.Must(err)
	t.Cleanup(func() { c.Must(store.Close()) })
	core := *c.Core
	core.Store = store
	second := wireProgram(&core)
	second.Sender.Holder = c.Sender.Holder
	second.Sender.Journal = keepsJournal(t, second, c.Guard.Path)
	_, err = second.Sender.Lead(t.Context())
	c.Must(err)
	c.other = startProgram(t, fileOf(c.Town), c.where, c.RunClock(), programHolder+"="+c.Sender.Holder)
	t.Cleanup(func() { c.other.kill(t) })
	if _, ok := c.other.leads(c.where); !ok {
		t.Fatalf("the other process did not come up:\n%s%s", &c.other.said, &c.other.logged)
	}
	c.copies = []func(humanAct) told{
		c.through(verbs{c.Payouts, c.Verdicts, c.Sender}),
		func(a humanAct) told { return askProgram(c.where, a) },
		c.through(verbs{second.Payouts, second.Verdicts, second.Sender}),
	}
	return c
}

// through is a copy of the program in this process.
func (c *crowded) through(v verbs) func(humanAct) told {
	people := map[string]models.Person{}
	for _, p := range []models.Person{c.Maker, c.Other, c.Approver, c.Second, c.Resolver} {
		people[p.Login] = p
	}
	return func(a humanAct) told { return v.do(context.Background(), people[a.By], a) }
}

// hold holds one contest about an order.
func (c *crowded) hold(k contest, serial int) {
	defer func() {
		if fault := recover(); fault != nil {
			c.find("%s, order %d: %v", k.name, serial, fault)
		}
	}()
	p := k.set(c, serial)
	acts := k.acts(c, p)
	said := make([]told, len(acts))
	start := make(chan struct{})
	var group sync.WaitGroup
	for i, a := range acts {
		through := c.copies[(serial+i)%len(c.copies)]
		group.Go(func() {
			<-start
			said[i] = through(a)
		})
	}
	close(start)
	group.Wait()
	c.judge(k, p, acts, said)
}
