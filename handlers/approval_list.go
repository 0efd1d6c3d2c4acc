package handlers

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// reviewList handles GET /approvals/list: what was ticked in the inbox, as it is now.
func (h *Handlers) reviewList(c *gin.Context) error {
	var list models.List
	for _, no := range c.QueryArray("no") {
		p, err := models.FindOrder(h.Store.Read(c), no)
		if err != nil {
			return err
		}
		list = append(list, models.Listed{OrderNo: p.OrderNo, Digest: p.Digest})
	}
	return h.drawList(c, http.StatusOK, list, views.ApprovalList{})
}

// listOpened is what the page of a list is, to whoever asks when it was opened.
const listOpened = "list"

type listForm struct {
	Orders []string          `form:"order"` // number and digest of what was shown
	Sums   map[string]string `form:"sum.*"` // typed, by currency
	Opened string            `form:"opened"`
	proofForm
}

// list is what the page showed.
func (f listForm) list() (list models.List) {
	for _, text := range f.Orders {
		no, digest, _ := strings.Cut(text, ":")
		list = append(list, models.Listed{OrderNo: no, Digest: readDigest(digest)})
	}
	return list
}

// approveList handles POST /approvals/list: one signature over all that was shown.
func (h *Handlers) approveList(c *gin.Context) error {
	var form listForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	list := form.list()
	orders, err := list.Open(h.Store.Read(c), person(c), h.Now())
	if err != nil {
		return h.listRefused(c, list, err)
	}
	sums := listSums(orders)
	if errs := mistypedSums(c, sums, form.Sums); len(errs) > 0 {
		return h.drawList(c, http.StatusUnprocessableEntity, list, views.ApprovalList{Typed: form.Sums, Opened: form.Opened, Errors: errs})
	}
	err = h.sign(c, list.Act(), form.proofForm, func(signed services.Signed) error {
		return h.Payouts.ApproveList(c.Request.Context(), person(c), list, signed.Reading(h.openedAt(c, listOpened, form.Opened)))
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawList(c, http.StatusUnprocessableEntity, list, views.ApprovalList{Typed: form.Sums, Opened: form.Opened, Errors: errs})
	}
	if err != nil {
		return h.listRefused(c, list, err)
	}
	return h.afterList(c, list, sums)
}

// listRefused shows the list again without what cannot be approved in it any more, and
// says of each why: nothing of it was approved.
func (h *Handlers) listRefused(c *gin.Context, list models.List, err error) error {
	var refused models.ListRefusal
	if !errors.As(err, &refused) {
		return err
	}
	for _, one := range refused {
		if one.Why.Kind == models.Forbidden {
			return one.Why // is on record as a refusal; no page of ours lists such an order
		}
	}
	h.notDone(c, err)
	return h.drawList(c, http.StatusConflict, list, views.ApprovalList{Nothing: true})
}

// drawList draws the page on which a list is approved, of what can be.
func (h *Handlers) drawList(c *gin.Context, status int, list models.List, page views.ApprovalList) error {
	ctx := c.Request.Context()
	orders, err := list.Open(h.Store.Read(ctx), person(c), h.Now())
	var refused models.ListRefusal
	if errors.As(err, &refused) {
		if page.Left, err = h.leftOut(ctx, person(c), list, refused); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if err := h.fillList(ctx, orders, &page); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.N(ctx, "list.title", len(orders)), "approvals")
	page.Shell.Errors, page.Shell.Deciding = len(page.Errors) > 0, len(orders) > 0
	page.Opened = h.openedStamp(c, listOpened, page.Opened)
	if len(orders) > 0 {
		if page.StepUp, err = h.askStepUp(c, shownList(orders).Act()); err != nil {
			return err
		}
	}
	return h.show(c, status, views.ApproveList(page))
}

// shownList is what the reader of a page of these orders signs.
func shownList(orders []models.Payout) (list models.List) {
	for _, p := range orders {
		list = append(list, models.Listed{OrderNo: p.OrderNo, Digest: p.Digest})
	}
	return list
}

// fillList reads the orders as the inbox does, and adds them up.
func (h *Handlers) fillList(ctx context.Context, orders []models.Payout, page *views.ApprovalList) error {
	db := h.Store.Read(ctx)
	r, err := newInboxReader(db, h.Now())
	if err != nil {
		return err
	}
	for _, p := range orders {
		row, err := r.row(ctx, db, p)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, views.ListedRow{InboxRow: row, Digest: hex.EncodeToString(p.Digest)})
	}
	page.Sums = listSums(orders)
	return nil
}

// leftOut says of each order that cannot be approved in a list why, as far as it is known
// with the name of whoever changed it.
func (h *Handlers) leftOut(ctx context.Context, by models.Person, list models.List, refused models.ListRefusal) (lines []views.LeftOut, err error) {
	shown := map[string][]byte{}
	for _, one := range list {
		shown[one.OrderNo] = one.Digest
	}
	for _, one := range refused {
		line := views.LeftOut{Payout: one.Payout, Why: refusalText(ctx, one.Why)}
		if one.Why.Kind == models.Conflict && !strings.HasPrefix(one.Why.Key, "list.") {
			r, err := h.readPayout(ctx, one.Payout.OrderNo)
			if err != nil {
				return nil, err
			}
			line.Why, _ = r.sinceThen(ctx, by, shown[one.Payout.OrderNo])
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// afterList says what was approved, and of how many another signature is missing.
func (h *Handlers) afterList(c *gin.Context, list models.List, sums []views.ListSum) error {
	ctx := c.Request.Context()
	missing := 0
	for _, one := range list {
		p, err := models.FindOrder(h.Store.Read(ctx), one.OrderNo)
		if err != nil {
			return err
		}
		if p.Stage == models.AwaitingApproval {
			missing++
		}
	}
	words := []string{"Orders", i18n.N(ctx, "inbox.orders", len(list)), "Sums", views.SumWords(sums)}
	if missing > 0 {
		say(c, "list.approved_missing", append(words, "Missing", i18n.N(ctx, "inbox.orders", missing))...)
	} else {
		say(c, "list.approved", words...)
	}
	return redirect(c, "/approvals")
}
