package torture

import (
	"context"
	"fmt"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/journal"
	"countersign/services/vault"
)

// instance is one of the two Countersigns that run over the same file. One of their
// senders leads; people and notices come to either.
type instance struct {
	store    *models.Store
	accounts *services.Accounts
	payouts  *services.Payouts
	notices  *services.Notices
	verdicts *services.Verdicts
	sender   *services.Sender
	limits   *services.Limits

	sweeping bool
	end      context.CancelFunc // of the sweep that is under way
	dead     bool               // it has been cut off, and what is left of it only unwinds
}

// cutOff is the end of a program, in the middle of what it was doing.
type cutOff struct{}

func (cutOff) String() string { return "cut off by the simulation" }

// start starts a program, anew if it ran before.
func (w *world) start(i int) {
	store, err := models.Open(w.path)
	w.must(err)
	sealed, err := vault.New(make([]byte, 32))
	w.must(err)
	w.born++
	p := &instance{store: store}
	core := &services.Core{Store: store, Now: w.now, Vault: sealed, Reach: func(at services.Point) { w.reached(p, at) }}
	p.accounts = &services.Accounts{Core: core, Exchange: func(_ context.Context, a gateway.Account, r gateway.Request) gateway.Response {
		return w.exchange(p, a, r)
	}}
	p.payouts = &services.Payouts{Core: core, Accounts: p.accounts}
	p.notices = &services.Notices{Core: core, Accounts: p.accounts}
	p.verdicts = &services.Verdicts{Core: core}
	p.limits = &services.Limits{Core: core}
	p.sender = &services.Sender{
		Core: core, Payouts: p.payouts, Accounts: p.accounts, AtOnce: 1, Holder: fmt.Sprintf("program %d", w.born),
		Journal: journal.Discard(), // restored backups are proved elsewhere
	}
	w.programs[i] = p
}

// reached lets the program die where the world wants it. Within another's exchange
// nobody dies, or the one outside would have to know.
func (w *world) reached(p *instance, at services.Point) {
	if at == w.fatal && w.within == 0 && !w.calm {
		w.fatal = ""
		w.die(p)
	}
}

// die cuts the program off: its sweep ends, and so does whatever runs on its behalf.
func (w *world) die(p *instance) {
	p.dead = true
	w.tally.crashes++
	if p.end != nil {
		p.end()
	}
	panic(cutOff{})
}

// revive starts what died.
func (w *world) revive() {
	for i, p := range w.programs {
		if p.dead {
			if w.broken.revived != nil {
				w.broken.revived(w)
			}
			w.must(p.store.Close())
			w.start(i)
		}
	}
}

// either of the two programs is whom people and notices come to.
func (w *world) either() *instance { return w.programs[w.r.IntN(2)] }
