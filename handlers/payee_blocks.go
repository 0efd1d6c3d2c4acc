package handlers

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// listBlocks handles GET /payees/blocked.
func (h *Handlers) listBlocks(c *gin.Context) error {
	ctx, by := c.Request.Context(), person(c)
	db := h.Store.Read(ctx)
	blocks, err := models.PayeeBlocks(db)
	if err != nil {
		return err
	}
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	page := views.BlocksPage{Shell: h.shell(c, i18n.T(ctx, "block.title"), "payees"), MayBlock: models.CheckBlocking(by) == nil}
	for _, b := range blocks {
		line := views.BlockLine{PayeeBlock: b, By: names[b.BlockedBy]}
		if line.Waits, err = h.waitingChange(c, db, models.ChangeUnblock, services.BlockSubject(b.ID)); err != nil {
			return err
		}
		page.Lines = append(page.Lines, line)
	}
	return h.show(c, http.StatusOK, views.Blocks(page))
}

// showBlock handles GET /payees/blocked/:id, where its taking off is proposed.
func (h *Handlers) showBlock(c *gin.Context) error { return h.drawBlock(c, http.StatusOK, "", nil) }

func (h *Handlers) drawBlock(c *gin.Context, status int, reason string, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	db := h.Store.Read(ctx)
	b, err := models.FindPayeeBlock(db, asID(c.Param("id")))
	if err != nil {
		return err
	}
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	page := views.BlockPage{Shell: h.shell(c, b.Label(), "payees"), Line: views.BlockLine{PayeeBlock: b, By: names[b.BlockedBy]}, Reason: reason, Errors: errs}
	if page.Line.Waits, err = h.waitingChange(c, db, models.ChangeUnblock, services.BlockSubject(b.ID)); err != nil {
		return err
	}
	page.MayLift = b.Counts() && page.Line.Waits == nil && models.CheckBlocking(by) == nil
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowBlock(page))
}

// proposeLift handles POST /payees/blocked/:id/lifting: another person confirms it.
func (h *Handlers) proposeLift(c *gin.Context) error {
	var form liftForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	b, err := models.FindPayeeBlock(h.Store.Read(ctx), asID(c.Param("id")))
	if err != nil {
		return err
	}
	change, err := h.changes.Propose(ctx, actor(c), models.ChangeUnblock, services.BlockSubject(b.ID), h.Payees.Lifted(b), form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.drawBlock(c, http.StatusUnprocessableEntity, form.Reason, errs)
	}
	if err != nil {
		return err
	}
	say(c, "block.lift_proposed")
	return redirect(c, "/changes/"+strconv.FormatInt(change.ID, 10))
}

type blockForm struct {
	Kind    string `form:"kind"`
	Number  string `form:"number"`
	Name    string `form:"name"`
	Version string `form:"version"`
	Reason  string `form:"reason"`
}

// newBlock handles GET /payees/blocked/new; ?version= takes what is blocked from the book.
func (h *Handlers) newBlock(c *gin.Context) error {
	return h.drawBlockForm(c, http.StatusOK, blockForm{Kind: string(models.BlockNumber), Version: c.Query("version")}, nil)
}

func (h *Handlers) drawBlockForm(c *gin.Context, status int, form blockForm, errs views.Errors) error {
	ctx := c.Request.Context()
	if err := models.CheckBlocking(person(c)); err != nil {
		return err
	}
	page := views.BlockForm{Kind: form.Kind, Number: form.Number, Name: form.Name, Reason: form.Reason, Errors: errs}
	if form.Version != "" {
		v, err := models.FindPayeeVersion(h.Store.Read(ctx), models.PayeeVersionID(asID(form.Version)))
		if err != nil {
			return err
		}
		page.Version = &v
	}
	page.Shell = h.shell(c, i18n.T(ctx, "block.new"), "payees")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.NewBlock(page))
}

// addBlock handles POST /payees/blocked.
func (h *Handlers) addBlock(c *gin.Context) error {
	var form blockForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.Payees.Block(c.Request.Context(), person(c), services.NewBlock{
		Kind: models.BlockKind(form.Kind), Number: form.Number, Name: form.Name, Version: models.PayeeVersionID(asID(form.Version)), Reason: form.Reason,
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawBlockForm(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "block.added")
	return redirect(c, "/payees/blocked")
}
