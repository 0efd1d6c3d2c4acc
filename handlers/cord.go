package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// newCord handles GET /cord.
func (h *Handlers) newCord(c *gin.Context) error {
	return h.askCord(c, http.StatusOK, signedReason{}, nil)
}

func (h *Handlers) askCord(c *gin.Context, status int, form signedReason, errs views.Errors) error {
	waiting, err := h.approved(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	return h.showSwitch(c, status, views.SwitchPage{
		Title: i18n.T(ctx, "cord.pull"), Action: "/cord",
		Means: []string{
			i18n.T(ctx, "cord.pull_means"), i18n.N(ctx, "cord.waiting", waiting), i18n.T(ctx, "cord.asking_goes_on"), i18n.T(ctx, "cord.pull_end"),
		},
		Submit: i18n.T(ctx, "cord.pull"), Kind: "danger", Icon: "hand-stop", Reason: form.Reason, Errors: errs,
	})
}

// pullCord handles POST /cord.
func (h *Handlers) pullCord(c *gin.Context) error {
	var form signedReason
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Accounts.PullCord(c.Request.Context(), person(c), form.Reason)
	return afterSwitch(c, form, err, h.askCord, "cord.is_pulled", "")
}

// newRestart handles GET /cord/release.
func (h *Handlers) newRestart(c *gin.Context) error {
	return h.askRestart(c, http.StatusOK, signedReason{}, nil)
}

func (h *Handlers) askRestart(c *gin.Context, status int, form signedReason, errs views.Errors) error {
	waiting, err := h.approved(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	cord, err := models.ReadSetting(h.Store.Read(ctx), models.SettingCord)
	if err != nil {
		return err
	}
	return h.showSignedSwitch(c, status, views.SwitchPage{
		Title: i18n.T(ctx, "cord.release"), Action: "/cord/release",
		Means:  []string{i18n.N(ctx, "cord.release_means", waiting)},
		Submit: i18n.T(ctx, "cord.release"), Kind: "primary", Reason: form.Reason, Errors: errs,
	}, models.RestartAct(cord))
}

// restart handles POST /cord/release.
func (h *Handlers) restart(c *gin.Context) error {
	var form signedReason
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := services.CheckReason(form.Reason)
	if err == nil {
		act := models.RestartAct("")
		act.Digest = form.shown()
		err = h.sign(c, act, form.proofForm, func(signed services.Signed) error {
			return h.Accounts.Restart(c.Request.Context(), person(c), form.Reason, signed)
		})
	}
	return afterSwitch(c, form, err, h.askRestart, "cord.is_released", "")
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
