package handlers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// payeesShown is a page of the book.
const payeesShown = 50

// listPayees handles GET /payees.
func (h *Handlers) listPayees(c *gin.Context) error {
	ctx, values := c.Request.Context(), c.Request.URL.Query()
	f, refused := models.ParsePayeeFilter(values)
	if to, ok := h.payeeShortcut(f); ok {
		leave(c, to)
		return nil
	}
	page := views.PayeesPage{Filter: f, Errors: filterErrors(ctx, refused), MayDraft: person(c).May(models.VerbDraft), MayEnter: person(c).May(models.VerbPayee), MayFind: mayFind(person(c))}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return fillPayees(db, &page, values) })
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.payees"), "payees")
	status := http.StatusOK
	if len(refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return h.show(c, status, views.Payees(page))
}

// fillPayees reads the lines of one page.
func fillPayees(db *gorm.DB, p *views.PayeesPage, values url.Values) (err error) {
	if p.Rails, err = railsInUse(db); err != nil || len(p.Errors) > 0 {
		return err
	}
	before, after := models.PayeeID(asID(values.Get("before"))), models.PayeeID(asID(values.Get("after")))
	p.PayeePage, err = models.ListPayees(db, p.Filter, before, after, payeesShown)
	return err
}

// railsInUse are the rails of all accounts, each once.
func railsInUse(db *gorm.DB) (rails []string, err error) {
	all, err := waysOfPaying(db)
	seen := map[string]bool{}
	for _, w := range all {
		if !seen[w.rail.ID] {
			seen[w.rail.ID] = true
			rails = append(rails, w.rail.ID)
		}
	}
	return rails, err
}

// payeeShortcut leads an address that holds a whole account number to its hash (I24).
func (h *Handlers) payeeShortcut(f models.PayeeFilter) (to string, ok bool) {
	number := models.ReadSearch(f.Search).AccountNumber()
	if number == "" {
		return "", false
	}
	f.Number, f.Search = h.Payees.HashAccount(number), ""
	return string(views.PayeesPath(f)), true
}

// searchPayees handles POST /payees/search: an account number may be typed in the box,
// which no address may hold (I24).
func (h *Handlers) searchPayees(c *gin.Context) error {
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
	f, refused := models.ParsePayeeFilter(values)
	if len(refused) > 0 {
		return refused
	}
	if to, ok := h.payeeShortcut(f); ok {
		return redirect(c, to)
	}
	return redirect(c, string(views.PayeesPath(f)))
}

// railWords name a rail and its currency.
func railWords(ctx context.Context, id string) string {
	_, rail, known := families.Rail(id)
	if !known {
		return id
	}
	return i18n.T(ctx, rail.Key) + ", " + rail.Currency
}
