package handlers

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

type payeeForm struct {
	Values map[string]string `form:"f.*"`
	Reason string            `form:"reason"`
}

// newPayeeChange handles GET /payees/:id/change: the rail's own questions, with the
// answers in use where they are no secret.
func (h *Handlers) newPayeeChange(c *gin.Context) error {
	return h.drawPayeeChange(c, http.StatusOK, payeeForm{}, nil)
}

func (h *Handlers) drawPayeeChange(c *gin.Context, status int, form payeeForm, errs views.Errors) error {
	r, err := h.readPayee(c)
	if err != nil {
		return err
	}
	ctx, v := c.Request.Context(), r.latest()
	_, rail, _ := families.Rail(v.Rail)
	if form.Values == nil {
		if form.Values, err = h.Payees.OpenAnswers(v); err != nil {
			return err
		}
	}
	title := i18n.T(ctx, "payee.change_title", "Name", r.payee.Name)
	page := views.PayeeChangeForm{
		Shell: h.shell(c, title, "payees"), Title: title, Payee: r.payee, Last4: v.Last4, Rail: railWords(ctx, v.Rail), Reason: form.Reason, Errors: inPageOrder(rail, errs),
		Rows: keepSecrets(ctx, rail, questions(ctx, rail, form.Values, inPageOrder(rail, errs), true)),
	}
	if page.Waits, err = h.waitingChange(c, h.Store.Read(ctx), models.ChangePayee, r.payee.ID.Value()); err != nil {
		return err
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ChangePayee(page))
}

// changePayee handles POST /payees/:id/change.
func (h *Handlers) changePayee(c *gin.Context) error {
	var form payeeForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx, id := c.Request.Context(), models.PayeeID(asID(c.Param("id")))
	version, err := models.LatestVersion(h.Store.Read(ctx), id)
	if err != nil {
		return err
	}
	_, rail, _ := families.Rail(version.Rail)
	form.Values = resolved(ctx, rail, form.Values)
	change, err := h.Payees.Change(ctx, person(c), id, services.NewDetails{Values: form.Values, Reason: form.Reason}, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.drawPayeeChange(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "payee.change_proposed")
	return redirect(c, payeeChangePath(id, change.ID))
}

// payeeChangePath is the evidence of a change; of somebody whom it has yet to enter too.
func payeeChangePath(id models.PayeeID, change int64) string {
	payee := string(views.PayeePath(id))
	if id == 0 {
		payee = "/payees/" + notInTheBook
	}
	return payee + "/changes/" + strconv.FormatInt(change, 10)
}
