package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

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
		if u.Shell, err = h.countedShell(db, w.by); err != nil {
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
