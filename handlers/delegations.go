package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

type delegationForm struct {
	To    string `form:"to"` // role and person: approver 7
	From  string `form:"from"`
	Until string `form:"until"`
}

// delegate handles POST /profile/delegations.
func (h *Handlers) delegate(c *gin.Context) error {
	var form delegationForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	d, err := form.delegation(c)
	if err == nil {
		err = h.People.Delegate(c.Request.Context(), person(c), d)
	}
	if errs, ok := formErrors(c, err); ok {
		return h.drawProfileWith(c, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "delegation.made")
	return redirect(c, "/profile")
}

// delegation reads the form in the zone of whoever fills it in; the last day is within.
func (f delegationForm) delegation(c *gin.Context) (d models.Delegation, err error) {
	role, id, _ := strings.Cut(f.To, " ")
	d.Role, d.DelegateID = models.Role(role), chosenPerson(id)
	if d.DelegateID == 0 {
		return d, models.Refuse(models.Invalid, "delegation.to_whom").On("to")
	}
	if d.FromAt, err = time.ParseInLocation(time.DateOnly, f.From, person(c).Location()); err != nil {
		return d, models.Refuse(models.Invalid, "delegation.from").On("from")
	}
	if d.UntilAt, err = lastDay(c, f.Until); err == nil && d.UntilAt.IsZero() {
		err = models.Refuse(models.Invalid, "delegation.until").On("until")
	}
	return d, err
}

// endDelegation handles POST /profile/delegations/:id/end.
func (h *Handlers) endDelegation(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return models.Refuse(models.Missing, "delegation.missing")
	}
	if err := h.People.EndDelegation(c.Request.Context(), person(c), id); err != nil {
		return err
	}
	say(c, "delegation.was_ended")
	return redirect(c, "/profile")
}

func (h *Handlers) drawProfileWith(c *gin.Context, form delegationForm, errs views.Errors) error {
	c.Set(typedDelegation, form)
	return h.drawProfile(c, http.StatusUnprocessableEntity, errs)
}

// typedDelegation is where a form that is shown again is kept for the page.
const typedDelegation = "delegation"

// delegationPart is what of the profile is about standing in for one another.
func (h *Handlers) delegationPart(c *gin.Context, db *gorm.DB, by models.Person) (part views.Delegations, err error) {
	people, err := models.ActivePeople(db)
	if err != nil {
		return part, err
	}
	all, err := models.StandIns(db, people, h.Now())
	part.Lines = standInLines(models.StandInsOf(all, by.ID), by.ID, h.Now())
	form, _ := c.Value(typedDelegation).(delegationForm)
	part.To, part.From, part.Until = form.To, form.From, form.Until
	part.Options = delegateOptions(c.Request.Context(), by, people)
	return part, err
}

// delegateOptions are who could stand in for the person, and in which role.
func delegateOptions(ctx context.Context, by models.Person, people []models.Person) (options []ui.Option) {
	for _, role := range models.Delegable {
		for _, to := range people {
			if (models.Delegation{Role: role}).CheckDelegate(by, to) == nil {
				words := to.Name + ", " + strings.ToLower(i18n.T(ctx, "role."+string(role)))
				options = append(options, ui.Option{Value: string(role) + " " + strconv.FormatInt(int64(to.ID), 10), Text: words})
			}
		}
	}
	return options
}

// standInLines are delegations as their people read them.
func standInLines(own []models.StandIn, reader models.PersonID, now time.Time) (lines []views.DelegationLine) {
	for _, s := range own {
		lines = append(lines, views.DelegationLine{StandIn: s, Away: s.PersonID == reader, Works: s.Works(now), Began: s.Stands(now)})
	}
	return lines
}

// standIns are the delegations that work now, either way, of the reader.
func (h *Handlers) standIns(db *gorm.DB, by models.Person) ([]models.StandIn, error) {
	all, err := h.workingStandIns(db)
	return models.StandInsOf(all, by.ID), err
}

func (h *Handlers) workingStandIns(db *gorm.DB) ([]models.StandIn, error) {
	people, err := models.People(db)
	if err != nil {
		return nil, err
	}
	all, err := models.StandIns(db, people, h.Now())
	return slices.DeleteFunc(all, func(s models.StandIn) bool { return !s.Works(h.Now()) }), err
}

// caseStandIn is who settles a case while its owner is away; nil while the owner is there,
// or nobody stands in who may settle it.
func caseStandIn(working []models.StandIn, p models.Payout) *models.StandIn {
	for i := range working {
		if working[i].ForCase(p) {
			return &working[i]
		}
	}
	return nil
}

// forWords say for whom else an order waits: for Lin, until 30 Nov.
func forWords(ctx context.Context, standing []models.StandIn, by models.PersonID, p models.Payout, signed []models.PersonID) string {
	for _, s := range standing {
		if s.DelegateID == by && s.For(p, signed) {
			return i18n.T(ctx, "delegation.for", "Name", s.From.Name, "Day", i18n.Day(ctx, s.UntilAt.Add(-time.Minute)))
		}
	}
	return ""
}
