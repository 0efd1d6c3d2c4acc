package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
)

type limitForm struct {
	Of     string `form:"of"`
	Sum    string `form:"sum"`
	Raised string `form:"raised"`
	Until  string `form:"until"`

	Minutes string `form:"minutes"`
	Reason  string `form:"reason"`
}

// newLimit handles GET /limits/change.
func (h *Handlers) newLimit(c *gin.Context) error {
	return h.drawLimit(c, http.StatusOK, limitForm{Of: c.Query("of")}, nil)
}

// drawLimit shows one limit as it stands and the form that changes it.
func (h *Handlers) drawLimit(c *gin.Context, status int, form limitForm, errs views.Errors) error {
	ctx := c.Request.Context()
	db := h.Store.Read(ctx)
	current, err := models.CurrentLimits(db)
	if err != nil {
		return err
	}
	now, err := current.Content.Part(form.Of)
	if err != nil {
		return err
	}
	_, currency, _ := models.ReadLimitSubject(form.Of)
	page := views.LimitPage{
		Of: form.Of, Currency: currency, Now: now, Sum: form.Sum, Raised: form.Raised, Until: form.Until, Minutes: form.Minutes, Reason: form.Reason, Errors: errs,
	}
	if errs == nil {
		page.Begin()
	}
	if page.Waits, err = h.waitingChange(c, db, models.ChangeLimits, form.Of); err != nil {
		return err
	}
	page.Shell = h.shell(c, views.LimitTitle(ctx, form.Of), "limits")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ChangeLimit(page))
}

// changeLimit handles POST /limits/change.
func (h *Handlers) changeLimit(c *gin.Context) error {
	var form limitForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	part, err := form.part()
	waits := false
	if err == nil {
		waits, err = h.Limits.Change(c.Request.Context(), actor(c), form.Of, part, form.Reason, proof(c))
	}
	if errs, ok := formErrors(c, err); ok {
		return h.drawLimit(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	if waits {
		say(c, "limits.was_proposed")
	} else {
		say(c, "limits.was_set")
	}
	return redirect(c, "/limits")
}

// part reads what was typed; nothing at all is no limit.
func (f limitForm) part() (p models.LimitPart, err error) {
	_, currency, err := models.ReadLimitSubject(f.Of)
	if err != nil {
		return p, err
	}
	p.Until = strings.TrimSpace(f.Until)
	if minutes := strings.TrimSpace(f.Minutes); minutes != "" {
		if p.Minutes, err = strconv.Atoi(minutes); err != nil {
			return p, models.Refuse(models.Invalid, "limits.minutes_shape").On("minutes")
		}
	}
	if p.Minor, err = limitSum(f.Sum, currency, "sum"); err != nil {
		return p, err
	}
	p.Raised, err = limitSum(f.Raised, currency, "raised")
	return p, err
}

func limitSum(text, currency, field string) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
	sum, err := models.ParseLimit(text, currency)
	if err != nil {
		return 0, models.Refuse(models.Invalid, "limits.sum_shape").On(field)
	}
	return sum.Minor, nil
}
