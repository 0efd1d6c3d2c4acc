package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// listFinds handles GET /payees/finds: what was found in a week of the reader's zone.
func (h *Handlers) listFinds(c *gin.Context) error {
	ctx, by := c.Request.Context(), person(c)
	if err := by.CheckWhole(); err != nil {
		return err
	}
	week, err := models.ReadWeek(c.Query("week"), h.Now(), i18n.Zone(ctx))
	if err != nil {
		return err
	}
	page := views.FindsPage{Week: week, Now: models.WeekOf(h.Now(), i18n.Zone(ctx))}
	if err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return h.fillFinds(db, &page) }); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "find.title"), "payees")
	return h.show(c, http.StatusOK, views.Finds(page))
}

func (h *Handlers) fillFinds(db *gorm.DB, page *views.FindsPage) error {
	from, to := page.Week.Span()
	finds, err := models.FindsBetween(db, from, to)
	if err != nil {
		return err
	}
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	for _, f := range finds {
		line, err := findLine(db, f, names)
		if err != nil {
			return err
		}
		page.Lines = append(page.Lines, line)
	}
	if page.Open, err = models.CountOpenFinds(db); err != nil {
		return err
	}
	oldest, open, err := models.OldestOpenFind(db)
	if open {
		page.Oldest = models.WeekOf(oldest, page.Week.Zone)
	}
	return err
}

// findLine is a find with both whom it is about.
func findLine(db *gorm.DB, f models.PayeeFind, names map[models.PersonID]string) (line views.FindLine, err error) {
	line.PayeeFind = f
	if line.Version, err = models.FindPayeeVersion(db, f.VersionID); err != nil {
		return line, err
	}
	line.EnteredBy = names[line.Version.CreatedBy]
	if f.PersonID != nil {
		line.Colleague = names[*f.PersonID]
	}
	if f.LookedBy != nil {
		line.Looker = names[*f.LookedBy]
	}
	if f.OtherID != nil {
		other, err := models.LatestVersion(db, *f.OtherID)
		line.Other = &other
		return line, err
	}
	return line, nil
}

// showFind handles GET /payees/finds/:id.
func (h *Handlers) showFind(c *gin.Context) error { return h.drawFind(c, http.StatusOK, "", nil) }

func (h *Handlers) drawFind(c *gin.Context, status int, note string, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	if err := by.CheckWhole(); err != nil {
		return err
	}
	db := h.Store.Read(ctx)
	f, err := models.FindPayeeFind(db, asID(c.Param("id")))
	if err != nil {
		return err
	}
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	page := views.FindPage{Note: note, Errors: errs, Week: models.WeekOf(f.FoundAt, i18n.Zone(ctx))}
	if page.Line, err = findLine(db, f, names); err != nil {
		return err
	}
	look := f.CheckLook(by, page.Line.Version.CreatedBy)
	page.MayLook, page.MayBlock = look == nil, models.CheckBlocking(by) == nil
	if f.Open() && look != nil {
		page.MayNot = refusalText(ctx, look)
	}
	page.Shell = h.shell(c, i18n.T(ctx, "find.title_of."+string(f.Kind)), "payees")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowFind(page))
}

type findForm struct {
	Note string `form:"note"`
}

// lookAtFind handles POST /payees/finds/:id/look.
func (h *Handlers) lookAtFind(c *gin.Context) error {
	var form findForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	id := asID(c.Param("id"))
	err := h.Payees.LookAtFind(c.Request.Context(), person(c), id, form.Note)
	if errs, ok := formErrors(c, err); ok {
		for i := range errs {
			errs[i].ID = "note"
		}
		return h.drawFind(c, http.StatusUnprocessableEntity, form.Note, errs)
	}
	if err != nil {
		return err
	}
	f, err := models.FindPayeeFind(h.Store.Read(c), id)
	if err != nil {
		return err
	}
	say(c, "find.was_looked")
	return redirect(c, views.FindsPath(models.WeekOf(f.FoundAt, i18n.Zone(c.Request.Context()))))
}

// mayFind says whether the person sees what payees' details have in common: it is told of
// the whole book.
func mayFind(by models.Person) bool { return by.May(models.VerbAudit) && by.CheckWhole() == nil }

// findsFor counts those that wait for this person to look at them.
func findsFor(db *gorm.DB, by models.Person) (int, error) {
	if !mayFind(by) || models.CheckBlocking(by) != nil {
		return 0, nil
	}
	return models.CountOpenFinds(db)
}
