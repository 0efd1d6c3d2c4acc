package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// exportSlice is how many rows one look into the tables takes, so that no read
// lasts long.
const exportSlice = 1000

// exportPayouts handles GET /payouts.csv: every order of the filter, as the list
// shows it (L5).
func (h *Handlers) exportPayouts(c *gin.Context) error {
	ctx := c.Request.Context()
	by := person(c)
	f, refused := readFilter(c.Request.URL.Query(), by, visitOf(c).began)
	if len(refused) > 0 {
		return refused
	}
	if f.Number == nil && f.Search.AccountNumber() != "" {
		return models.Refuse(models.Missing, "error.no_page") // never linked: lists name a hash
	}
	if exportsOwn(by) {
		f.Own = true
	}
	ceiling, err := models.NewestPayout(h.Store.Read(ctx))
	if err != nil || c.Request.Method == http.MethodHead {
		return err
	}
	err = h.Proof.Exported(ctx, by, "payouts", models.Details{
		"filter": f.Values().Encode(), "own": strconv.FormatBool(f.Own), "up_to": strconv.FormatInt(int64(ceiling), 10),
	})
	if err != nil {
		return err
	}
	return h.writePayouts(c, f, ceiling)
}

// exportsOwn says whether this person takes out their own orders alone: makers,
// unless another role lets them take out all.
func exportsOwn(p models.Person) bool {
	return p.RoleFor(models.VerbExport) == models.Maker && !mayExportAll(p)
}

func mayExportAll(p models.Person) bool {
	for _, role := range []models.Role{models.Resolver, models.Controller, models.Auditor} {
		if p.Has(role) {
			return true
		}
	}
	return false
}

func (h *Handlers) writePayouts(c *gin.Context, f models.PayoutFilter, ceiling models.PayoutID) error {
	ctx := c.Request.Context()
	s, err := openSheet(c, "payouts-"+visitOf(c).began.In(f.Zone).Format("2006-01-02-1504")+".csv")
	if err != nil {
		return err
	}
	if err := sheetHead(ctx, s, person(c), "export.payouts", filterWords(ctx, h, f)); err != nil {
		return err
	}
	if err := s.names(payoutColumns...); err != nil {
		return err
	}
	at := models.PayoutPage{Before: ceiling + 1, Size: exportSlice}
	for more := true; more; {
		if at, more, err = h.writeSlice(ctx, s, f, at); err != nil {
			return err
		}
	}
	return s.close()
}

// sheetHead says what the file is: which list, by which filter, in which zone, by
// whom and when.
func sheetHead(ctx context.Context, s *sheet, by models.Person, list, filter string) error {
	for _, line := range [][]string{
		{i18n.T(ctx, list)},
		{"Filter", filter},
		{"Zone", i18n.Zone(ctx).String()},
		{"Exported by", by.Name},
		{"Exported at", stampOf(i18n.Now(ctx), i18n.Zone(ctx))},
		{"Text", i18n.T(ctx, "export.apostrophe")},
		{},
	} {
		if err := s.note(line...); err != nil {
			return err
		}
	}
	return nil
}

// filterWords are the filter as the page has it: the tab and its chips.
func filterWords(ctx context.Context, h *Handlers, f models.PayoutFilter) string {
	page := views.PayoutsPage{Filter: f}
	db := h.Store.Read(ctx)
	page.Accounts, _ = models.Accounts(db) // without them the chips name numbers
	page.Makers, _ = makers(db)
	words := page.FilterWords(ctx)
	if f.Own {
		words = append(words, i18n.T(ctx, "export.own"))
	}
	return strings.Join(words, "; ")
}

// writeSlice writes the rows next below the page, and says where the next begin.
func (h *Handlers) writeSlice(ctx context.Context, s *sheet, f models.PayoutFilter, at models.PayoutPage) (models.PayoutPage, bool, error) {
	db := h.Store.Read(ctx)
	list, err := models.ListPayouts(db, f, at)
	if err != nil || len(list.Rows) == 0 {
		return at, false, err
	}
	rows, err := payoutRowsOf(db, list.Rows)
	if err != nil {
		return at, false, err
	}
	for _, row := range rows {
		if err := s.row(payoutCells(ctx, row)...); err != nil {
			return at, false, err
		}
	}
	at.Before = rows[len(rows)-1].ID
	return at, list.Older, nil
}

// payoutColumns are the heads of the file; they are the same in every language,
// since programs read them too.
var payoutColumns = []string{
	"order_no", "status", "stage", "outcome", "contradiction", "unclear_reason", "proof", "decided_by_two_people", "amount", "currency", "received",
	"payee", "bank", "account", "gateway_account", "rail", "gateway_no", "code", "fee", "reference", "purpose", "maker", "signatures", "signatures_needed",
	"created_at", "submitted_at", "approved_at", "sent_at", "settled_at", "in_this_state_since",
}

func payoutCells(ctx context.Context, row views.PayoutRow) []string {
	zone := i18n.Zone(ctx)
	received := ""
	if row.ReceivedMinor != 0 {
		received = row.Received().Decimal()
	}
	return []string{
		row.OrderNo, views.StateWords(ctx, row.State), string(row.Stage), string(row.Outcome), yesNo(row.Clash), string(row.Unclear), strconv.Itoa(int(row.Grade)),
		yesNo(row.ByHand), row.Amount().Decimal(), row.Currency, received, row.PayeeName, row.Bank, "····" + row.Last4, row.Account, row.Rail, row.GatewayNo,
		row.Code, row.Fee, row.Reference, row.Purpose, row.Maker, strconv.Itoa(row.Approvals), strconv.Itoa(row.Needed), stampOf(row.CreatedAt, zone),
		stampOf(row.SubmittedAt, zone), stampOf(row.ApprovedAt, zone), stampOf(row.SentAt, zone), stampOf(row.SettledAt, zone), stampOf(row.StateSince, zone),
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
