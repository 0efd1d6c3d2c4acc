package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway/families"
	"countersign/views"
)

// payoutAnswers are the form's fields as they are sent.
type payoutAnswers struct {
	Account       string            `form:"account"`
	Rail          string            `form:"rail"`
	Payee         string            `form:"payee_version"`
	SomebodyElse  bool              `form:"somebody_else"`
	Values        map[string]string `form:"f.*"`
	Amount        string            `form:"amount"`
	Reference     string            `form:"reference"`
	Purpose       string            `form:"purpose"`
	TwinReason    string            `form:"twin_reason"`
	WarningReason string            `form:"warning_reason"`
	Replaces      string            `form:"replaces"`
	Files         []services.Upload `form:"files"`
}

// filled reads the form that was sent for a way of paying.
func (h *Handlers) filled(c *gin.Context) (f filling, files []services.Upload, err error) {
	var sent payoutAnswers
	if err := readForm(c, &sent); err != nil {
		return f, nil, err
	}
	id, _ := strconv.ParseInt(sent.Account, 10, 64)
	if f.account, err = models.FindAccount(h.Store.Read(c.Request.Context()), models.AccountID(id)); err != nil {
		return f, nil, err
	}
	_, rail, ok := families.Rail(sent.Rail)
	if !ok {
		return f, nil, models.Refuse(models.Missing, "rail.missing")
	}
	f.rail, f.files = rail, len(sent.Files) > 0
	f.form = services.PayoutForm{
		AccountID: f.account.ID, Rail: rail.ID, Values: resolved(c.Request.Context(), rail, sent.Values), Amount: sent.Amount,
		PayeeVersion: models.PayeeVersionID(asID(sent.Payee)), SomebodyElse: sent.SomebodyElse, Reference: sent.Reference, Purpose: sent.Purpose, TwinReason: sent.TwinReason, WarningReason: sent.WarningReason, Replaces: sent.Replaces,
	}
	return f, sent.Files, nil
}

// draftPayout handles POST /payouts: a checked form becomes a draft with its number.
func (h *Handlers) draftPayout(c *gin.Context) error {
	f, files, err := h.filled(c)
	if err != nil {
		return err
	}
	drafted, err := h.Payouts.Draft(c.Request.Context(), person(c), f.form, files)
	if errs, ok := formErrors(c, err); ok {
		if f.like, err = h.likeOf(c, f.form.Replaces); err != nil {
			return err
		}
		return h.refusePayoutForm(c, f, errs)
	}
	if err != nil {
		return err
	}
	return redirect(c, reviewPath(drafted.OrderNo))
}

// likeOf reads the order whose place the form takes, if it names one.
func (h *Handlers) likeOf(c *gin.Context, no string) (models.Payout, error) {
	if no == "" {
		return models.Payout{}, nil
	}
	return models.FindOrder(h.Store.Read(c.Request.Context()), no)
}

func (h *Handlers) refusePayoutForm(c *gin.Context, f filling, errs views.Errors) error {
	f.errs = inPageOrder(f.rail, errs)
	return h.showPayoutForm(c, http.StatusUnprocessableEntity, f)
}

// editPayout handles GET /payouts/:no/edit.
func (h *Handlers) editPayout(c *gin.Context) error {
	f, err := h.editing(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if f.form, err = h.Payouts.Beginning(ctx, person(c), f.order); err != nil {
		return err
	}
	if c.Query("payee") == "typed" {
		f.form.PayeeVersion = 0
	}
	f.form.Amount = asTyped(f.order.Amount())
	return h.showPayoutForm(c, http.StatusOK, f)
}

// asTyped is a sum as people write it into a form: 1,850.00.
func asTyped(m models.Money) string { return strings.TrimSuffix(m.String(), " "+m.Currency) }

// editing is the form of an order that may still be changed.
func (h *Handlers) editing(c *gin.Context) (f filling, err error) {
	db := h.Store.Read(c.Request.Context())
	if f.order, err = models.FindOrder(db, c.Param("no")); err != nil {
		return f, err
	}
	if err := f.order.CheckEdit(person(c)); err != nil {
		return f, err
	}
	f.account, err = models.FindAccount(db, f.order.AccountID)
	_, f.rail, _ = families.Rail(f.order.Rail)
	return f, err
}

// changePayout handles POST /payouts/:no/edit: a new version of the content, and
// every signature so far is void.
func (h *Handlers) changePayout(c *gin.Context) error {
	before, err := h.editing(c)
	if err != nil {
		return err
	}
	f, files, err := h.filled(c)
	if err != nil {
		return err
	}
	f.order, f.way = before.order, before.way
	f.form.AccountID, f.form.Rail = f.account.ID, f.rail.ID
	err = h.Payouts.Edit(c.Request.Context(), person(c), f.order.OrderNo, f.form, files...)
	if errs, ok := formErrors(c, err); ok {
		return h.refusePayoutForm(c, f, errs)
	}
	if err != nil {
		return err
	}
	say(c, "draft.changed")
	return redirect(c, reviewPath(f.order.OrderNo))
}

func reviewPath(no string) string { return "/payouts/" + no + "/review" }
