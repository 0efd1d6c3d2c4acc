package torture

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

// What the proof of restores can find, besides what the kill proof can.
const (
	notWhole  = "a backup is not whole"
	notAsked  = "left after the backup and not asked about"
	notListed = "not in the database and not listed"
	notHeld   = "older than the journal and not stopped"
	tooEarly  = "sent before anybody looked"
)

// restoreCounts are what there was to be checked.
type restoreCounts struct {
	restores, again   int // again: from backups of a life after a restore
	stopped           int
	since             int // orders that had left after the backup
	putBack, listed   int // of them: unclear here, not here
	whole, deliveries int
	ends              map[string]int
}

// inspect wants a backup to be whole, and gives the orders that have left since.
func (a *archive) inspect(f killFindings, backup string) (since map[string]bool) {
	a.T.Helper()
	since = map[string]bool{}
	store, err := models.Open(backup)
	a.Must(err)
	defer func() { a.Must(store.Close()) }()
	db := store.Read(context.Background())
	var said string
	a.Must(db.Raw("PRAGMA integrity_check").Scan(&said).Error)
	if said != "ok" {
		f.add(notWhole, "%s: %s", backup, said)
	}
	a.verify(f, db, notWhole)
	for _, o := range a.left() {
		p, _, err := models.LookForOrder(db, o.Number)
		a.Must(err)
		if p.Stage != models.Sent && p.Stage != models.Sending {
			since[o.Number] = true
		}
	}
	return since
}

func (a *archive) verify(f killFindings, db *gorm.DB, what string) {
	report, err := models.Verify(db)
	a.Must(err)
	for _, finding := range report.Findings {
		f.add(what, "%s", finding)
	}
}

// left are the orders that have reached a gateway, by its own ledger.
func (a *archive) left() (orders []sandbox.Order) {
	for _, o := range a.Sandbox.Orders() {
		if len(o.Deliveries) > 0 {
			orders = append(orders, o)
		}
	}
	return orders
}

// checkKnown holds the database, right after its restore, against the ledger: whatever
// has left is known to have left, and what is open is asked about now; or it is listed
// for people.
func (a *archive) checkKnown(f killFindings, n *restoreCounts, since map[string]bool) {
	a.T.Helper()
	db := a.Store.Read(a.T.Context())
	stopped := a.Cord() != ""
	if stopped {
		n.stopped++
	}
	if len(since) > 0 && !stopped {
		f.add(notHeld, "%d orders have left since", len(since))
	}
	loose, err := models.LooseSends(db, 10_000)
	a.Must(err)
	listed := map[string]bool{}
	for _, send := range loose {
		listed[send.OrderNo] = true
	}
	for _, o := range a.left() {
		p, there := a.Order(o.Number)
		switch {
		case !there && !listed[o.Number]:
			f.add(notListed, "%s", o.Number)
		case !there:
			n.listed++
		case p.Stage != models.Sent, since[o.Number] && p.Unclear != models.ReasonRestored:
			f.add(noRecord, "%s: %+v", o.Number, p.State)
		case stopped && p.Open() && (p.NextActionAt.IsZero() || p.NextActionAt.After(a.Now())):
			f.add(notAsked, "%s: %+v", o.Number, p.State)
		}
		if there && since[o.Number] && p.Unclear == models.ReasonRestored {
			n.putBack++
		}
	}
}

// checkEnd holds everything against the ledger, once it is quiet.
func (a *archive) checkEnd(f killFindings, n *restoreCounts) {
	a.T.Helper()
	db := a.Store.Read(a.T.Context())
	var all []models.Payout
	a.Must(db.Where("approved_at > 0").Order("id").Find(&all).Error)
	for _, p := range all {
		truth, _ := a.Sandbox.Order(p.OrderNo)
		for _, wrong := range judge(a.Town, p) {
			f.add(judged(wrong), "%s %s: %s", p.OrderNo, truth.Scenario, wrong)
		}
		end := endOf(p, truth)
		if end == "" {
			f.add(neverSent, "%s %s: %+v, the ledger says %s", p.OrderNo, truth.Scenario, p.State, truth.Word)
		}
		n.ends[end]++
	}
	for _, o := range a.left() {
		n.deliveries = max(n.deliveries, len(o.Deliveries))
		if len(o.Deliveries) > 1 {
			f.add(sentTwice, "%s: %d create requests", o.Number, len(o.Deliveries))
		}
	}
	a.verify(f, db, unsound)
}

// judged is the finding that the comparison with the ledger means.
func judged(wrong string) string {
	switch {
	case wrong == calledFailed:
		return falseFailed
	case wrong == calledPaid:
		return falsePaid
	case strings.HasSuffix(wrong, "create requests"):
		return sentTwice
	}
	return notAsked
}

// wait lets machines and people do what they want while nobody has looked: nothing may
// leave.
func (a *archive) wait(f killFindings) {
	a.T.Helper()
	before := len(a.left())
	a.goOn()
	a.Live(5*time.Minute, time.Minute)
	if more := len(a.left()) - before; more > 0 {
		f.add(tooEarly, "%d orders", more)
	}
}
