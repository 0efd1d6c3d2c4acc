package handlers

import (
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// takeEvidence handles POST /payouts/:no/evidence: one file that an outsider can check
// without us. That it was taken is on record before the first byte leaves.
func (h *Handlers) takeEvidence(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	ctx, no := c.Request.Context(), c.Param("no")
	whole, err := h.Evidence.Take(ctx, person(c), no, views.DrawEvidence)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "evidence-" + no + ".zip"}))
	c.Data(http.StatusOK, "application/zip", whole)
	return nil
}

// explainPayout handles GET /payouts/:no/explanation: what happened, in sentences.
func (h *Handlers) explainPayout(c *gin.Context) error {
	ctx := c.Request.Context()
	dossier, events, err := h.Evidence.Read(ctx, person(c), c.Param("no"))
	if err != nil {
		return err
	}
	page := views.ExplanationPage{OrderNo: dossier.OrderNo, Amount: dossier.Amount}
	page.Then, page.On = asOf(c)
	if page.Then != nil {
		dossier, events, page.Edited = models.AsOf(dossier, events, page.Then)
		page.Known = len(events) > 0
	}
	if len(events) > 0 {
		page.Last = events[len(events)-1]
		page.Lines = views.Explain(ctx, dossier, events)
	}
	page.Dossier, page.Shell = dossier, h.shell(c, i18n.T(ctx, "explain.title"), "payouts")
	return h.show(c, http.StatusOK, views.Explanation(page))
}

// asOf reads up to which entry, or to the end of which day of the reader's, an order is
// to be shown; nil shows all of it.
func asOf(c *gin.Context) (until func(models.Event) bool, on string) {
	if seq, err := strconv.ParseInt(c.Query("entry"), 10, 64); err == nil {
		return func(e models.Event) bool { return e.Seq <= seq }, ""
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Query("on"), i18n.Zone(c.Request.Context()))
	if err != nil {
		return nil, ""
	}
	end := day.AddDate(0, 0, 1)
	return func(e models.Event) bool { return e.At.Before(end) }, c.Query("on")
}
