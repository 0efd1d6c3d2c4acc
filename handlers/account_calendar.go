package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// calendarsListed is how many changes of a calendar its page shows.
const calendarsListed = 20

type calendarForm struct {
	None     bool     `form:"none"`
	Zone     string   `form:"zone"`
	CutOff   string   `form:"cut_off"`
	Days     []string `form:"days"`
	Holidays string   `form:"holidays"`
	Reason   string   `form:"reason"`
}

// calendar is what was typed.
func (f calendarForm) calendar() models.Calendar {
	if f.None {
		return models.Calendar{}
	}
	c := models.Calendar{Zone: f.Zone, CutOff: f.CutOff, Holidays: models.ReadHolidays(f.Holidays)}
	for _, text := range f.Days {
		day, err := strconv.Atoi(text)
		if err != nil {
			day = -1 // said about the field
		}
		c.Days = append(c.Days, time.Weekday(day))
	}
	return c.InOrder()
}

// typedCalendar is a calendar as a form shows it: sent back as it stands it is the same.
func typedCalendar(c models.Calendar) calendarForm {
	form := calendarForm{Zone: c.Zone, CutOff: c.CutOff}
	for _, day := range c.Days {
		form.Days = append(form.Days, strconv.Itoa(int(day)))
	}
	var lines []string
	for _, h := range c.Holidays {
		lines = append(lines, h.String())
	}
	form.Holidays = strings.Join(lines, "\n")
	return form
}

// usualDays are those that a new calendar begins with.
var usualDays = models.Weekdays{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// newCalendar handles GET /gateways/:id/calendar.
func (h *Handlers) newCalendar(c *gin.Context) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	stands := account.Calendar()
	if stands.None() {
		stands = models.Calendar{Zone: account.Zone, Days: usualDays}
	}
	return h.askCalendar(c, http.StatusOK, typedCalendar(stands), nil)
}

func (h *Handlers) askCalendar(c *gin.Context, status int, form calendarForm, errs views.Errors) error {
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	db, subject := h.Store.Read(ctx), services.AccountSubject(account.ID)
	page := views.AccountCalendarPage{
		Account: account, None: form.None, Zone: form.Zone, CutOff: form.CutOff, Days: form.Days, Holidays: form.Holidays, Reason: form.Reason,
		Zones: zones(form.Zone), Errors: errs,
	}
	if page.Waits, err = h.waitingChange(c, db, models.ChangeCalendar, subject); err != nil {
		return err
	}
	if page.Past, err = h.pastChanges(c, db, models.ChangeCalendar, subject, calendarsListed); err != nil {
		return err
	}
	page.Shell = h.shell(c, i18n.T(ctx, "calendar.title", "Account", account.Name), "gateways")
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.AccountCalendar(page))
}

// proposeCalendar handles POST /gateways/:id/calendar.
func (h *Handlers) proposeCalendar(c *gin.Context) error {
	var form calendarForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	account, err := h.askedAccount(c)
	if err != nil {
		return err
	}
	change, err := h.changes.Propose(c.Request.Context(), actor(c), models.ChangeCalendar, services.AccountSubject(account.ID), form.calendar(), form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		return h.askCalendar(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	say(c, "calendar.was_proposed")
	return redirect(c, views.ChangePath(change.ID))
}
