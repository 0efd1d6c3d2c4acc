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
	page := views.PolicyPage{Shell: h.shell(c, i18n.T(ctx, "nav.policy"), "policy"), Factor: demanded != ""}
	if len(versions) > 0 {
		page.Current = versions[0]
	}
	accounts, err := accountsByID(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	if page.Stuck, err = stuckNow(ctx, h.Store.Read(ctx)); err != nil {
		return err
	}
	if page.ForGood, err = stopsForGood(ctx, h.Store.Read(ctx)); err != nil {
		return err
	}
	if page.MayChange = person(c).May(models.VerbSetPolicy); page.MayChange {
		if page.Waits, err = h.waitingChange(c, h.Store.Read(ctx), models.ChangePolicy, ""); err != nil {
			return err
		}
	}
	for i, v := range versions {
		line := views.PolicyVersion{Policy: v}
		if i+1 < len(versions) {
			for _, diff := range models.DiffPolicies(versions[i+1].Content(), v.Content()) {
				line.Lines = append(line.Lines, changeLine(ctx, diff, accounts))
			}
		}
		page.Versions = append(page.Versions, line)
	}
	page.Rules = views.RuleWords(ctx, page.Current.Rules, func(c models.Condition) string { return named(ctx, c, accounts) })
	return h.show(c, http.StatusOK, views.Policy(page))
}
