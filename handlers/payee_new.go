package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

type newPayeeForm struct {
	Rail   string            `form:"rail"`
	Values map[string]string `form:"f.*"`
	Seen   bool              `form:"seen"`
	Reason string            `form:"reason"`
}

// newPayee handles GET /payees/new: by which way they are paid, then the rail's own
// questions.
func (h *Handlers) newPayee(c *gin.Context) error {
	return h.drawNewPayee(c, http.StatusOK, newPayeeForm{Rail: c.Query("rail")}, nil)
}

func (h *Handlers) drawNewPayee(c *gin.Context, status int, form newPayeeForm, errs views.Errors) error {
	ctx := c.Request.Context()
	rails, err := railsInUse(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	page := views.NewPayeePage{Ways: railLinks(ctx, rails, form.Rail), Seen: form.Seen, Reason: form.Reason}
	if form.Rail != "" {
		if !slices.Contains(rails, form.Rail) {
			return models.Refuse(models.Missing, "rail.missing")
		}
		_, rail, _ := families.Rail(form.Rail)
		page.Errors = inPageOrder(rail, errs)
		page.Rail, page.Odd = form.Rail, page.Errors.AllAt("seen")
		page.Rows = questions(ctx, rail, form.Values, page.Errors, true)
	}
	page.Shell = h.shell(c, i18n.T(ctx, "payee.enter"), "payees")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.EnterPayee(page))
}

// railLinks lead to the questions of each rail.
func railLinks(ctx context.Context, rails []string, here string) (links []views.Way) {
	for _, id := range rails {
		_, rail, _ := families.Rail(id)
		links = append(links, views.Way{
			Href: templ.SafeURL("/payees/new?rail=" + id), Rail: i18n.T(ctx, rail.Key), Account: i18n.T(ctx, "payee.enter_in", "Currency", rail.Currency), Here: id == here,
		})
	}
	return links
}

// enterPayee handles POST /payees/new.
func (h *Handlers) enterPayee(c *gin.Context) error {
	var form newPayeeForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	_, rail, known := families.Rail(form.Rail)
	if !known {
		return models.Refuse(models.Missing, "rail.missing")
	}
	form.Values = resolved(ctx, rail, form.Values)
	change, err := h.Payees.Enter(ctx, person(c), services.NewPayee{Rail: rail.ID, Values: form.Values, Seen: form.Seen, Reason: form.Reason}, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.drawNewPayee(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "payee.enter_proposed")
	return redirect(c, "/changes/"+strconv.FormatInt(change.ID, 10))
}
