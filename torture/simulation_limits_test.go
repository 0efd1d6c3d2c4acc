package torture

import (
	"context"
	"time"

	"countersign/models"
)

// limit sets limits so low that some of what is signed has no room, or lifts them.
func (w *world) limit() {
	if w.chance(40) {
		w.setLimits(models.NoLimits)
		return
	}
	limits := models.Limits{Zone: "Asia/Taipei"}
	for _, currency := range []string{"TWD", "CNY", "PEN"} {
		limits.Limits = append(limits.Limits, models.Limit{
			Scope: one(w.r, models.LimitScopes), Currency: currency, Minor: one(w.r, []int64{50_00, 250_00, 400_00, 700_000_00}),
		})
	}
	for _, currency := range []string{"TWD", "CNY", "PEN"} {
		if w.chance(50) {
			limits.Windows = append(limits.Windows, models.Window{Currency: currency, Minor: one(w.r, []int64{1, 150_00, 1000_00}), Minutes: 1 + w.r.IntN(90)})
		}
	}
	w.setLimits(limits)
}

// stop calls a released order back while it can be.
func (w *world) stop() {
	if p, ok := w.pick(func(p models.Payout) bool { return p.InWindow(w.now()) }); ok {
		by := w.somebody(models.VerbHold)
		w.act("stop", func(ctx context.Context, at *instance) error { return at.payouts.Stop(ctx, by, p.OrderNo) })
	}
}

func (w *world) setLimits(l models.Limits) {
	_, err := w.either().limits.Set(context.Background(), models.Machine("countersign"), l, "the simulation")
	w.must(err)
	w.bounds = l
}

// checkLimits asks, when an order has found room, whether all that counts on that day
// stays within the limits, the order itself among it (I18). What turned out to have been
// paid after all is beyond anybody's power.
func (w *world) checkLimits(id models.PayoutID, day string) {
	found := w.order(id)
	for _, limit := range w.bounds.For(found.Currency) {
		var sum int64
		for _, p := range w.rows {
			if p.Consumes() && !p.Clash && !p.ByHand && p.Room == day && p.Currency == found.Currency && sameBound(limit.Scope, p, found) {
				sum += p.AmountMinor
			}
		}
		if most := limit.On(day); sum > most.Minor {
			w.complain("I18", "order %d found room on %s, and %s counts against the limit %s of %s", id, day, models.Money{Minor: sum, Currency: found.Currency}, limit.Scope, most)
		}
	}
}

// sameBound says whether two orders count against the same limit.
func sameBound(scope models.LimitScope, p, found models.Payout) bool {
	switch scope {
	case models.LimitOrder:
		return p.ID == found.ID
	case models.LimitMaker:
		return p.MakerID == found.MakerID
	case models.LimitPayee:
		return string(p.AccountHash) == string(found.AccountHash)
	case models.LimitGateway:
		return p.AccountID == found.AccountID
	}
	return true
}

// checkWindow asks, when an order leaves, whether it could not be called back any more.
func (w *world) checkWindow(e models.Event) {
	if p := w.order(e.PayoutID); e.At.Before(p.LeavesAt) {
		w.complain("X24", "order %d left at %s, and could be called back until %s", p.ID, e.At, p.LeavesAt)
	}
}

// stoppedInWindow leads an order to be released and called back before it leaves.
func (w *world) stoppedInWindow() {
	w.setLimits(models.Limits{Zone: "UTC", Windows: []models.Window{{Currency: "TWD", Minor: 1, Minutes: 40}}})
	p := w.ready("apay.taiwan", nil)
	if w.chance(70) {
		_ = w.programs[0].payouts.Stop(context.Background(), w.person("controller"), p.OrderNo)
	}
}

// leftUnsigned leads a submitted order to wait longer than it may.
func (w *world) leftUnsigned() {
	form := w.form("cashy.peru")
	form.TwinReason, form.WarningReason = "two invoices of one day", "the payee wants it so"
	p, err := w.programs[0].payouts.Draft(context.Background(), w.maker, form, nil)
	if err != nil {
		return
	}
	w.script(p.OrderNo, w.accounts["cashy.peru"].Family)
	w.must(w.programs[0].payouts.Submit(context.Background(), w.maker, p.OrderNo, p.Digest))
	w.time = w.time.Add(8 * 24 * time.Hour)
	w.timetable()
}
