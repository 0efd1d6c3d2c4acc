package handlers

import (
	"time"

	"github.com/a-h/templ"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

// work is what waits for people.
func (h *Handlers) work(db *gorm.DB, by models.Person, cells []models.PayoutCount) (w views.WorkFigures, err error) {
	if w.MaySign = by.May(models.VerbApprove); w.MaySign {
		err = signable(db, by, h.Now(), &w)
	} else {
		err = waitingForOthers(db, cells, h.Now(), &w)
	}
	if err != nil {
		return w, err
	}
	w.Contradiction = waitingIn(cells, models.PayoutFilter{Contradicted: true})
	w.Held = waitingIn(cells, models.PayoutFilter{Held: true})
	if w.Unclear, err = models.CountUnclear(db, h.Now()); err != nil {
		return w, err
	}
	if w.ClashSince, err = models.OldestContradiction(db); err != nil {
		return w, err
	}
	if w.HeldWhy, err = models.HeldReasons(db); err != nil {
		return w, err
	}
	if w.Leaving, err = models.Leaving(db, h.Now(), leavingMost); err != nil {
		return w, err
	}
	if w.Expiring, err = expiringFor(db, by, h.Now()); err != nil {
		return w, err
	}
	if w.WithYou, err = models.WithYou(db, by, leavingMost); err != nil {
		return w, err
	}
	if by.May(models.VerbSetPolicy) {
		if w.WithNobody, err = models.WithControllers(db, leavingMost); err != nil {
			return w, err
		}
	}
	if w.NoRoom.Orders, w.NoRoom.Sums, err = models.CountWithoutRoom(db); err != nil {
		return w, err
	}
	if w.Denied, err = deniedVerdicts(db, by); err != nil {
		return w, err
	}
	if by.May(models.VerbVerdict) {
		open, _, err := models.CountLooseSends(db)
		if w.Loose = int(open); err != nil {
			return w, err
		}
	}
	if w.Changes, err = models.CountChangesFor(db, by); err != nil {
		return w, err
	}
	if w.Finds, err = findsFor(db, by); err != nil {
		return w, err
	}
	if w.Blocked, err = blockedOrders(db, by); err != nil || !by.May(models.VerbClose) {
		return w, err
	}
	if w.Resets, err = resetsFor(db, by); err != nil {
		return w, err
	}
	return w, escalated(db, &w)
}

// signable is what the reader may sign, with the next cut-off: of what waits for them, or of
// any account where nothing does.
func signable(db *gorm.DB, by models.Person, now time.Time, w *views.WorkFigures) error {
	mine, err := models.ToSign(db, by)
	if err != nil {
		return err
	}
	w.Approvals.Orders, w.Approvals.Sums = mine.Orders(), mine.Sums()
	if w.CutOffs, err = models.ReadCutOffs(db, now); err != nil {
		return err
	}
	w.CutOff, w.AtCutOff = mine.Next(w.CutOffs)
	if w.Approvals.Orders > 0 {
		return nil
	}
	w.CutOff = w.CutOffs.Next()
	w.ForOthers, err = models.CountForOthers(db, by)
	return err
}

// waitingForOthers is what others have to sign, with the next cut-off of it: its maker wants
// to know by when.
func waitingForOthers(db *gorm.DB, cells []models.PayoutCount, now time.Time, w *views.WorkFigures) (err error) {
	w.Approvals = waitingIn(cells, models.PayoutFilter{Tab: models.TabNeedsApproval})
	if w.CutOffs, err = models.ReadCutOffs(db, now); err != nil {
		return err
	}
	w.CutOff, w.AtCutOff = models.ToBeSigned(cells).Next(w.CutOffs)
	return nil
}

// expiringFor are submitted orders that go back to their makers soon: those that the
// reader could sign or has made, and to a controller all of them.
func expiringFor(db *gorm.DB, by models.Person, now time.Time) (lines []views.ExpiringLine, err error) {
	limits, err := models.CurrentLimits(db)
	if err != nil {
		return nil, err
	}
	orders, err := limits.Content.Expiring(db, now, leavingMost)
	for _, p := range orders {
		if by.May(models.VerbApprove) || p.MadeBy(by.ID) {
			lines = append(lines, views.ExpiringLine{Payout: p, At: limits.Content.Expires(p)})
		}
	}
	return lines, err
}

// deniedVerdicts are what the reader settled with another and is contradicted now.
func deniedVerdicts(db *gorm.DB, by models.Person) (views.Waiting, error) {
	orders, err := models.DeniedVerdicts(db, by.ID)
	return views.Waiting{Orders: int64(len(orders)), Sums: models.SumsOf(orders)}, err
}

// resetsFor are the lost factors that wait for this controller.
func resetsFor(db *gorm.DB, by models.Person) (lines []views.ResetLine, err error) {
	all, err := models.OpenResets(db)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.CheckDecision(by) != nil {
			continue
		}
		p, err := models.FindPerson(db, r.PersonID)
		if err != nil {
			return nil, err
		}
		lines = append(lines, views.ResetLine{Name: p.Name, Path: templ.SafeURL(personPath(p.ID) + "/factors")})
	}
	return lines, nil
}

// escalated are the cases that two people could not settle; a controller sees them
// first.
func escalated(db *gorm.DB, w *views.WorkFigures) error {
	orders, err := models.EscalatedOrders(db)
	if err != nil {
		return err
	}
	w.Escalated = views.Waiting{Orders: int64(len(orders)), Sums: models.SumsOf(orders)}
	for _, p := range orders {
		w.EscalatedAt = "/contradictions"
		if !p.Clash {
			w.EscalatedAt = "/unclear"
			break
		}
	}
	return nil
}

// waitingIn reads a figure from the kept counters, as the list of the same filter
// does.
func waitingIn(cells []models.PayoutCount, f models.PayoutFilter) (w views.Waiting) {
	w.Orders, w.Sums = models.Kept(cells, f)
	return w
}

func blockedOrders(db *gorm.DB, by models.Person) (w views.Waiting, err error) {
	f := models.Everything(by)
	f.Blocked = true
	if w.Orders, _, err = models.CountPayouts(db, f); err != nil || w.Orders == 0 {
		return w, err
	}
	w.Sums, _, err = models.SumPayouts(db, f)
	return w, err
}
