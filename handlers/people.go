package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// listPeople handles GET /people.
func (h *Handlers) listPeople(c *gin.Context) error {
	ctx := c.Request.Context()
	people, err := models.People(h.Store.Read(ctx))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.People(views.PeoplePage{
		Shell: h.shell(c, i18n.T(ctx, "nav.people"), "people"), People: people, Verbs: verbRows(), MayAdd: person(c).May(models.VerbPeople),
	}))
}

// shownVerbs is the order of the table of permissions: money first.
var shownVerbs = []models.Verb{
	models.VerbSee, models.VerbReveal, models.VerbDraft, models.VerbApprove, models.VerbStop, models.VerbHold, models.VerbResume,
	models.VerbCord, models.VerbRestart, models.VerbAsk, models.VerbNote, models.VerbVerdict, models.VerbClose, models.VerbNotices,
	models.VerbSort, models.VerbExport, models.VerbAudit, models.VerbPolicy, models.VerbHealth, models.VerbGateway, models.VerbRoster,
	models.VerbPeople, models.VerbFactors,
}

func verbRows() (rows []views.VerbRow) {
	for _, verb := range shownVerbs {
		row := views.VerbRow{Verb: verb}
		for _, role := range models.Roles {
			row.May = append(row.May, slices.Contains(models.Allowed(verb), role))
		}
		rows = append(rows, row)
	}
	return rows
}

type personForm struct {
	Login string   `form:"login"`
	Name  string   `form:"name"`
	Zone  string   `form:"zone"`
	Roles []string `form:"roles"`
}

// newPerson handles GET /people/new.
func (h *Handlers) newPerson(c *gin.Context) error {
	return h.showNewPerson(c, http.StatusOK, personForm{Zone: person(c).Zone}, nil)
}

func (h *Handlers) showNewPerson(c *gin.Context, status int, form personForm, errs views.Errors) error {
	page := views.NewPersonPage{
		Shell: h.shell(c, i18n.T(c.Request.Context(), "people.add"), "people"),
		Login: form.Login, Name: form.Name, Zone: form.Zone, Roles: asRoles(form.Roles), Zones: zones(form.Zone), Errors: errs,
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.NewPerson(page))
}

// addPerson handles POST /people.
func (h *Handlers) addPerson(c *gin.Context) error {
	var form personForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	added, err := h.People.Add(c.Request.Context(), actor(c), services.NewPerson{
		Login: form.Login, Name: form.Name, Zone: form.Zone, Roles: asRoles(form.Roles),
	})
	if errs, ok := formErrors(c, err); ok {
		return h.showNewPerson(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "people.added", "Name", added.Name)
	return redirect(c, personPath(added.ID))
}

// showPerson handles GET /people/:id.
func (h *Handlers) showPerson(c *gin.Context) error {
	shown, err := h.askedPerson(c)
	if err != nil {
		return err
	}
	return h.drawPerson(c, http.StatusOK, shown, shown.Roles, nil)
}

func (h *Handlers) drawPerson(c *gin.Context, status int, shown models.Person, roles []models.Role, errs views.Errors) error {
	reader, db := person(c), h.Store.Read(c)
	factors, err := models.FactorsOf(db, shown.ID)
	if err != nil {
		return err
	}
	_, err = models.OpenReset(db, shown.ID)
	if err != nil && !isMissing(err) {
		return err
	}
	left, wrong := models.LeftBy(db, shown.ID)
	if wrong != nil {
		return wrong
	}
	page := views.PersonPage{
		Factors: factors, Reset: err == nil, Left: left,
		Shell: h.shell(c, shown.Name, "people"), Person: shown, Roles: roles, Errors: errs,
		Self: shown.ID == reader.ID, MayChange: shown.ID != reader.ID && reader.May(models.VerbPeople),
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowPerson(page))
}

type rolesForm struct {
	Roles []string `form:"roles"`
}

// changeRoles handles POST /people/:id/roles.
func (h *Handlers) changeRoles(c *gin.Context) error {
	var form rolesForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	err = h.People.SetRoles(c.Request.Context(), actor(c), shown.ID, asRoles(form.Roles))
	return h.afterChange(c, shown, asRoles(form.Roles), err, "people.roles_changed")
}

// deactivatePerson handles POST /people/:id/deactivation.
func (h *Handlers) deactivatePerson(c *gin.Context) error {
	return h.switchPerson(c, h.People.Deactivate, "people.deactivated")
}

// activatePerson handles POST /people/:id/activation.
func (h *Handlers) activatePerson(c *gin.Context) error {
	return h.switchPerson(c, h.People.Activate, "people.activated")
}

func (h *Handlers) switchPerson(c *gin.Context, act func(context.Context, models.Actor, models.PersonID) error, done string) error {
	shown, err := h.askedWith(c, &struct{}{})
	if err != nil {
		return err
	}
	return h.afterChange(c, shown, shown.Roles, act(c.Request.Context(), actor(c), shown.ID), done)
}

// afterChange shows the form again if something in it was refused, and what was
// done otherwise.
func (h *Handlers) afterChange(c *gin.Context, shown models.Person, roles []models.Role, err error, done string) error {
	if errs, ok := formErrors(c, err); ok {
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, roles, errs)
	}
	if err != nil {
		return err
	}
	say(c, done, "Name", shown.Name)
	return redirect(c, personPath(shown.ID))
}

// askedWith reads the form and the person that the address names.
func (h *Handlers) askedWith(c *gin.Context, form any) (models.Person, error) {
	if err := readForm(c, form); err != nil {
		return models.Person{}, err
	}
	return h.askedPerson(c)
}

func (h *Handlers) askedPerson(c *gin.Context) (models.Person, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.Person{}, models.Refuse(models.Missing, "person.missing")
	}
	return models.FindPerson(h.Store.Read(c), models.PersonID(id))
}

func personPath(id models.PersonID) string { return "/people/" + strconv.FormatInt(int64(id), 10) }

func asRoles(names []string) (roles []models.Role) {
	for _, name := range names {
		roles = append(roles, models.Role(name))
	}
	return roles
}
