package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
)

// showPerson handles GET /people/:id.
func (h *Handlers) showPerson(c *gin.Context) error {
	shown, err := h.askedPerson(c)
	if err != nil {
		return err
	}
	return h.drawPerson(c, http.StatusOK, shown, rolesOf(shown), nil)
}

// rolesOf are the roles of a person as the form shows them first.
func rolesOf(shown models.Person) rolesForm {
	return rolesForm{Roles: asNames(shown.Roles), Accounts: accountTexts(shown.Scope), Currencies: shown.Scope.Currencies}
}

func (h *Handlers) drawPerson(c *gin.Context, status int, shown models.Person, form rolesForm, errs views.Errors) error {
	reader, db := person(c), h.Store.Read(c)
	waits, err := h.waitingChange(c, db, models.ChangeRoles, services.PersonSubject(shown.ID))
	if err != nil {
		return err
	}
	link, err := h.waitingChange(c, db, models.ChangeLink, services.PersonSubject(shown.ID))
	if err != nil {
		return err
	}
	factors, err := models.FactorsOf(db, shown.ID)
	if err != nil {
		return err
	}
	_, missing := models.OpenReset(db, shown.ID)
	if missing != nil && !isMissing(missing) {
		return missing
	}
	left, wrong := models.LeftBy(db, shown.ID)
	if wrong != nil {
		return wrong
	}
	exceptions, err := exceptionsOf(db, shown.ID)
	if err != nil {
		return err
	}
	stuck, err := stuckIf(c.Request.Context(), db, func(now models.House) models.House { return now.Without(shown.ID) })
	if err != nil {
		return err
	}
	accounts, err := models.Accounts(db)
	if err != nil {
		return err
	}
	active, err := models.ActivePeople(db)
	if err != nil {
		return err
	}
	standing, err := models.StandIns(db, active, h.Now())
	if err != nil {
		return err
	}
	cases, makers := models.Heirs(active, shown.ID)
	page := views.PersonPage{
		CasesTo: heirOptions(c, cases, "left.to_queue"), DraftsTo: heirOptions(c, makers, "left.to_nobody"),
		Standing:   standInLines(models.StandInsOf(standing, shown.ID), shown.ID, h.Now()),
		Stuck:      stuck,
		IfChanged:  form.stuck,
		Only:       models.OnlyHolder(active, shown),
		Scope:      views.ScopeBoxes{Accounts: accounts, Scope: scopeOf(form.Accounts, form.Currencies)},
		Exceptions: exceptions,
		Factors:    factors, Reset: missing == nil, Left: left,
		Shell: h.shell(c, shown.Name, "people"), Person: shown, Roles: asRoles(form.Roles), Until: form.Until, Reason: form.Reason, Waits: waits, Link: link, Errors: errs,
		Self: shown.ID == reader.ID, MayChange: shown.ID != reader.ID && reader.May(models.VerbPeople),
	}
	if page.Accounts, err = h.ownAccounts(c, shown.ID, personPath(shown.ID)+"/accounts"); err != nil {
		return err
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.ShowPerson(page))
}

type rolesForm struct {
	Roles      []string `form:"roles"`
	Accounts   []string `form:"accounts"`
	Currencies []string `form:"currencies"`
	Until      string   `form:"until"`
	Reason     string   `form:"reason"`
	Anyway     bool     `form:"anyway"`
	stuck      []string // what nobody could sign any more
}

// grant is what the form asks for.
func (f rolesForm) grant(now models.Person) models.Grant {
	g := models.GrantOf(now).With(asRoles(f.Roles))
	g.Scope = scopeOf(f.Accounts, f.Currencies)
	return g
}

// changeRoles handles POST /people/:id/roles. What gives power waits for a second person.
func (h *Handlers) changeRoles(c *gin.Context) error {
	var form rolesForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	until, err := lastDay(c, form.Until)
	if errs, ok := formErrors(c, err); ok {
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, form, errs)
	}
	if form.stuck, err = h.stuckAtOnce(c, shown, form.grant(shown)); err != nil {
		return err
	}
	if len(form.stuck) > 0 && !form.Anyway {
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, form, stuckError(c))
	}
	waits, err := h.People.SetRoles(c.Request.Context(), actor(c), shown.ID, services.Wanted{Roles: asRoles(form.Roles), Scope: scopeOf(form.Accounts, form.Currencies), Until: until, Reason: form.Reason}, proof(c))
	done := takenWords(models.GrantOf(shown), form.grant(shown))
	if waits {
		done = "people.roles_proposed"
	}
	return h.afterChange(c, shown, form, err, done)
}

// takenWords say what somebody loses at once: roles, a part of what they see, or both.
func takenWords(before, after models.Grant) string {
	after.Scope, before.Scope = after.Scope.InOrder(), before.Scope.InOrder()
	sameRoles, sameScope := after, after
	sameRoles.Scope, sameScope.Roles = before.Scope, before.Roles
	switch {
	case sameRoles.Equal(before):
		return "people.scope_narrowed"
	case sameScope.Equal(before):
		return "people.roles_changed"
	}
	return "people.roles_and_scope_changed"
}

// deactivatePerson handles POST /people/:id/deactivation.
func (h *Handlers) deactivatePerson(c *gin.Context) error {
	var form heirsForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	return h.afterChange(c, shown, rolesForm{}, h.People.Deactivate(c.Request.Context(), actor(c), shown.ID, form.heirs(), proof(c)), "people.deactivated")
}

type activationForm struct {
	Reason string `form:"reason"`
}

// activatePerson handles POST /people/:id/activation.
func (h *Handlers) activatePerson(c *gin.Context) error {
	var form activationForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	err = h.People.Activate(c.Request.Context(), actor(c), shown.ID, form.Reason, proof(c))
	return h.afterChange(c, shown, rolesForm{Reason: form.Reason}, err, "people.activate_proposed")
}

// afterChange shows the form again if something in it was refused, and what was
// done otherwise.
func (h *Handlers) afterChange(c *gin.Context, shown models.Person, form rolesForm, err error, done string) error {
	if errs, ok := formErrors(c, err); ok {
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, done, "Name", shown.Name)
	return redirect(c, personPath(shown.ID))
}
