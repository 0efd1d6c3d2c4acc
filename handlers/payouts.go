package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
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

// readFilter reads the address; a rail must be one that we speak.
func readFilter(values url.Values, reader models.Person, now time.Time) (models.PayoutFilter, models.Refusals) {
	f, refused := models.ParsePayoutFilter(values, reader, now)
	if _, _, known := families.Rail(f.Rail); f.Rail != "" && !known {
		f.Rail = ""
		refused = append(refused, models.Refuse(models.Invalid, "filter.unknown_choice").On("rail"))
	}
	return f, refused
}

// shortcut is where an address leads that need not be a list: an exact number to
// its order, a whole account number to its hash, and one with empty answers, as
// forms make them, to the same without.
func (h *Handlers) shortcut(ctx context.Context, f models.PayoutFilter, values url.Values) (to string, ok bool, err error) {
	if f.Search.Text != "" {
		if to, ok, err := h.searched(ctx, f); err != nil || ok {
			return to, ok, err
		}
	}
	for name, all := range values {
		if slices.Contains(all, "") {
			values.Del(name)
			ok = true
		}
	}
	return listAddress("/payouts", values), ok, nil
}

func listAddress(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// searched is where the one box leads, unless to a list of what was typed.
func (h *Handlers) searched(ctx context.Context, f models.PayoutFilter) (to string, ok bool, err error) {
	db := h.Store.Read(ctx)
	orderNo, exactly, err := models.FindExactly(db, f.Search)
	if err != nil || exactly {
		return string(views.PayoutPath(orderNo)), exactly, err
	}
	number := f.Search.AccountNumber()
	if number == "" {
		return "", false, nil
	}
	if known, err := models.HasReference(db, f.Search); err != nil || known {
		return "", false, err
	}
	f.Number, f.Search = h.Payouts.HashAccount(number), models.Search{}
	return string(views.PayoutsPath(f)), true, nil
}

type searchForm struct {
	Q      string `form:"q"`
	Filter string `form:"filter"` // the address of the list that is searched
}

// searchPayouts handles POST /payouts/search: the box is sent by POST because an
// account number may be typed in it, which no address may hold (I24).
func (h *Handlers) searchPayouts(c *gin.Context) error {
	var form searchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	values, err := url.ParseQuery(form.Filter)
	if err != nil {
		return unreadable{err}
	}
	values.Set("q", form.Q)
	values.Del("number")
	f, refused := readFilter(values, person(c), visitOf(c).began)
	if len(refused) > 0 {
		return refused
	}
	to, ok, err := h.searched(c.Request.Context(), f)
	if err == nil && !ok {
		to = string(views.PayoutsPath(f))
	}
	if err != nil {
		return err
	}
	return redirect(c, to)
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
	list, err := models.ListPayouts(db, p.Filter, at)
	if err != nil {
		return err
	}
	p.Newer, p.Older = list.Newer, list.Older
	if p.Rows, err = payoutRowsOf(db, list.Rows); err != nil {
		return err
	}
	for _, tab := range models.Tabs {
		count := views.TabCount{Tab: tab}
		if count.Orders, count.Capped, err = models.CountPayouts(db, p.Filter.InTab(tab)); err != nil {
			return err
		}
		p.Counts = append(p.Counts, count)
	}
	if p.Newer && len(p.Rows) > 0 {
		if p.Above, _, err = models.CountNewer(db, p.Filter, p.Rows[0].ID); err != nil {
			return err
		}
	}
	p.Sums, _, err = models.SumPayouts(db, p.Filter)
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

// payoutsStream is where the page hears what has changed since it was drawn: it
// names its rows and the last event that it knows of.
func payoutsStream(p views.PayoutsPage, seen int64) string {
	ids := make([]string, len(p.Rows))
	for i, row := range p.Rows {
		ids[i] = strconv.FormatInt(int64(row.ID), 10)
	}
	values := p.Filter.Values()
	values.Set("rows", strings.Join(ids, "."))
	values.Set("seen", strconv.FormatInt(seen, 10))
	if p.Newer {
		values.Set("deep", "on") // new orders are far from here
	}
	return "/payouts/stream?" + values.Encode()
}

// watched is what an open list shows.
type watched struct {
	by     models.Person
	filter models.PayoutFilter
	rows   []models.PayoutID
	deep   bool
}

// streamPayouts handles GET /payouts/stream: rows are drawn again where they
// stand, and new orders are announced, never inserted (K5).
func (h *Handlers) streamPayouts(c *gin.Context) error {
	values := c.Request.URL.Query()
	seen, w := asID(values.Get("seen")), watched{by: person(c), deep: values.Get("deep") != ""}
	for text := range strings.SplitSeq(values.Get("rows"), ".") {
		w.rows = append(w.rows, models.PayoutID(asID(text)))
	}
	for _, name := range []string{"seen", "rows", "deep"} {
		values.Del(name)
	}
	var refused models.Refusals
	if w.filter, refused = readFilter(values, person(c), visitOf(c).began); len(refused) > 0 || len(w.rows) > payoutsShown {
		return models.Refuse(models.Missing, "error.no_page")
	}
	return h.follow(c, func(ctx context.Context) (templ.Component, error) {
		ctx = h.asOfNow(c, ctx)
		update, head, err := h.payoutsUpdate(ctx, w, seen)
		seen = head
		return seenFrom(ctx, views.PayoutsNews(update)), err
	})
}

// payoutsUpdate reads which of the rows have changed after an event, and how many
// orders came after the first of them.
func (h *Handlers) payoutsUpdate(ctx context.Context, w watched, seen int64) (u views.PayoutsUpdate, head int64, err error) {
	u.Show = views.PayoutsPath(w.filter)
	err = h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		if u.Counts, err = h.counts(db, w.by); err != nil {
			return err
		}
		if head, _, err = models.Head(db); err != nil {
			return err
		}
		changed, err := models.ChangedSince(db, seen, w.rows)
		if err != nil {
			return err
		}
		if u.Rows, err = payoutRowsOf(db, changed); err != nil || w.deep {
			return err
		}
		u.Newer, _, err = models.CountNewer(db, w.filter, w.rows[0])
		return err
	})
	return u, head, err
}
