package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// switchForm is why sending is stopped or is to go on.
type switchForm struct {
	Reason string `form:"reason"`
}

// newCord handles GET /cord.
func (h *Handlers) newCord(c *gin.Context) error {
	return h.askCord(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askCord(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	waiting, err := h.approved(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	means := []string{
		i18n.T(ctx, "cord.pull_means"), i18n.N(ctx, "cord.waiting", waiting), i18n.T(ctx, "cord.asking_goes_on"), i18n.T(ctx, "cord.pull_end"),
	}
	asked, err := h.askedToSend(ctx, person(c), models.AllSending)
	if err != nil {
		return err
	}
	if asked != nil {
		means = []string{asked.Words, i18n.T(ctx, "cord.again_means")}
	}
	return h.showSwitch(c, status, views.SwitchPage{
		Title: i18n.T(ctx, "cord.pull"), Action: "/cord", Means: means,
		Submit: i18n.T(ctx, "cord.pull"), Kind: "danger", Icon: "hand-stop", Reason: form.Reason, Errors: errs,
	})
}

// pullCord handles POST /cord.
func (h *Handlers) pullCord(c *gin.Context) error {
	var form switchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Accounts.PullCord(c.Request.Context(), person(c), form.Reason)
	return afterSwitch(c, form, err, h.askCord, "cord.is_pulled", "")
}

// newRestart handles GET /cord/release.
func (h *Handlers) newRestart(c *gin.Context) error {
	return h.askRestart(c, http.StatusOK, switchForm{}, nil)
}

func (h *Handlers) askRestart(c *gin.Context, status int, form switchForm, errs views.Errors) error {
	waiting, err := h.approved(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.askToSend(c, status, models.AllSending, views.SwitchPage{
		Title: i18n.T(ctx, "cord.release"), Action: "/cord/release",
		Means:  []string{i18n.N(ctx, "cord.release_means", waiting), i18n.T(ctx, "sending.takes_two")},
		Submit: i18n.T(ctx, "sending.ask"), Kind: "primary", Reason: form.Reason, Errors: errs,
	})
}

// askToSend shows the form by which a controller asks another to let sending go on, or
// what was asked already.
func (h *Handlers) askToSend(c *gin.Context, status int, subject string, page views.SwitchPage) (err error) {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	if page.Waits, err = h.waitingChange(c, db, models.ChangeSending, subject); err != nil {
		return err
	}
	if page.ForGood, err = stopsForGood(ctx, db); err != nil {
		return err
	}
	return h.showSwitch(c, status, page)
}

// restart handles POST /cord/release: it asks another controller.
func (h *Handlers) restart(c *gin.Context) error {
	var form switchForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	_, err := h.Accounts.ProposeRestart(c.Request.Context(), person(c), form.Reason, proof(c))
	return afterSwitch(c, form, err, h.askRestart, "cord.release_asked", "")
}

// approved counts the orders that would leave if nothing stopped them.
func (h *Handlers) approved(c *gin.Context) (int, error) {
	return approvedOrders(h.Store.Read(c.Request.Context()))
}

func approvedOrders(db *gorm.DB) (count int, err error) {
	cells, err := models.PayoutCounts(db)
	for _, cell := range cells {
		if cell.Stage == models.Approved {
			count += int(cell.Orders)
		}
	}
	return count, err
}
