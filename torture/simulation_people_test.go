package torture

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/sandbox"
	"countersign/services/servicestest"
)

// act is one verb of a person. It succeeds, or it is refused and has changed
// nothing; any other error is a fault of ours.
func (w *world) act(name string, do func(context.Context, *instance) error) (done bool) {
	before, nested, at := w.traces(), w.nested, w.either()
	err := do(context.Background(), at)
	w.tally.acts++
	var no models.Refusal
	var nos models.Refusals
	switch {
	case err == nil:
		return true
	case at.dead:
		return false
	case !errors.As(err, &no) && !errors.As(err, &nos):
		w.complain("fault", "%s: %v", name, err)
		return false
	}
	w.tally.refused++
	if after := w.traces(); after != before && nested == w.nested {
		w.complain("refused", "%s was refused (%v) and changed something: %s became %s", name, err, before, after)
	}
	return false
}

// traces are what every change leaves.
func (w *world) traces() (traces string) {
	w.must(w.db().Raw(`SELECT (SELECT count(*) FROM events) || ' ' || (SELECT coalesce(sum(moves), 0) FROM payouts)
		|| ' ' || (SELECT count(*) FROM approvals) || ' ' || (SELECT count(*) || ' ' || count(confirmer_id) FROM verdicts)
		|| ' ' || (SELECT count(*) || ' ' || coalesce(sum(not_sent), 0) FROM attempts) || ' ' || (SELECT count(*) FROM questions)
		|| ' ' || (SELECT count(*) || ' ' || coalesce(sum(seen), 0) FROM notices) || ' ' || (SELECT count(*) FROM payee_versions)
		|| ' ' || (SELECT group_concat(paused) FROM gateway_accounts) || ' ' || (SELECT group_concat(value) FROM settings)`).Scan(&traces).Error)
	return traces
}

// somebody who may, as a rule; sometimes anybody.
func (w *world) somebody(may models.Verb) models.Person {
	able := slices.DeleteFunc(slices.Clone(w.people), func(p models.Person) bool { return !p.May(may) })
	if w.chance(12) {
		able = w.people
	}
	return one(w.r, able)
}

// pick draws an order, as the page showed it when it was last looked at: mostly
// one for which the condition holds.
func (w *world) pick(holds func(models.Payout) bool) (models.Payout, bool) {
	fit := slices.DeleteFunc(slices.Clone(w.rows), func(p models.Payout) bool { return !holds(p) })
	switch {
	case w.chance(8):
		fit = w.rows
	case len(fit) == 0 && w.chance(20):
		fit = w.rows
	}
	if len(fit) == 0 {
		return models.Payout{}, false
	}
	return one(w.r, fit), true
}

func can(m models.Move) func(models.Payout) bool {
	return func(p models.Payout) bool { return p.State.Can(m) }
}

func atGateway(p models.Payout) bool { return p.Stage == models.Sent || p.Stage == models.Sending }

// large are sums that two people have to sign, up to the cents.
var large = map[string]string{"apay.taiwan": "600000.", "apay.unionpay": "120000.", "apay.alipay": "120000.", "cashy.peru": "1600."}

// form is what a maker types. A small choice of sums and references makes twins.
func (w *world) form(rail string) services.PayoutForm {
	w.serial++
	form := services.PayoutForm{
		AccountID: w.accounts[rail].ID, Rail: rail, Values: maps.Clone(servicestest.Answers[rail]),
		Amount: fmt.Sprintf("%d.50", 100+w.serial), Reference: fmt.Sprintf("INV-%d", w.serial), Purpose: "October freight",
	}
	switch {
	case w.chance(10):
		form.Amount, form.Reference = "101.50", "INV-1" // a twin
	case w.chance(25):
		form.Amount = large[form.Rail] + fmt.Sprint(10+w.r.IntN(80)) // two signatures
	}
	if w.chance(85) {
		form.TwinReason, form.WarningReason = "two invoices of one day", "the payee wants it so"
	}
	return form
}

func (w *world) draft() {
	if len(w.rows) < 9 {
		w.drafted(w.form(one(w.r, servicestest.Rails)))
	}
}

func (w *world) drafted(form services.PayoutForm) (p models.Payout, ok bool) {
	by := w.somebody(models.VerbDraft)
	if form.Replaces != "" {
		by = w.maker
	}
	ok = w.act("draft", func(ctx context.Context, at *instance) (err error) {
		p, err = at.payouts.Draft(ctx, by, form, nil)
		return err
	})
	if ok {
		w.script(p.OrderNo, map[bool]string{true: sandbox.Cashy, false: sandbox.Apay}[form.Rail == "cashy.peru"])
	}
	return p, ok
}

// reissue creates an order again: one that failed, was rejected or called off.
func (w *world) reissue() {
	old, ok := w.pick(func(p models.Payout) bool { return p.CheckSuccessor() == nil })
	if !ok || len(w.rows) >= 12 {
		return
	}
	form := w.form(old.Rail)
	form.Amount, form.Replaces, form.TwinReason = old.Amount().Decimal(), old.OrderNo, "the one before did not arrive"
	w.drafted(form)
}

func (w *world) edit() {
	if p, ok := w.pick(can(models.MoveEdit)); ok {
		w.act("edit", func(ctx context.Context, at *instance) error {
			return at.payouts.Edit(ctx, w.owner(p), p.OrderNo, w.form(p.Rail))
		})
	}
}

// owner is the maker of the order, mostly.
func (w *world) owner(p models.Payout) models.Person {
	if w.chance(8) {
		return one(w.r, w.people)
	}
	return w.people[slices.IndexFunc(w.people, func(one models.Person) bool { return one.ID == p.MakerID })]
}

func (w *world) submit() {
	if p, ok := w.pick(can(models.MoveSubmit)); ok {
		w.act("submit", func(ctx context.Context, at *instance) error {
			return at.payouts.Submit(ctx, w.owner(p), p.OrderNo, p.Digest)
		})
	}
}

func (w *world) approve() {
	if p, ok := w.pick(can(models.MoveApprove)); ok {
		by := w.somebody(models.VerbApprove)
		w.act("approve", func(ctx context.Context, at *instance) error {
			return servicestest.Approve(ctx, at.payouts, by, p.OrderNo, p.Digest)
		})
	}
}

func (w *world) reject() {
	if p, ok := w.pick(can(models.MoveReject)); ok {
		by := w.somebody(models.VerbApprove)
		w.act("reject", func(ctx context.Context, at *instance) error {
			return servicestest.Reject(ctx, at.payouts, by, p, "not this month")
		})
	}
}

func (w *world) askMaker() {
	if p, ok := w.pick(can(models.MoveAskMaker)); ok {
		by := w.somebody(models.VerbApprove)
		w.act("ask the maker", func(ctx context.Context, at *instance) error {
			return at.payouts.AskMaker(ctx, by, p.OrderNo, "which invoice")
		})
	}
}

func (w *world) withdraw() {
	if p, ok := w.pick(can(models.MoveWithdraw)); ok {
		w.act("withdraw", func(ctx context.Context, at *instance) error {
			return at.payouts.Withdraw(ctx, w.owner(p), p.OrderNo, "wrong day")
		})
	}
}

func (w *world) hold() {
	if p, ok := w.pick(can(models.MoveHold)); ok {
		by := w.somebody(models.VerbHold)
		w.act("hold", func(ctx context.Context, at *instance) error {
			return at.payouts.Hold(ctx, by, p.OrderNo, "wait for the call")
		})
	}
}

func (w *world) resume() {
	if p, ok := w.pick(can(models.MoveResume)); ok {
		by := w.somebody(models.VerbResume)
		w.act("resume", func(ctx context.Context, at *instance) error {
			return at.payouts.Resume(ctx, by, p.OrderNo, "they called", servicestest.Click(at.payouts.Core, by))
		})
	}
}

func (w *world) askNow() {
	if p, ok := w.pick(atGateway); ok {
		by := w.somebody(models.VerbAsk)
		w.act("ask now", func(ctx context.Context, at *instance) error {
			_, err := at.sender.AskNow(ctx, by, p.OrderNo)
			return err
		})
	}
}

func inDoubt(p models.Payout) bool { return p.Outcome == models.Unclear || p.Clash }

func (w *world) claim() {
	if p, ok := w.pick(inDoubt); ok {
		by := w.somebody(models.VerbVerdict)
		w.act("claim", func(ctx context.Context, at *instance) error { return at.payouts.Claim(ctx, by, p.OrderNo) })
	}
}

// propose says what became of an order: mostly what the bank's statement would
// say, sometimes what is wrong.
func (w *world) propose() {
	p, ok := w.pick(inDoubt)
	if !ok {
		return
	}
	by := w.somebody(p.Judging())
	proposal := services.Proposal{
		Says: w.believed(p), Evidence: "gateway_reply", Text: "Support writes of order " + p.OrderNo, Reason: "they say so",
		Received: p.Amount().Decimal(), LookAgainAt: w.now().Add(time.Hour),
	}
	w.act("propose", func(ctx context.Context, at *instance) error {
		return at.verdicts.Propose(ctx, by, p.OrderNo, proposal, servicestest.Click(at.verdicts.Core, by))
	})
}

func (w *world) believed(p models.Payout) models.Said {
	if w.chance(45) {
		return one(w.r, models.AllSaid)
	}
	if order, known := w.box.Order(p.OrderNo); known && left(order) {
		return models.SaidPaid
	}
	return models.SaidNotPaid
}

// confirm is the second person's choice, which is mostly the first one's.
func (w *world) confirm() {
	p, ok := w.pick(func(p models.Payout) bool {
		_, open := w.openVerdict(p)
		return open
	})
	if !ok {
		return
	}
	v, _ := w.openVerdict(p)
	choice := v.Says
	if w.chance(20) {
		choice = models.SaidPaid
	}
	by := w.somebody(p.Judging())
	w.act("confirm", func(ctx context.Context, at *instance) error {
		_, err := at.verdicts.Confirm(ctx, by, p.OrderNo, v.ID, choice, "I have seen it too", servicestest.Click(at.verdicts.Core, by))
		return err
	})
}

func (w *world) openVerdict(p models.Payout) (models.Verdict, bool) {
	if !inDoubt(p) {
		return models.Verdict{}, false
	}
	v, open, err := models.OpenVerdict(w.db(), p.ID)
	w.must(err)
	return v, open
}

func (w *world) cord() {
	by := w.somebody(models.VerbCord)
	w.act("pull the cord", func(ctx context.Context, at *instance) error {
		return at.accounts.PullCord(ctx, by, "a phone call that sounded odd")
	})
}

func (w *world) restart() {
	by := w.somebody(models.VerbRestart)
	w.act("start sending again", func(ctx context.Context, at *instance) error {
		return w.letSend(ctx, at.accounts, by, models.AllSending, "it was nothing")
	})
}

func (w *world) pause() {
	by, rail := w.somebody(models.VerbCord), one(w.r, servicestest.Rails)
	w.act("pause", func(ctx context.Context, at *instance) error {
		return at.accounts.Pause(ctx, by, w.accounts[rail].ID, "they are at work there")
	})
}

func (w *world) reopen() {
	by, rail := w.somebody(models.VerbRestart), one(w.r, servicestest.Rails)
	w.act("reopen", func(ctx context.Context, at *instance) error {
		return w.letSend(ctx, at.accounts, by, services.AccountSubject(w.accounts[rail].ID), "they are done")
	})
}

// letSend is one half of letting sending go on: it confirms what waits, or asks for it.
func (w *world) letSend(ctx context.Context, accounts *services.Accounts, by models.Person, subject, reason string) error {
	waiting, waits, err := models.WaitingChange(w.db(), models.ChangeSending, subject)
	if err != nil || waits {
		if err == nil {
			_, err = (&services.Changes{Core: accounts.Core}).Confirm(ctx, by.As(models.VerbRestart), waiting.ID, waiting.Digest, servicestest.Click(accounts.Core, by))
		}
		return err
	}
	return servicestest.AskToSend(ctx, accounts, by, subject, reason)
}
