package handlers

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// showProfile handles GET /profile.
func (h *Handlers) showProfile(c *gin.Context) error { return h.drawProfile(c, http.StatusOK, nil) }

func (h *Handlers) drawProfile(c *gin.Context, status int, errs views.Errors) error {
	ctx, p := c.Request.Context(), person(c)
	sessions, err := models.SessionsOf(h.Store.Read(ctx), p.ID)
	if err != nil {
		return err
	}
	factors, err := models.FactorsOf(h.Store.Read(ctx), p.ID)
	if err != nil {
		return err
	}
	page := views.ProfilePage{
		Factors: factors, Lacking: h.lacksFactor(c), Aged: h.aged(c),
		Shell: h.shell(c, i18n.T(ctx, "profile.title"), "profile"),
		Name:  p.Name, Login: p.Login, Roles: views.RoleWords(ctx, p.Roles), Borrowed: p.PasswordChangedAt.IsZero(), Changed: p.PasswordChangedAt,
		Zone: p.Zone, Zones: zones(p.Zone), Sessions: sessionLines(visitOf(c), sessions), Errors: errs,
	}
	if page.Standing, err = h.delegationPart(c, h.Store.Read(ctx), p); err != nil {
		return err
	}
	if page.Accounts, err = h.ownAccounts(c, p.ID, "/profile/accounts"); err != nil {
		return err
	}
	page.Shell.Errors = len(errs) > 0
	return h.show(c, status, views.Profile(page))
}

func sessionLines(v *visit, sessions []models.Session) (lines []views.SessionLine) {
	this := services.Handle(v.stored)
	for _, s := range sessions {
		lines = append(lines, views.SessionLine{
			Handle: services.Handle(s), Device: s.Agent, Address: s.Address, Began: s.CreatedAt, Seen: s.SeenAt, This: services.Handle(s) == this,
		})
	}
	return lines
}

// knownZones are offered; a person's own is kept whatever it is.
var knownZones = []string{
	"UTC", "America/Bogota", "America/Lima", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Santiago",
	"America/Sao_Paulo", "Asia/Bangkok", "Asia/Dubai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata",
	"Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tokyo",
	"Australia/Sydney", "Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Zurich",
}

func zones(own string) (options []ui.Option) {
	all := knownZones
	if !slices.Contains(all, own) {
		all = append([]string{own}, all...)
	}
	for _, zone := range all {
		options = append(options, ui.Option{Value: zone, Text: zone})
	}
	return options
}

type passwordForm struct {
	Old      string `form:"old,raw"`
	Password string `form:"password,raw"`
	Again    string `form:"again,raw"`
}

// changePassword handles POST /profile/password. Every session ends, and this
// browser goes on under a new id.
func (h *Handlers) changePassword(c *gin.Context) error {
	var form passwordForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if form.Password != form.Again {
		return h.drawProfile(c, http.StatusUnprocessableEntity, views.Errors{{ID: "again", Text: i18n.T(ctx, "password.again_differs")}})
	}
	err := h.People.ChangePassword(ctx, actor(c), form.Old, form.Password)
	if errs, ok := formErrors(c, err); ok {
		return h.drawProfile(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	p, err := models.FindPerson(h.Store.Read(ctx), person(c).ID)
	if err != nil {
		return err
	}
	if err := h.begin(c, p, visitOf(c).stored.Factor); err != nil {
		return err
	}
	say(c, "profile.password_changed")
	return redirect(c, "/profile")
}

type zoneForm struct {
	Zone string `form:"zone"`
}

// chooseZone handles POST /profile/zone.
func (h *Handlers) chooseZone(c *gin.Context) error {
	var form zoneForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	err := h.People.SetZone(c.Request.Context(), actor(c), form.Zone)
	if errs, ok := formErrors(c, err); ok {
		return h.drawProfile(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	say(c, "profile.zone_changed", "Zone", form.Zone)
	return redirect(c, "/profile")
}

// endSession handles POST /profile/sessions/:handle/end.
func (h *Handlers) endSession(c *gin.Context) error {
	if err := readForm(c, &struct{}{}); err != nil {
		return err
	}
	if err := h.SignIn.End(c.Request.Context(), person(c), c.Param("handle")); err != nil {
		return err
	}
	say(c, "session.ended")
	return redirect(c, "/profile")
}
