package torture

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"countersign/models"
	"countersign/services/gateway/sandbox"
)

// What the kill proof can find.
const (
	sentTwice   = "sent twice"
	lostNotice  = "acknowledged notice lost"
	lostPromise = "act of a person lost"
	neverSent   = "approved and never sent"
	noRecord    = "sent without a record"
	falseFailed = "called failed, the money left"
	falsePaid   = "called paid, the money did not leave"
	unsound     = "verify"
)

// killFindings are what is wrong, by what it is.
type killFindings map[string][]string

func (f killFindings) add(what, where string, args ...any) {
	f[what] = append(f[what], fmt.Sprintf(where, args...))
}

// settle opens the file in this process, as the next program would, and lets a day
// and more pass, until every question that can be answered is.
func (k *killing) settle() {
	k.T.Helper()
	k.StopClock()
	store, err := models.Open(k.file)
	k.Must(err)
	k.T.Cleanup(func() { k.Must(store.Close()) })
	k.Store, k.Core.Store = store, store
	listener, err := net.Listen("tcp", k.address)
	k.Must(err)
	door := &http.Server{Handler: http.HandlerFunc(k.Webhook), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = door.Serve(listener) }()
	k.T.Cleanup(func() { _ = door.Close() })
	k.Pass(6 * time.Hour)
	k.Sender.SweepAll(k.T.Context()) // finds what the last death cut off
	k.Live(30*time.Hour, time.Hour)
}

// killCounts are what there was to be checked.
type killCounts struct{ orders, approved, notices, deliveries, cut, verdicts int }

// check compares what is on record with the ledger of the gateways and with what
// people and gateways were told.
func (k *killing) check() (f killFindings, n killCounts) {
	k.T.Helper()
	f = killFindings{}
	var all []models.Payout
	db := k.Store.Read(k.T.Context())
	k.Must(db.Order("id").Find(&all).Error)
	known := map[string]models.Payout{}
	for _, p := range all {
		known[p.OrderNo] = p
		k.checkOrder(f, p)
		n.orders++
		if !p.ApprovedAt.IsZero() {
			n.approved++
		}
		n.cut += int(k.foundSending(p))
	}
	for _, o := range k.Sandbox.Orders() {
		p, ok := known[o.Number]
		if !ok || p.SentAt.IsZero() {
			f.add(noRecord, "%s: %d create requests", o.Number, len(o.Deliveries))
		}
		n.notices += k.checkNotices(f, o)
		n.deliveries = max(n.deliveries, len(o.Deliveries))
	}
	for order, told := range k.promised {
		if p, ok := known[order]; !ok || !told.kept(p) {
			f.add(lostPromise, "%s: they were told %d, it is %+v", order, told, p.State)
		}
		if told == promisedPaid {
			n.verdicts++
		}
	}
	report, err := models.Verify(db)
	k.Must(err)
	for _, finding := range report.Findings {
		f.add(unsound, "%s", finding)
	}
	return f, n
}

// checkOrder holds an order against the ledger. One that was killed between its
// attempt and its first byte stays in doubt: nobody but the gateway knows.
func (k *killing) checkOrder(f killFindings, p models.Payout) {
	sent := k.Sandbox.Deliveries(p.OrderNo)
	truth, _ := k.Sandbox.Order(p.OrderNo)
	left := truth.Exists && (truth.Word == sandbox.Paid || truth.Word == sandbox.Reversed)
	switch {
	case sent > 1:
		f.add(sentTwice, "%s: %d create requests", p.OrderNo, sent)
	case sent == 0 && !p.ApprovedAt.IsZero() && (p.Outcome != models.Unclear || p.Unclear != models.ReasonCrash || k.foundSending(p) != 1):
		f.add(neverSent, "%s: %+v", p.OrderNo, p.State)
	case p.Stage == models.Sending:
		f.add(neverSent, "%s is still being sent", p.OrderNo)
	}
	switch {
	case p.Outcome == models.Failed && left:
		f.add(falseFailed, "%s: %+v\n%s", p.OrderNo, p.State, k.story(p, truth))
	case p.Outcome == models.Paid && !left && !p.Clash:
		f.add(falsePaid, "%s: %+v", p.OrderNo, p.State)
	}
}

// story is what the gateways did and said of an order, beside what is on record.
func (k *killing) story(p models.Payout, truth sandbox.Order) string {
	var told strings.Builder
	fmt.Fprintf(&told, "  scenario %s\n", truth.Scenario)
	for _, turn := range truth.Turns {
		fmt.Fprintf(&told, "  %s it is %s\n", turn.At.Format(ledgerTime), turn.Word)
	}
	for _, n := range truth.Notices {
		fmt.Fprintf(&told, "  %s told %s, try %d: %d %q %s\n", n.At.Format(ledgerTime), n.Say, n.Try, n.Status, n.Answer, n.Fault)
	}
	var events []models.Event
	k.Must(k.Store.Read(k.T.Context()).Where("payout_id = ?", p.ID).Order("seq").Find(&events).Error)
	for _, e := range events {
		fmt.Fprintf(&told, "  %s on record: %s %v\n", e.At.Format(ledgerTime), e.Verb, e.Details)
	}
	return told.String()
}

const ledgerTime = "15:04:05.000"

// foundSending counts how often the order was found sending at a start.
func (k *killing) foundSending(p models.Payout) (count int64) {
	k.Must(k.Store.Read(k.T.Context()).Model(&models.Event{}).Where("payout_id = ? AND verb = ?", p.ID, models.MoveCrash).Count(&count).Error)
	return count
}

// checkNotices looks for every notice that the gateway has our success answer for.
func (k *killing) checkNotices(f killFindings, o sandbox.Order) (acknowledged int) {
	for _, notice := range o.Notices {
		if !notice.Good {
			continue
		}
		acknowledged++
		digest := sha256.Sum256(notice.Body)
		var kept int64
		k.Must(k.Store.Read(k.T.Context()).Model(&models.Notice{}).Where("body_digest = ? AND quarantine = ''", digest[:]).Count(&kept).Error)
		if kept != 1 {
			f.add(lostNotice, "%s: try %d", o.Number, notice.Try)
		}
	}
	return acknowledged
}
