package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// homeDays is how far back the figures of home go.
const homeDays = 30

// leavingMost is how many orders that can still be called back stand on home.
const leavingMost = 10

// riskHours is how far back the line of the money at risk goes.
const riskHours = 48

// showHome handles GET /. Everybody who is signed in has one; what stands on it
// follows from their roles.
func (h *Handlers) showHome(c *gin.Context) error {
	ctx, by := c.Request.Context(), person(c)
	page := views.HomePage{MayDraft: by.May(models.VerbDraft), MayGateway: by.May(models.VerbHealth)}
	// One snapshot, so that no two figures of the page tell of different moments.
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		return h.fillHome(ctx, db, &page, by, c.Query("currency"))
	})
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.home"), "home")
	if page.Work != nil {
		page.Shell.Stream = "/stream/home"
	}
	return h.show(c, http.StatusOK, views.Home(page))
}

func (h *Handlers) fillHome(ctx context.Context, db *gorm.DB, p *views.HomePage, by models.Person, currency string) error {
	cells, err := models.PayoutCounts(db)
	if err != nil {
		return err
	}
	if by.May(models.VerbHealth) {
		if p.Balances, err = balanceRows(db, cells, h.Now()); err != nil {
			return err
		}
	}
	if by.May(models.VerbAudit) {
		if err := h.fillGuards(ctx, db, p, by); err != nil {
			return err
		}
	}
	if !by.May(models.VerbSee) {
		return nil
	}
	if p.Guards == nil {
		if p.Guards, err = h.guards(db); err != nil {
			return err
		}
	}
	work, err := h.work(db, by, cells)
	if err != nil {
		return err
	}
	p.Work = &work
	if by.May(models.VerbSetPolicy) {
		if p.Stuck, err = stuckNow(ctx, db); err != nil {
			return err
		}
		if p.ForGood, err = stopsForGood(ctx, db); err != nil {
			return err
		}
	}
	if p.Drafts, err = models.CountDrafts(db, by.ID); err != nil {
		return err
	}
	if len(cells) == 0 {
		p.First, err = h.firstSteps(ctx, db, p.Balances)
		return err
	}
	if p.Charts, err = homeCharts(ctx, db, cells, currency, h.Now()); err != nil {
		return err
	}
	p.Risk = &views.RiskPage{Currency: p.Charts.Currency}
	if p.Risk.Rows, err = riskRows(db); err != nil {
		return err
	}
	p.Risk.Hours, p.Risk.Sums, err = models.RiskByHour(db, p.Risk.Currency, h.Now(), riskHours)
	return err
}

// work is what waits for people.
func (h *Handlers) work(db *gorm.DB, by models.Person, cells []models.PayoutCount) (w views.WorkFigures, err error) {
	if w.MaySign = by.May(models.VerbApprove); w.MaySign {
		w.Approvals.Orders, w.Approvals.Sums, err = models.ToSign(db, by)
	} else {
		w.Approvals = waitingIn(cells, models.PayoutFilter{Tab: models.TabNeedsApproval})
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

// balanceRows are the accounts with what is in them, what is promised and what is
// in doubt.
func balanceRows(db *gorm.DB, cells []models.PayoutCount, now time.Time) (rows []views.AccountCard, err error) {
	accounts, err := models.Accounts(db)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		row, err := weighedCard(db, cells, a, now)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// guards are the duties that protect the evidence.
func (h *Handlers) guards(db *gorm.DB) (*views.Guards, error) {
	duties, err := models.Duties(db)
	if err != nil {
		return nil, err
	}
	entries, _, err := models.Head(db)
	if err != nil {
		return nil, err
	}
	away, missed, _, err := models.LastAway(db)
	if err != nil {
		return nil, err
	}
	silent, err := models.SilentAccounts(db)
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(db)
	return &views.Guards{
		Now: h.Now(), Sweeper: duties["sweeper"], Verify: duties["verify"], Backup: duties["backup"], Restore: duties["restore_check"],
		Entries: entries, Away: away, Missed: missed,
		Silent: silent, Heads: duties["heads"], Left: heads.Way.LeftAt, Unleft: heads.Waiting,
	}, err
}

// fillGuards adds what an auditor looks at first.
func (h *Handlers) fillGuards(ctx context.Context, db *gorm.DB, p *views.HomePage, by models.Person) (err error) {
	if p.Guards, err = h.guards(db); err != nil || !by.Has(models.Auditor) {
		return err
	}
	f, _ := models.ParseEventFilter(map[string][]string{"when": {"30d"}}, i18n.Zone(ctx), h.Now())
	p.Exceptions, err = questionCounts(db, f)
	return err
}

// firstSteps is what a new installation lacks.
func (h *Handlers) firstSteps(ctx context.Context, db *gorm.DB, balances []views.AccountCard) (steps []ui.Step, err error) {
	address, err := models.ReadSetting(db, models.SettingPublicURL)
	if err != nil {
		return nil, err
	}
	people, err := models.People(db)
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name string
		done bool
	}{{"account", len(balances) > 0}, {"address", address != ""}, {"people", twoPeople(people)}, {"payout", false}} {
		state := map[bool]string{true: "done"}[step.done]
		if !step.done && (len(steps) == 0 || steps[len(steps)-1].State == "done") {
			state = "now"
		}
		steps = append(steps, ui.Step{State: state, Title: i18n.T(ctx, "home.step."+step.name), Text: i18n.T(ctx, "home.step."+step.name+"_text")})
	}
	return steps, nil
}

// twoPeople says whether somebody can make an order and somebody else sign it.
func twoPeople(people []models.Person) bool {
	for _, maker := range people {
		for _, approver := range people {
			if maker.ID != approver.ID && maker.Active && approver.Active && maker.May(models.VerbDraft) && approver.May(models.VerbApprove) {
				return true
			}
		}
	}
	return false
}

// streamHome handles GET /stream/home: the counts and what waits.
func (h *Handlers) streamHome(c *gin.Context) error {
	by := person(c)
	return h.follow(c, func(ctx context.Context) (templ.Component, error) {
		ctx = h.asOfNow(c, ctx)
		var shell views.Shell
		var work views.WorkFigures
		err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) (err error) {
			if shell, err = h.countedShell(db, by); err != nil {
				return err
			}
			cells, err := models.PayoutCounts(db)
			if err != nil {
				return err
			}
			work, err = h.work(db, by, cells)
			return err
		})
		return seenFrom(ctx, views.HomeNews(shell, work)), err
	})
}
