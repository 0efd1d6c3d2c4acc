package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// payoutsShown is a page of the list.
const payoutsShown = 50

// listPayouts handles GET /payouts.
func (h *Handlers) listPayouts(c *gin.Context) error {
	values := c.Request.URL.Query()
	f, refused := readFilter(values, person(c), visitOf(c).began)
	if len(refused) == 0 {
		if to, ok, err := h.shortcut(c.Request.Context(), f, values); err != nil || ok {
			leave(c, to)
			return err
		}
	}
	page, seen, err := h.payoutsPage(c.Request.Context(), f, refused, values)
	if err != nil {
		return err
	}
	page.MayDraft, page.MayExport = person(c).May(models.VerbDraft), person(c).May(models.VerbExport)
	page.OwnExports = exportsOwn(person(c))
	page.Shell = h.shell(c, i18n.T(c.Request.Context(), "nav.payouts"), "payouts")
	if len(page.Rows) > 0 {
		page.Shell.Stream = payoutsStream(page, seen)
	}
	status := http.StatusOK
	if len(refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return h.show(c, status, views.Payouts(page))
}

// payoutsPage reads rows, counts and sums from one snapshot (I30). seen is the
// last event that it knows of.
func (h *Handlers) payoutsPage(ctx context.Context, f models.PayoutFilter, refused models.Refusals, values url.Values) (p views.PayoutsPage, seen int64, err error) {
	p = views.PayoutsPage{Filter: f, Typed: values, Errors: filterErrors(ctx, refused)}
	err = h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		if p.Accounts, err = models.Accounts(db); err != nil {
			return err
		}
		if p.Makers, err = makers(db); err != nil || len(refused) > 0 {
			return err
		}
		if seen, _, err = models.Head(db); err != nil {
			return err
		}
		return fillPayouts(db, &p, models.PayoutPage{
			Before: models.PayoutID(asID(values.Get("before"))), After: models.PayoutID(asID(values.Get("after"))), Size: payoutsShown,
		})
	})
	return p, seen, err
}

// filterErrors are the sentences for an address that cannot be read.
func filterErrors(ctx context.Context, refused models.Refusals) (errs views.Errors) {
	for _, r := range refused {
		errs = append(errs, ui.FieldError{ID: r.Field, Text: refusalText(ctx, r)})
	}
	return errs
}

func fillPayouts(db *gorm.DB, p *views.PayoutsPage, at models.PayoutPage) error {
	o, err := models.Overlook(db, p.Filter, at)
	if err != nil {
		return err
	}
	p.Newer, p.Older, p.Above, p.Counts, p.Sums = o.Newer, o.Older, o.Above, o.Tabs, o.Sums
	p.Rows, err = payoutRowsOf(db, o.Rows)
	return err
}

// payoutRowsOf adds to orders what a row says of others: the bank, the account,
// the maker, and whether anybody is left to sign.
func payoutRowsOf(db *gorm.DB, orders []models.Payout) ([]views.PayoutRow, error) {
	banks, err := models.BanksOf(db, orders)
	if err != nil {
		return nil, err
	}
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	accounts, err := accountNames(db)
	if err != nil {
		return nil, err
	}
	blocked, err := models.BlockedAmong(db, orders)
	rows := make([]views.PayoutRow, len(orders))
	for i, p := range orders {
		rows[i] = views.PayoutRow{
			Payout: p, Maker: names[p.MakerID], Bank: banks[p.PayeeVersionID], Account: accounts[p.AccountID],
			Badge: p.State.Badge(models.Flags{Blocked: slices.Contains(blocked, p.ID), HeldWhy: p.HeldWhy}),
		}
	}
	return rows, err
}

func accountNames(db *gorm.DB) (map[models.AccountID]string, error) {
	accounts, err := models.Accounts(db)
	names := make(map[models.AccountID]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}

// makers are those who may have made an order, for the filter.
func makers(db *gorm.DB) ([]models.Person, error) {
	people, err := models.People(db)
	return slices.DeleteFunc(people, func(p models.Person) bool { return !p.May(models.VerbDraft) }), err
}
