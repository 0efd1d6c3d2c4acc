package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// showPolicy handles GET /policy.
func (h *Handlers) showPolicy(c *gin.Context) error {
	ctx := c.Request.Context()
	versions, err := models.Policies(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	demanded, err := models.ReadSetting(h.Store.Read(ctx), models.SettingFactor)
	if err != nil {
		return err
	}
	page := views.PolicyPage{Shell: h.shell(c, i18n.T(ctx, "nav.policy"), "policy"), Versions: versions, Factor: demanded != ""}
	if len(versions) > 0 {
		page.Current = versions[0]
	}
	accounts, err := accountsByID(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	page.Rules = views.RuleWords(ctx, page.Current.Rules, func(c models.Condition) string { return named(ctx, c, accounts) })
	return h.show(c, http.StatusOK, views.Policy(page))
}
