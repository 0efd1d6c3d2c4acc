package handlers

import (
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

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
	return h.show(c, http.StatusOK, views.Explanation(views.ExplanationPage{
		Shell: h.shell(c, i18n.T(ctx, "explain.title"), "payouts"), Dossier: dossier, Lines: views.Explain(ctx, dossier, events),
	}))
}
