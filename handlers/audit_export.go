package handlers

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// exportAudit handles GET /audit.csv: every act of the filter, the newest first.
// That it was taken out is on record before the first row leaves (M1).
func (h *Handlers) exportAudit(c *gin.Context) error {
	ctx := c.Request.Context()
	f, refused := models.ParseEventFilter(c.Request.URL.Query(), i18n.Zone(ctx), visitOf(c).began)
	if len(refused) > 0 {
		return refused
	}
	ceiling, _, err := models.Head(h.Store.Read(ctx))
	if err != nil || c.Request.Method == http.MethodHead {
		return err
	}
	err = h.Proof.Exported(ctx, person(c), "acts", models.Details{"filter": f.Values().Encode(), "up_to": strconv.FormatInt(ceiling, 10)})
	if err != nil {
		return err
	}
	return h.writeActs(c, f, ceiling)
}

// actColumns are the heads of the file, the same in every language.
var actColumns = []string{
	"entry", "at", "person_id", "actor", "role", "verb", "what", "subject", "subject_id", "order_no", "before", "after", "reason", "details",
	"state_before", "state_after", "hash",
}

func (h *Handlers) writeActs(c *gin.Context, f models.EventFilter, ceiling int64) error {
	ctx := c.Request.Context()
	s, err := openSheet(c, "audit-"+visitOf(c).began.In(f.Zone).Format("2006-01-02-1504")+".csv")
	if err != nil {
		return err
	}
	page := views.AuditPage{Filter: f}
	page.People, _ = models.People(h.Store.Read(ctx)) // without them the words name numbers
	if err := sheetHead(ctx, s, person(c), "export.audit", strings.Join(page.FilterWords(ctx), "; ")); err != nil {
		return err
	}
	if err := s.names(actColumns...); err != nil {
		return err
	}
	if err := h.writeActRows(c, s, f, ceiling); err != nil {
		return err
	}
	return s.close()
}

// writeActRows writes a row for each act of the filter, after the cells in front.
func (h *Handlers) writeActRows(c *gin.Context, s *sheet, f models.EventFilter, ceiling int64, front ...string) (err error) {
	at := models.EventPage{Before: ceiling + 1, Size: exportSlice}
	for more := true; more; {
		if at, more, err = h.writeActSlice(c, s, f, at, front); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handlers) writeActSlice(c *gin.Context, s *sheet, f models.EventFilter, at models.EventPage, front []string) (models.EventPage, bool, error) {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	list, err := models.ListEvents(db, f, at)
	if err != nil || len(list.Events) == 0 {
		return at, false, err
	}
	acts, err := h.actsOf(ctx, db, person(c), list.Events)
	if err != nil {
		return at, false, err
	}
	for _, act := range acts {
		if err := s.row(append(slices.Clone(front), actCells(ctx, act)...)...); err != nil {
			return at, false, err
		}
	}
	at.Before = acts[len(acts)-1].Seq
	return at, list.Older, nil
}

func actCells(ctx context.Context, a views.Act) []string {
	orderNo := ""
	if a.Order != nil {
		orderNo = a.Order.OrderNo
	}
	details, _ := a.Details.Value() // names and values always encode
	what, before, after, reason := a.Words(ctx)
	return []string{
		strconv.FormatInt(a.Seq, 10), stampOf(a.At, i18n.Zone(ctx)), strconv.FormatInt(int64(a.ActorID), 10), a.Actor, a.Role, a.Verb, what,
		a.Subject, a.SubjectID, orderNo, before, after, reason, details.(string), a.Before, a.After, hex.EncodeToString(a.Hash),
	}
}
