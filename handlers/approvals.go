package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// listApprovals handles GET /approvals.
func (h *Handlers) listApprovals(c *gin.Context) error {
	ctx := c.Request.Context()
	db, by := h.Store.Read(ctx), person(c)
	page := views.Approvals{Tab: inboxTab(c, by), MaySign: by.May(models.VerbApprove)}
	if err := fillTabs(ctx, db, by, &page); err != nil {
		return err
	}
	var err error
	switch page.Tab {
	case "decided":
		err = fillDecided(db, by, c.Query("before"), &page)
	case "others":
		err = h.fillInbox(c, db, models.ForOthers(db, by), &page)
	default:
		err = h.fillInbox(c, db, models.ToDecide(db, by), &page)
	}
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.approvals"), "approvals")
	return h.show(c, http.StatusOK, views.ApprovalInbox(page))
}

// inboxTab is the list that was asked for; whoever signs nothing looks at others'.
func inboxTab(c *gin.Context, by models.Person) string {
	tab := c.Query("tab")
	switch {
	case slices.Contains([]string{"mine", "others", "decided"}, tab):
		return tab
	case by.May(models.VerbApprove):
		return "mine"
	}
	return "others"
}

func fillTabs(ctx context.Context, db *gorm.DB, by models.Person, page *views.Approvals) error {
	mine, err := models.CountToDecide(db, by)
	if err != nil {
		return err
	}
	if page.Others, err = models.CountForOthers(db, by); err != nil {
		return err
	}
	decided, err := models.CountDecisions(db, by.ID)
	for _, tab := range []struct {
		name  string
		count int
	}{{"mine", mine}, {"others", page.Others}, {"decided", decided}} {
		page.Tabs = append(page.Tabs, ui.Tab{
			Text: i18n.T(ctx, "inbox.tab_"+tab.name), Href: inboxPath("tab", tab.name), Count: tab.count, Here: tab.name == page.Tab,
		})
	}
	return err
}

// inboxPath is the inbox with names and values in its address.
func inboxPath(pairs ...string) templ.SafeURL {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return templ.SafeURL("/approvals?" + query.Encode())
}

func addToGroup(page *views.Approvals, title string, row views.InboxRow) {
	last := len(page.Groups) - 1
	if last < 0 || page.Groups[last].Title != title {
		page.Groups = append(page.Groups, views.InboxGroup{Title: title})
		last++
	}
	group := &page.Groups[last]
	group.Rows = append(group.Rows, row)
	group.Sums = withSum(group.Sums, row.Payout.Amount())
}

// withSum adds a sum to those of its currency; currencies are never added.
func withSum(sums []models.Money, m models.Money) []models.Money {
	for i := range sums {
		if sums[i].Currency == m.Currency {
			sums[i].Minor += m.Minor
			return sums
		}
	}
	return append(sums, m)
}

// fillDecided lists what the person decided, the newest first.
func fillDecided(db *gorm.DB, by models.Person, before string, page *views.Approvals) error {
	seq, _ := strconv.ParseInt(before, 10, 64)
	decisions, err := models.Decisions(db, by.ID, seq, inboxRows+1)
	if err != nil {
		return err
	}
	if len(decisions) > inboxRows {
		decisions = decisions[:inboxRows]
		page.More = inboxPath("tab", page.Tab, "before", strconv.FormatInt(decisions[inboxRows-1].Seq, 10))
	}
	for _, d := range decisions {
		page.Decided = append(page.Decided, views.DecidedLine{Decision: d, Status: statusOf(d.Payout)})
	}
	return nil
}
