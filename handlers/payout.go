package handlers

import (
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// showPayout handles GET /payouts/:no.
func (h *Handlers) showPayout(c *gin.Context) error {
	ctx := c.Request.Context()
	page, err := h.payoutPage(ctx, person(c), c.Param("no"), c.Query("show"))
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, views.PayoutTitle(ctx, page.Payout), "payouts")
	page.Shell.Stream = streamPath(page.Payout.OrderNo, c.Query("show"))
	return h.show(c, http.StatusOK, views.Payout(page))
}

// streamPayout handles GET /payouts/:no/stream: the page moves by itself while
// somebody watches it.
func (h *Handlers) streamPayout(c *gin.Context) error {
	p, err := models.FindOrder(h.Store.Read(c.Request.Context()), c.Param("no"))
	if err != nil {
		return err
	}
	by, show := person(c), c.Query("show")
	return h.follow(c, func(ctx context.Context) (templ.Component, error) {
		ctx = h.asOfNow(c, ctx)
		page, err := h.payoutPage(ctx, by, p.OrderNo, show)
		if err != nil {
			return nil, err
		}
		page.Shell, err = h.countedShell(h.Store.Read(ctx), by)
		return seenFrom(ctx, views.PayoutNews(page)), err
	}, p.ID)
}

// asOfNow is the reader's context at this moment: a page that stays open has many.
func (h *Handlers) asOfNow(c *gin.Context, ctx context.Context) context.Context {
	v, now := visitOf(c), h.Now()
	ctx = i18n.With(ctx, i18n.Lang(ctx), v.person.Location(), now)
	return ui.WithFormKey(ctx, func() string { return h.formKeys.make(h.sessions.idOf(v.session), now) })
}

// seenFrom draws a part in a context of its own.
func seenFrom(ctx context.Context, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return part.Render(ctx, w) })
}

func streamPath(orderNo, show string) string {
	path := string(views.PayoutPath(orderNo)) + "/stream"
	if pastKinds[show] {
		path += "?show=" + show
	}
	return path
}

// payoutPage reads an order and everything about it at one moment, and says what
// this person may do about it. The shell is the caller's.
func (h *Handlers) payoutPage(ctx context.Context, by models.Person, orderNo, show string) (views.PayoutPage, error) {
	r, err := h.readPayout(ctx, orderNo)
	if err != nil {
		return views.PayoutPage{}, err
	}
	r.mayNotices, r.mayAudit = by.May(models.VerbNotices), by.May(models.VerbAudit)
	page := views.PayoutPage{
		Payout: r.payout, Order: r.brief(), Badge: r.badge(), Doubt: r.doubt(), Means: r.means(ctx), Needs: r.payout.Needed - r.payout.Approvals,
		Waits: r.waits(ctx), Payee: r.payeeCard(by), Numbers: r.numbersCard(), Evidence: r.foot(),
	}
	if page.Sent, err = h.sentAttempts(ctx, r); err != nil {
		return page, err
	}
	page.Numbers.OnWire, page.Numbers.OnWireNote = onWire(r.payout, page.Sent)
	page.Notices = r.notices()
	page.Signed = r.signatures(ctx, by)
	page.Deeds = r.deeds(by)
	page.Past = r.past(ctx, show, h.Now())
	return page, nil
}
