package torture

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/sandbox"
)

// left says whether money of the order is gone, by the gateway's own ledger. What
// was paid and taken back is not.
func left(o sandbox.Order) bool { return o.Exists && o.Word == sandbox.Paid }

// ever says whether the gateway itself once held the order for this.
func ever(o sandbox.Order, words ...sandbox.Word) bool {
	return slices.ContainsFunc(o.Turns, func(t sandbox.Turned) bool { return slices.Contains(words, t.Word) })
}

// look checks everything that must hold after every step. The file is read when
// anything was written, the gateway's ledger in any case.
func (w *world) look() {
	if w.written() {
		w.rows = nil
		w.must(w.db().Order("id").Find(&w.rows).Error)
		w.follow()
	}
	for _, p := range w.rows {
		w.checkOrder(p)
	}
}

// follow folds the events that have come since, counts where the orders have been,
// and asks at each send whether what the order replaces is out of the way (I14).
func (w *world) follow() {
	var events []models.Event
	w.must(w.db().Where("seq > ?", w.seen).Order("seq").Find(&events).Error)
	for _, e := range events {
		w.seen = e.Seq
		w.log = append(w.log, w.plain(e))
		if e.PayoutID == 0 || e.After == "" {
			continue
		}
		before, err := models.ReadState(e.Before)
		w.must(err)
		after, err := models.ReadState(e.After)
		w.must(err)
		w.tally.pairs[models.Pair{Move: models.Move(e.Verb), Stage: before.Stage, Outcome: before.Outcome}]++
		w.states[e.PayoutID] = after
		if models.Move(e.Verb) == models.MoveSend {
			w.checkWindow(e)
			w.checkChain(e.PayoutID)
		}
		if before.Room == "" && after.Room != "" {
			w.checkLimits(e.PayoutID, after.Room)
		}
	}
}

func (w *world) order(id models.PayoutID) models.Payout {
	return w.rows[slices.IndexFunc(w.rows, func(p models.Payout) bool { return p.ID == id })]
}

// checkChain asks for every order before this one in its chain.
func (w *world) checkChain(id models.PayoutID) {
	for p := w.order(id); p.ReplacesID != nil; {
		p = w.order(*p.ReplacesID)
		old := models.Payout{State: w.states[p.ID]}
		if old.CheckSuccessor() != nil {
			w.complain("I14", "order %d was sent while order %d, which it replaces, was %s/%s", id, p.ID, old.Stage, old.Outcome)
		}
	}
}

// checkOrder compares one order with the gateway's ledger.
func (w *world) checkOrder(p models.Payout) {
	deliveries := w.box.Deliveries(p.OrderNo)
	w.tally.deliveries = max(w.tally.deliveries, deliveries)
	if deliveries > 1 {
		w.complain("I6", "order %d reached the gateway %d times", p.ID, deliveries)
	}
	if deliveries > 0 && (p.Stage != models.Sending && p.Stage != models.Sent) {
		w.complain("I6", "order %d is at the gateway and is called %s", p.ID, p.Stage)
	}
	truth, _ := w.box.Order(p.OrderNo)
	if w.liars[p.OrderNo] || p.ByHand || p.Clash {
		return
	}
	switch {
	case p.Outcome == models.Failed && left(truth) && !ever(truth, sandbox.Failed, sandbox.Cancelled, sandbox.Reversed):
		w.tally.falseFailed++
		w.complain("I9", "order %d is called failed, and its money left", p.ID)
	case p.Outcome == models.Paid && !ever(truth, sandbox.Paid, sandbox.Reversed):
		w.complain("I10", "order %d is called paid, and its money did not leave", p.ID)
	}
}

// checkOnRecord asks, as the request is about to leave, whether its exact bytes are
// on record (I7).
func (w *world) checkOnRecord(r gateway.Request) {
	digest := sha256.Sum256(r.Body)
	var count int64
	w.must(w.db().Model(&models.Attempt{}).Where("request_digest = ? AND ended_at = 0", digest[:]).Count(&count).Error)
	if count != 1 {
		w.complain("I7", "a request leaves that is on record %d times", count)
	}
}

// checkSwept asks, after a round of the sender that leads, whether anything waits
// unseen (I13).
func (w *world) checkSwept() {
	var rows []models.Payout
	w.must(w.db().Order("id").Find(&rows).Error)
	for _, p := range rows {
		longest, waits := w.longest(p)
		switch {
		case p.Stage == models.Sending:
			w.complain("I13", "order %d is sending, and nobody sends it", p.ID)
		case !waits:
		case p.NextActionAt.IsZero():
			w.complain("I13", "order %d is %s/%s, and nothing will happen to it", p.ID, p.Stage, p.Outcome)
		case !p.NextActionAt.After(w.now()):
			w.complain("I13", "order %d is %s/%s, was due at %s and was left", p.ID, p.Stage, p.Outcome, p.NextActionAt)
		case p.NextActionAt.After(w.now().Add(longest)):
			w.complain("I13", "order %d is %s/%s and waits for another %s", p.ID, p.Stage, p.Outcome, p.NextActionAt.Sub(w.now()))
		}
	}
}

// longest is how long an order may wait for what comes next, if it waits at all:
// what cannot leave is looked at again after half a minute, questions come at least
// four-hourly. How far the clock was set back is known to ten seconds.
func (w *world) longest(p models.Payout) (time.Duration, bool) {
	switch {
	case p.InWindow(w.now()):
		return p.LeavesAt.Sub(w.now()) + 15*time.Second, true
	case p.Stage == models.Approved && p.Room == "":
		return 5*time.Minute + 15*time.Second, true
	case p.Stage == models.Approved:
		return 45 * time.Second, true
	case p.Stage == models.Sent && p.Open():
		return 4*time.Hour + 15*time.Second, true
	}
	return 0, false
}

// checkEnd verifies the whole, once nothing goes wrong any more.
func (w *world) checkEnd() {
	report, err := models.Verify(w.db())
	w.must(err)
	for _, f := range report.Findings {
		w.tally.verify++
		w.complain("verify", "%s", f)
	}
	accounts, err := models.Accounts(w.db())
	w.must(err)
	for _, p := range w.rows {
		open := slices.ContainsFunc(accounts, func(a models.GatewayAccount) bool { return a.ID == p.AccountID && a.Paused == "" })
		if p.Stage == models.Approved && open {
			w.complain("I13", "order %d was approved and never sent", p.ID)
		}
	}
	w.checkHeard()
}

// checkHeard asks whether a word that was heard and proves that money left was
// taken for less than it is, however the order stands (I12).
func (w *world) checkHeard() {
	var orders []string
	w.must(w.db().Raw(`SELECT order_no FROM payouts p WHERE outcome = 'failed' AND by_hand = 0 AND (
		EXISTS (SELECT 1 FROM notices n WHERE n.payout_id = p.id AND n.quarantine = '' AND n.says = 'paid')
		OR EXISTS (SELECT 1 FROM questions q WHERE q.payout_id = p.id AND q.says = 'paid' AND q.problem = ''))`).Scan(&orders).Error)
	for _, no := range orders {
		w.complain("I12", "order %s is called failed; a verified word said that it was paid", no)
	}
}

func (w *world) note(what string) {
	w.log = append(w.log, fmt.Sprintf("%s %s", w.time.Format("02 15:04:05.000"), what))
}
