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
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// noticesShown is a page of the list.
const noticesShown = 50

// listNotices handles GET /notices.
func (h *Handlers) listNotices(c *gin.Context) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	page := views.NoticesPage{Filter: noticeFilter(c), MaySee: person(c).May(models.VerbSee)}
	if err := fillNotices(db, &page, asID(c.Query("before")), asID(c.Query("after"))); err != nil {
		return err
	}
	page.Claims = claims(ctx, page.Rows, page.Accounts)
	page.Shell = h.shell(c, i18n.T(ctx, "nav.notices"), "notices")
	return h.show(c, http.StatusOK, views.Notices(page))
}

// noticeFilter reads the filter from the address. What it does not know narrows
// nothing.
func noticeFilter(c *gin.Context) models.NoticeFilter {
	known := func(name string, values ...string) string {
		if value := c.Query(name); slices.Contains(values, value) {
			return value
		}
		return ""
	}
	f := models.NoticeFilter{
		List:    known("list", models.NoticesQuarantined, models.NoticesAll),
		Account: models.AccountID(asID(c.Query("account"))),
		Check:   known("check", views.NoticeChecks...), Says: known("says", views.NoticeSays...),
		OrderNo: strings.TrimSpace(c.Query("q")),
	}
	if f.List == "" {
		f.List = models.NoticesWaiting
	}
	return f
}

// asID reads a number from the address; 0 is none.
func asID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// fillNotices reads the rows of the page, one more to know whether more follow, and
// the counts of the tabs.
func fillNotices(db *gorm.DB, p *views.NoticesPage, before, after int64) (err error) {
	if p.Rows, err = models.ListNotices(db, p.Filter, before, after, noticesShown+1); err != nil {
		return err
	}
	p.Rows, p.Newer, p.Older = turnPages(p.Rows, before, after)
	if p.Accounts, err = models.Accounts(db); err != nil {
		return err
	}
	if p.Found, err = models.CountNotices(db, p.Filter, views.CountedNotices); err != nil {
		return err
	}
	if p.Waiting, err = models.NoticesToLookAt(db); err != nil {
		return err
	}
	if p.Put, err = models.CountNotices(db, models.NoticeFilter{List: models.NoticesQuarantined}, views.CountedNotices); err != nil {
		return err
	}
	p.All, err = models.NoticesEver(db)
	return err
}

// claims are the words of notices that were not verified, so that people see what
// somebody wanted us to believe.
func claims(ctx context.Context, rows []models.Notice, accounts []models.GatewayAccount) map[int64]string {
	found := map[int64]string{}
	for _, n := range rows {
		at := slices.IndexFunc(accounts, func(a models.GatewayAccount) bool { return a.ID == n.AccountID })
		if n.Verified == "good" || at < 0 {
			continue
		}
		if family, ok := families.Find(accounts[at].Family); ok {
			if key, args := family.Explain(n.Word); key != "" {
				found[n.ID] = i18n.T(ctx, key, args...)
			}
		}
	}
	return found
}

// turnPages cuts the row that only tells that more follow, and says from where the
// neighbouring pages begin.
func turnPages(rows []models.Notice, before, after int64) (page []models.Notice, newer, older int64) {
	more := len(rows) > noticesShown
	switch {
	case len(rows) == 0:
		return rows, 0, 0
	case more && after > 0:
		rows = rows[1:]
	case more:
		rows = rows[:noticesShown]
	}
	if after > 0 && more || before > 0 {
		newer = rows[0].ID
	}
	if after > 0 || more {
		older = rows[len(rows)-1].ID
	}
	return rows, newer, older
}
