package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

const (
	limitUsers  = 5  // how many who have used most of a limit today are named
	waitingMost = 50 // orders without room that are listed
)

// showLimits handles GET /limits.
func (h *Handlers) showLimits(c *gin.Context) error {
	ctx := c.Request.Context()
	page := views.LimitsPage{}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return h.fillLimits(ctx, db, &page) })
	if err != nil {
		return err
	}
	if page.MayChange = person(c).May(models.VerbLimits); page.MayChange {
		if page.Settable, err = h.settable(ctx); err != nil {
			return err
		}
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.limits"), "limits")
	return h.show(c, http.StatusOK, views.LimitsOf(page))
}

// settable are the subjects of all limits that can be set: of the currencies of our
// accounts.
func (h *Handlers) settable(ctx context.Context) (subjects []string, err error) {
	accounts, err := models.Accounts(h.Store.Read(ctx))
	for _, a := range accounts {
		for _, scope := range append(slices.Clone(models.LimitScopes), models.LimitWindow) {
			if subject := models.LimitSubject(scope, a.Currency); !slices.Contains(subjects, subject) {
				subjects = append(subjects, subject)
			}
		}
	}
	slices.SortStableFunc(subjects, func(a, b string) int { return strings.Compare(a[strings.Index(a, " "):], b[strings.Index(b, " "):]) })
	return subjects, err
}

func (h *Handlers) fillLimits(ctx context.Context, db *gorm.DB, page *views.LimitsPage) (err error) {
	if page.Current, err = models.CurrentLimits(db); err != nil {
		return err
	}
	limits := page.Current.Content
	if page.Day, err = limits.RoomDay(db, h.Now()); err != nil {
		return err
	}
	if page.Versions, err = models.VersionsSeen(db); err != nil {
		return err
	}
	for _, currency := range limits.Currencies() {
		if seen, err := models.SeesOf(db, currency); err != nil || !seen {
			if err != nil {
				return err
			}
			continue
		}
		own := views.CurrencyLimits{Currency: currency}
		for _, limit := range limits.For(currency) {
			lines, err := limitLines(db, limit, page.Day)
			if err != nil {
				return err
			}
			own.Lines = append(own.Lines, lines...)
		}
		for _, w := range limits.Windows {
			if w.Currency == currency {
				own.Window = &w
			}
		}
		page.Currencies = append(page.Currencies, own)
	}
	return h.fillWaiting(ctx, db, page)
}

// limitLines are a limit, and who has used the most of it today, of what the reader sees.
func limitLines(db *gorm.DB, limit models.Limit, day string) (lines []views.LimitLine, err error) {
	uses, known, err := models.UsesSeen(db, day, limit.Currency, limit.Scope, limitUsers)
	lines = []views.LimitLine{{Limit: limit, Part: !known && limit.Scope != models.LimitOrder}}
	if err != nil || len(uses) == 0 {
		return lines, err
	}
	if limit.Scope == models.LimitDay {
		lines[0].Used = uses[0].SumMinor
		return lines, nil
	}
	for _, use := range uses {
		who, err := limitUser(db, use)
		if err != nil {
			return nil, err
		}
		lines = append(lines, views.LimitLine{Limit: limit, Who: who, Used: use.SumMinor})
	}
	return lines, nil
}

// limitUser is what the subject of a limit is called.
func limitUser(db *gorm.DB, use models.LimitUse) (string, error) {
	id, _ := strconv.ParseInt(use.Subject, 10, 64)
	switch use.Scope {
	case models.LimitMaker:
		p, err := models.FindPerson(db, models.PersonID(id))
		return p.Name, err
	case models.LimitGateway:
		a, err := models.FindAccount(db, models.AccountID(id))
		return a.Name, err
	}
	name, last4, err := models.NameOfAccount(db, use.Subject)
	return name + " ····" + last4, err
}

// fillWaiting lists what is signed and has no room.
func (h *Handlers) fillWaiting(ctx context.Context, db *gorm.DB, page *views.LimitsPage) (err error) {
	if page.Waiting.Orders, page.Waiting.Sums, err = models.CountWithoutRoom(db); err != nil {
		return err
	}
	orders, err := models.WithoutRoom(db, waitingMost)
	if err != nil {
		return err
	}
	for _, p := range orders {
		meters, err := page.Current.Content.Meters(db, p, page.Day)
		if err != nil {
			return err
		}
		page.Orders = append(page.Orders, views.WaitingLine{Payout: p, Why: views.ShortWords(ctx, models.ShortOf(meters))})
	}
	return nil
}
