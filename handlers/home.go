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
