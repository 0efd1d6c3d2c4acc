package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// invitePerson handles POST /people/:id/invitation. The link is on this answer and nowhere
// else: whoever sends the form again gets another, and this one is void.
func (h *Handlers) invitePerson(c *gin.Context) error {
	shown, err := h.askedWith(c, &struct{}{})
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	origin, err := h.ownOrigin(c)
	if err != nil {
		return err
	}
	secret, err := h.People.Invite(ctx, actor(c), shown.ID, proof(c))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.InvitationLink(views.InvitationLinkPage{
		Shell: h.shell(c, i18n.T(ctx, "invitation.for", "Name", shown.Name), "people"), Person: shown,
		Link: origin + "/invitations/" + secret, Until: h.Now().Add(services.InvitationLasts),
	}))
}

// showInvitation handles GET /invitations/:secret. Looking at a link does not use it.
func (h *Handlers) showInvitation(c *gin.Context) error {
	return h.drawInvitation(c, http.StatusOK, nil)
}

func (h *Handlers) drawInvitation(c *gin.Context, status int, errs views.Errors) error {
	invited, err := h.People.Invited(c.Request.Context(), c.Param("secret"))
	if err != nil {
		return err
	}
	return h.show(c, status, views.Invitation(views.InvitationPage{Secret: c.Param("secret"), Name: invited.Name, Login: invited.Login, Errors: errs}))
}

type chosenForm struct {
	Password string `form:"password,raw"`
	Again    string `form:"again,raw"`
}

func (f chosenForm) differs(c *gin.Context) views.Errors {
	if f.Password == f.Again {
		return nil
	}
	return views.Errors{{ID: "again", Text: i18n.T(c.Request.Context(), "password.again_differs")}}
}

// acceptInvitation handles POST /invitations/:secret: whoever has the link chooses the
// password, and is signed in, or asked for the second factor that they have.
func (h *Handlers) acceptInvitation(c *gin.Context) error {
	var form chosenForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	if errs := form.differs(c); errs != nil {
		return h.drawInvitation(c, http.StatusUnprocessableEntity, errs)
	}
	p, err := h.People.Accept(c.Request.Context(), c.Param("secret"), form.Password)
	if errs, ok := formErrors(c, err); ok {
		return h.drawInvitation(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	return h.welcome(c, p)
}

// welcome lets somebody in who has just chosen a password.
func (h *Handlers) welcome(c *gin.Context, p models.Person) error {
	more, err := h.goOn(c, p)
	if err != nil {
		return err
	}
	if more {
		return redirect(c, secondStep("/profile"))
	}
	return redirect(c, "/profile")
}

// showSetup handles GET /setup/:secret, the link that a start without people prints (S20).
func (h *Handlers) showSetup(c *gin.Context) error {
	return h.drawSetup(c, http.StatusOK, setupForm{Zone: "UTC"}, nil)
}

type setupForm struct {
	Login    string `form:"login"`
	Name     string `form:"name"`
	Zone     string `form:"zone"`
	Password string `form:"password,raw"`
	Again    string `form:"again,raw"`
}

func (h *Handlers) drawSetup(c *gin.Context, status int, form setupForm, errs views.Errors) error {
	if err := h.People.CheckSetup(c.Request.Context(), c.Param("secret")); err != nil {
		return err
	}
	return h.show(c, status, views.Setup(views.SetupPage{
		Secret: c.Param("secret"), Login: form.Login, Name: form.Name, Zone: form.Zone, Zones: zones(form.Zone), Errors: errs,
	}))
}

// setUp handles POST /setup/:secret: the first person of the installation comes in.
func (h *Handlers) setUp(c *gin.Context) error {
	var form setupForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	if errs := (chosenForm{form.Password, form.Again}).differs(c); errs != nil {
		return h.drawSetup(c, http.StatusUnprocessableEntity, form, errs)
	}
	p, err := h.People.SetUp(c.Request.Context(), c.Param("secret"), services.NewPerson{
		Login: form.Login, Name: form.Name, Zone: form.Zone, Password: form.Password,
	})
	if errs, ok := formErrors(c, err); ok {
		return h.drawSetup(c, http.StatusUnprocessableEntity, form, errs)
	}
	if err != nil {
		return err
	}
	return h.welcome(c, p)
}
