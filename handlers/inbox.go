package handlers

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// inboxRows is how many orders stand on one page of the inbox.
const inboxRows = 50

// sortedFor is how long the pages of one list follow each other in the order of the first.
const sortedFor = time.Hour

// askedInbox is the list as the address asks for it, and the moment by which it is sorted.
// The moment stays the same from page to page: a cut-off that passes between two of them
// would else put orders behind those that were shown already, where nobody sees them.
func (h *Handlers) askedInbox(c *gin.Context, db *gorm.DB) (inbox models.Inbox, at time.Time, err error) {
	now := h.Now()
	ms, _ := strconv.ParseInt(c.Query("at"), 10, 64)
	if at = models.FromMillis(ms); at.After(now) || at.Before(now.Add(-sortedFor)) {
		at = now
	}
	if inbox, err = models.NewInbox(db, at); err != nil {
		return inbox, at, err
	}
	if sort := models.InboxSort(c.Query("sort")); slices.Contains(models.InboxSorts, sort) && (sort != models.ByCutOff || len(inbox.CutOffs) > 0) {
		inbox.Sort = sort
	}
	inbox.Limit = inboxRows + 1
	after := c.Query("after")
	if after == "" {
		return inbox, at, nil
	}
	last, err := models.FindOrder(db, after)
	inbox.After = &last
	return inbox, at, err
}

// fillInbox lists a page of orders that wait for signatures.
func (h *Handlers) fillInbox(c *gin.Context, db, narrowed *gorm.DB, page *views.Approvals) error {
	ctx := c.Request.Context()
	inbox, at, err := h.askedInbox(c, db)
	if err != nil {
		return err
	}
	orders, err := inbox.Find(narrowed)
	if err != nil {
		return err
	}
	if len(orders) > inboxRows {
		orders = orders[:inboxRows]
		page.More = inboxPath("tab", page.Tab, "sort", string(inbox.Sort), "after", orders[inboxRows-1].OrderNo, "at", strconv.FormatInt(models.Millis(at), 10))
	}
	page.Sorts = sortLinks(ctx, page.Tab, inbox)
	return h.groupInbox(ctx, db, page, orders, inbox.Sort, person(c))
}

// sortLinks are the other orders in which the rows may stand.
func sortLinks(ctx context.Context, tab string, inbox models.Inbox) (links []views.SortLink) {
	for _, sort := range models.InboxSorts {
		if sort == inbox.Sort || sort == models.ByCutOff && len(inbox.CutOffs) == 0 {
			continue
		}
		links = append(links, views.SortLink{Text: i18n.T(ctx, "inbox.sort_"+string(sort)), Href: inboxPath("tab", tab, "sort", string(sort))})
	}
	return links
}

// groupInbox sets the orders in groups: by their cut-off, by currency where the largest come
// first, or by the day on which they were submitted.
func (h *Handlers) groupInbox(ctx context.Context, db *gorm.DB, page *views.Approvals, orders []models.Payout, sort models.InboxSort, by models.Person) error {
	r, err := newInboxReader(db, h.Now())
	if err != nil {
		return err
	}
	if r.standing, err = h.standIns(db, by); err != nil {
		return err
	}
	page.Next = r.cutOffs.Next()
	r.by, page.Standing = by.ID, standInLines(r.standing, by.ID, h.Now())
	for _, p := range orders {
		row, err := r.row(ctx, db, p)
		if err != nil {
			return err
		}
		addToGroup(page, groupTitle(ctx, row, sort), row)
		if row.Blocked {
			page.Blocked = append(page.Blocked, p)
		}
	}
	return nil
}

func groupTitle(ctx context.Context, row views.InboxRow, sort models.InboxSort) string {
	switch sort {
	case models.ByCutOff:
		return views.CutOffTitle(ctx, row.CutOff)
	case models.ByAmount:
		return row.Payout.Currency
	}
	return i18n.T(ctx, "inbox.submitted", "Day", i18n.NearDay(ctx, row.Payout.SubmittedAt))
}
