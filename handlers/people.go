package handlers

import (
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
	db := h.Store.Read(ctx)
	people, err := models.People(db)
	if err != nil {
		return err
	}
	apart, err := h.apartPage(db, people)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.People(views.PeoplePage{
		Apart: apart,
		Shell: h.shell(c, i18n.T(ctx, "nav.people"), "people"), People: people, Verbs: verbRows(), MayAdd: person(c).May(models.VerbPeople),
	}))
}

// shownVerbs is the order of the table of permissions: money first.
var shownVerbs = []models.Verb{
	models.VerbSee, models.VerbReveal, models.VerbDraft, models.VerbPayee, models.VerbPayeeOK, models.VerbCall, models.VerbApprove, models.VerbStop, models.VerbHold, models.VerbResume,
	models.VerbCord, models.VerbRestart, models.VerbAsk, models.VerbNote, models.VerbVerdict, models.VerbClose, models.VerbNotices,
	models.VerbSort, models.VerbExport, models.VerbAudit, models.VerbPolicy, models.VerbHealth, models.VerbGateway, models.VerbRoster,
	models.VerbPeople, models.VerbGrant, models.VerbFactors, models.VerbDecide, models.VerbChanges,
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
	Login      string   `form:"login"`
	Name       string   `form:"name"`
	Zone       string   `form:"zone"`
	Roles      []string `form:"roles"`
	Accounts   []string `form:"accounts"`
	Currencies []string `form:"currencies"`
	Until      string   `form:"until"`
	Reason     string   `form:"reason"`
}

// newPerson handles GET /people/new.
func (h *Handlers) newPerson(c *gin.Context) error {
	return h.showNewPerson(c, http.StatusOK, personForm{Zone: person(c).Zone}, nil)
}

func (h *Handlers) showNewPerson(c *gin.Context, status int, form personForm, errs views.Errors) error {
	accounts, err := models.Accounts(h.Store.Read(c))
	if err != nil {
		return err
	}
	page := views.NewPersonPage{
		Scope: views.ScopeBoxes{Accounts: accounts, Scope: scopeOf(form.Accounts, form.Currencies)},
		Shell: h.shell(c, i18n.T(c.Request.Context(), "people.add"), "people"),
		Login: form.Login, Name: form.Name, Zone: form.Zone, Roles: asRoles(form.Roles), Until: form.Until, Reason: form.Reason, Zones: zones(form.Zone), Errors: errs,
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
	until, err := lastDay(c, form.Until)
	if errs, ok := formErrors(c, err); ok {
		return h.showNewPerson(c, http.StatusUnprocessableEntity, form, errs)
	}
	added, err := h.People.Add(c.Request.Context(), actor(c), services.NewPerson{
		Login: form.Login, Name: form.Name, Zone: form.Zone, Roles: asRoles(form.Roles), Scope: scopeOf(form.Accounts, form.Currencies), Until: until, Reason: form.Reason,
	}, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.showNewPerson(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "people.added", "Name", added.Name)
	return redirect(c, personPath(added.ID))
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

func asNames(roles []models.Role) (names []string) {
	for _, role := range roles {
		names = append(names, string(role))
	}
	return names
}
