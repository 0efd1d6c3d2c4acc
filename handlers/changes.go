package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

// decidedListed is how many decided changes the list shows.
const decidedListed = 100

// listChanges handles GET /changes: what waits for the reader, for others, and what was
// decided.
func (h *Handlers) listChanges(c *gin.Context) error {
	ctx, by := c.Request.Context(), person(c)
	page := views.ChangesPage{Shown: decidedListed}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error { return h.fillChanges(ctx, db, &page, by) })
	if err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "nav.changes"), "changes")
	return h.show(c, http.StatusOK, views.Changes(page))
}

func (h *Handlers) fillChanges(ctx context.Context, db *gorm.DB, p *views.ChangesPage, by models.Person) error {
	waiting, err := models.WaitingChanges(db)
	if err != nil {
		return err
	}
	decided, err := models.DecidedChanges(db, decidedListed)
	if err != nil {
		return err
	}
	names, err := models.Names(db)
	if err != nil {
		return err
	}
	for _, change := range append(waiting, decided...) {
		if change.CheckSee(by) != nil || change.CheckSubject(db, by) != nil {
			continue
		}
		row, err := h.changeRow(ctx, db, change, names)
		if err != nil {
			return err
		}
		switch {
		case !change.Waits():
			p.Decided = append(p.Decided, row)
		case change.CheckDecide(by) == nil:
			p.Yours = append(p.Yours, row)
		default:
			p.Others = append(p.Others, row)
		}
	}
	return nil
}

// changeRow is a change with the names of its subject and of its people.
func (h *Handlers) changeRow(ctx context.Context, db *gorm.DB, change models.Change, names map[models.PersonID]string) (views.Change, error) {
	name, _, err := h.changes.Of(change.Kind).Subject(db, change.Subject)
	row := views.Change{Change: change, Title: changeTitle(ctx, change.Kind, name), Proposer: names[change.ProposedBy]}
	if change.DecidedBy != nil {
		row.Decider = names[*change.DecidedBy]
	}
	row.Deciders = orWords(ctx, models.Allowed(change.Kind.Confirming()))
	return row, err
}

// changeTitle says of what a change is.
func changeTitle(ctx context.Context, kind models.ChangeKind, name string) string {
	switch {
	case kind == models.ChangeLimits:
		name = views.LimitWords(ctx, name)
	case kind == models.ChangeSending && name == "":
		return i18n.T(ctx, "change.of.sending_all")
	}
	return i18n.T(ctx, "change.of."+string(kind), "Name", name)
}

// showChange handles GET /changes/:id.
func (h *Handlers) showChange(c *gin.Context) error {
	return h.drawChange(c, http.StatusOK, refusalForm{}, nil)
}

func (h *Handlers) drawChange(c *gin.Context, status int, form refusalForm, errs views.Errors) error {
	ctx, by := c.Request.Context(), person(c)
	page := views.ChangePage{Reason: form.Reason, Errors: errs}
	err := h.Store.Read(ctx).Transaction(func(db *gorm.DB) error {
		change, err := askedChange(c, db)
		if err != nil {
			return err
		}
		names, err := models.Names(db)
		if err != nil {
			return err
		}
		if page.Change, err = h.changeRow(ctx, db, change, names); err != nil {
			return err
		}
		if change.Kind.OfDetails() {
			part, err := h.payeeChangePart(ctx, db, by, change, names)
			page.Payee = &part
			return err
		}
		if change.Kind == models.ChangeLink {
			if page.Link, err = h.linkPart(db, change); err != nil {
				return err
			}
		}
		if page.Lines, err = h.changeLines(ctx, db, change); err == nil && change.Waits() {
			page.Stuck, err = stuckAfter(ctx, db, change)
		}
		return err
	})
	if err != nil {
		return err
	}
	decide := page.Change.CheckDecide(by)
	page.MayDecide, page.MayWithdraw = decide == nil, page.Change.CheckWithdraw(by) == nil
	if decide != nil && page.Change.Waits() {
		page.MayNot = refusalText(ctx, decide)
	}
	if page.MayDecide {
		if page.StepUp, err = h.askStepUp(c, page.Change.ConfirmAct(page.Change.Digest)); err != nil {
			return err
		}
	}
	page.Shell = h.shell(c, page.Change.Title, "changes")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowChange(page))
}

// changeLines are what a change changes, written for the reader.
func (h *Handlers) changeLines(ctx context.Context, db *gorm.DB, change models.Change) (rows []views.ChangeLine, err error) {
	lines, err := h.changes.Of(change.Kind).Lines(db, change)
	accounts, wrong := accountsByID(db)
	for _, line := range lines {
		rows = append(rows, kindLine(ctx, change.Kind, line, accounts))
	}
	return rows, errors.Join(err, wrong)
}

// kindLine is changeLine for a kind: of an account that is to be connected nothing stood
// before.
func kindLine(ctx context.Context, kind models.ChangeKind, line models.ChangeLine, accounts map[models.AccountID]models.GatewayAccount) views.ChangeLine {
	row := changeLine(ctx, line, accounts)
	if kind == models.ChangeAccount {
		row.Before = ""
	}
	return row
}

// changeLine is one thing that a change changes, written for the reader.
func changeLine(ctx context.Context, line models.ChangeLine, accounts map[models.AccountID]models.GatewayAccount) views.ChangeLine {
	words := func(value any) string {
		if c, ok := value.(models.Condition); ok {
			return views.ConditionWords(ctx, c, named(ctx, c, accounts))
		}
		return valueWords(ctx, value)
	}
	return views.ChangeLine{Name: i18n.T(ctx, line.Name), Before: words(line.Before), After: words(line.After)}
}

// waitingChange is what waits about a subject, for the page that would propose it; nil
// where nothing does or the reader may not know of it.
func (h *Handlers) waitingChange(c *gin.Context, db *gorm.DB, kind models.ChangeKind, subject string) (*views.Change, error) {
	change, waits, err := models.WaitingChange(db, kind, subject)
	if err != nil || !waits || change.CheckSee(person(c)) != nil {
		return nil, err
	}
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	row, err := h.changeRow(c.Request.Context(), db, change, names)
	return &row, err
}

// pastChanges are the last ones about a subject that were carried out.
func (h *Handlers) pastChanges(c *gin.Context, db *gorm.DB, kind models.ChangeKind, subject string, most int) (rows []views.Change, err error) {
	names, err := models.Names(db)
	if err != nil {
		return nil, err
	}
	all, err := models.CarriedOut(db, kind, subject, most)
	if err != nil {
		return nil, err
	}
	for _, change := range all {
		row, err := h.changeRow(c.Request.Context(), db, change, names)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// askedChange is the change that the address names, to whoever may see it.
func askedChange(c *gin.Context, db *gorm.DB) (models.Change, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.Change{}, models.Refuse(models.Missing, "change.missing")
	}
	change, err := models.FindChange(db, id)
	if err != nil {
		return change, err
	}
	if err := change.CheckSubject(db, person(c)); err != nil {
		return change, err
	}
	return change, change.CheckSee(person(c))
}
