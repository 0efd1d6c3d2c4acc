package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// showPayeeChange handles GET /payees/:id/changes/:change: the evidence of a change on
// one page that can be printed (X13).
func (h *Handlers) showPayeeChange(c *gin.Context) error {
	return h.drawPayeeEvidence(c, http.StatusOK, callForm{}, nil)
}

// notInTheBook stands in an address for the payee whom a change has yet to enter.
const notInTheBook = "new"

// askedPayeeChange is the change that the address names, of the payee that it names.
func (h *Handlers) askedPayeeChange(c *gin.Context) (models.Change, error) {
	db := h.Store.Read(c.Request.Context())
	change, err := models.FindChange(db, asID(c.Param("change")))
	if err == nil && !change.Kind.OfDetails() {
		err = models.Refuse(models.Missing, "change.missing")
	}
	if err != nil {
		return change, err
	}
	if err := change.CheckSubject(db, person(c)); err != nil {
		return change, err
	}
	version, err := models.AboutVersion(db, change)
	entering := change.Kind == models.ChangeNewPayee && c.Param("id") == notInTheBook
	if err == nil && !entering && version.PayeeID != models.PayeeID(asID(c.Param("id"))) {
		err = models.Refuse(models.Missing, "change.missing")
	}
	return change, err
}

func (h *Handlers) drawPayeeEvidence(c *gin.Context, status int, form callForm, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	change, err := h.askedPayeeChange(c)
	if err != nil {
		return err
	}
	db := h.Store.Read(ctx)
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	row, err := h.changeRow(ctx, db, change, names)
	if err != nil {
		return err
	}
	page := views.PayeeEvidence{Shell: h.shell(c, row.Title, "payees"), Change: row, Errors: errs, Form: views.CallForm(form)}
	if page.Part, err = h.payeeChangePart(ctx, db, by, change, names); err != nil {
		return err
	}
	page.MayDecide = change.CheckDecide(by) == nil
	if page.MayCall = change.CheckCall(by) == nil; page.MayCall && form.CalledAt == "" {
		page.Form.CalledAt = h.Now().In(i18n.Zone(ctx)).Format(momentLayout)
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowPayeeEvidence(page))
}

// payeeChangePart is old and new side by side, and every call about it.
func (h *Handlers) payeeChangePart(ctx context.Context, db *gorm.DB, by models.Person, change models.Change, names map[models.PersonID]string) (part views.PayeeChangePart, err error) {
	version, err := models.AboutVersion(db, change)
	if err != nil {
		return part, err
	}
	part.Href, part.Payee = payeeChangePath(version.PayeeID, change.ID), views.PayeePath(version.PayeeID)
	part.Entering, part.Rail = change.Kind == models.ChangeNewPayee, railWords(ctx, version.Rail)
	odd, err := h.Payees.Odd(db, change)
	if err != nil {
		return part, err
	}
	for _, one := range odd {
		part.Odd = append(part.Odd, refusalText(ctx, one))
	}
	version.CreatedBy = change.ProposedBy
	part.Reveal = version.CheckReveal(by) == nil
	if part.Pairs, err = h.Payees.Masked(db, change); err != nil {
		return part, err
	}
	calls, err := models.CallsAbout(db, change.ID)
	if err != nil {
		return part, err
	}
	for _, call := range calls {
		number, err := h.Payees.CalledNumber(call)
		if err != nil {
			return part, err
		}
		part.Calls = append(part.Calls, views.Call{CallBack: call, Caller: names[call.CallerID], Number: number})
	}
	needed, err := h.Payees.CallersNeeded(db, version)
	part.Needed, part.Waits = needed, change.Waits()
	if missing := models.CheckCalls(calls, needed); missing != nil && change.Waits() {
		part.Missing = refusalText(ctx, missing)
	}
	return part, err
}

type callForm struct {
	Number     string `form:"number"`
	Source     string `form:"source"`
	SourceNote string `form:"source_note"`
	KnownSince string `form:"known_since"`
	CalledAt   string `form:"called_at"`
	Reached    string `form:"reached"`
	ReadBack   string `form:"read_back"`
	Note       string `form:"note"`
}

// keepCall handles POST /payees/:id/changes/:change/calls.
func (h *Handlers) keepCall(c *gin.Context) error {
	var form callForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	change, err := h.askedPayeeChange(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	known, _ := time.ParseInLocation(time.DateOnly, form.KnownSince, i18n.Zone(ctx))
	called, _ := time.ParseInLocation(momentLayout, form.CalledAt, i18n.Zone(ctx))
	if form.ReadBack != "yes" && form.ReadBack != "no" {
		err = models.Refuse(models.Invalid, "call.read_back_needed").On("read_back")
	} else {
		err = h.Payees.KeepCall(ctx, person(c), change.ID, services.NewCall{
			Number: form.Number, Source: models.NumberSource(form.Source), SourceNote: form.SourceNote, KnownSince: known, CalledAt: called,
			Reached: form.Reached, ReadBack: form.ReadBack == "yes", Note: form.Note,
		})
	}
	if errs, ok := formErrors(c, err); ok {
		return h.drawPayeeEvidence(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "call.kept")
	return redirect(c, payeeChangePath(models.PayeeID(asID(c.Param("id"))), change.ID))
}

// revealPayeeChange handles POST /payees/:id/changes/:change/reveal: both numbers side by
// side, on record before they are shown.
func (h *Handlers) revealPayeeChange(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	asked, err := h.askedPayeeChange(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	change, pairs, err := h.Payees.RevealChange(ctx, person(c), asked.ID)
	if err != nil {
		return err
	}
	seconds := int(revealed / time.Second)
	back := payeeChangePath(models.PayeeID(asID(c.Param("id"))), change.ID)
	c.Header("Refresh", strconv.Itoa(seconds)+";url="+back)
	page := views.PayeeRevealChange{Shell: h.shell(c, i18n.T(ctx, "reveal.title"), "payees"), Back: back, Pairs: pairs, Entering: change.Kind == models.ChangeNewPayee, Lasts: seconds}
	page.Shell.Stream = ""
	return h.show(c, http.StatusOK, views.RevealPayeeChange(page))
}
