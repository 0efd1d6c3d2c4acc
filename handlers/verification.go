package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// showVerification handles GET /audit/verification: what the last check of the past
// found, or how far the one under way is.
func (h *Handlers) showVerification(c *gin.Context) error {
	ctx := c.Request.Context()
	running := h.Proof.Running()
	page := views.VerificationPage{Since: running.Since, Read: running.Events}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) (err error) {
		if page.Chain, err = chain(db); err != nil {
			return err
		}
		page.Last, page.Done, err = models.LastChecked(db)
		return err
	})
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "verify.title"), "audit")
	if !running.Since.IsZero() {
		c.Header("Refresh", "2") // so that the page moves on, without a script too
	}
	return h.show(c, http.StatusOK, views.Verification(page))
}

// checkChain handles POST /audit/verification: the chain and every order are
// checked from now on, behind the page; that it was done is an entry too.
func (h *Handlers) checkChain(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	if err := h.Proof.Ask(c.Request.Context(), person(c)); err != nil {
		return err
	}
	say(c, "verify.started")
	return redirect(c, "/audit/verification")
}
