package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

type invitationForm struct {
	Reason string `form:"link_reason"`
}

// invitePerson handles POST /people/:id/invitation. The link is on this answer and nowhere
// else, and opens nothing before a second person has confirmed it (decision 17).
func (h *Handlers) invitePerson(c *gin.Context) error {
	var form invitationForm
	shown, err := h.askedWith(c, &form)
	if err != nil {
		return err
	}
	origin, err := h.ownOrigin(c)
	if err != nil {
		return err
	}
	secret, err := h.People.Invite(c.Request.Context(), actor(c), shown.ID, form.Reason, proof(c))
	if errs, ok := formErrors(c, err); ok {
		errs[0].ID = "link_reason"
		return h.drawPerson(c, http.StatusUnprocessableEntity, shown, rolesOf(shown), errs)
	}
	if err != nil {
		return err
	}
	return h.showLink(c, shown, origin+"/invitations/"+secret)
}

// showLink shows the half of whoever asked.
func (h *Handlers) showLink(c *gin.Context, shown models.Person, link string) error {
	waits, err := h.waitingChange(c, h.Store.Read(c), models.ChangeLink, services.PersonSubject(shown.ID))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.InvitationLink(views.InvitationLinkPage{
		Shell: h.shell(c, i18n.T(c.Request.Context(), "invitation.for", "Name", shown.Name), "people"), Person: shown, Link: link, Waits: waits,
	}))
}

// showCode shows the half of whoever confirmed, on the answer to their confirmation and
// nowhere else.
func (h *Handlers) showCode(c *gin.Context, change models.Change, code services.Code) error {
	name, _, err := h.changes.Of(change.Kind).Subject(h.Store.Read(c), change.Subject)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, views.LinkCode(views.LinkCodePage{
		Shell: h.shell(c, i18n.T(c.Request.Context(), "link.code_for", "Name", name), "changes"), Name: name, Change: change.ID,
		Code: string(code), Until: h.Now().Add(services.InvitationLasts),
	}))
}

// linkPart is what became of the link of a change that was confirmed.
func (h *Handlers) linkPart(db *gorm.DB, change models.Change) (*views.LinkPart, error) {
	if change.State != models.ChangeConfirmed {
		return nil, nil
	}
	link, there, err := models.InvitationOf(db, change.ID)
	return &views.LinkPart{Link: link, Open: there && link.CheckOpen(h.Now()) == nil}, err
}

// showInvitation handles GET /invitations/:secret. Looking at a link does not use it.
func (h *Handlers) showInvitation(c *gin.Context) error {
	return h.drawInvitation(c, http.StatusOK, "", nil)
}

func (h *Handlers) drawInvitation(c *gin.Context, status int, code string, errs views.Errors) error {
	invited, half, err := h.People.Invited(c.Request.Context(), c.Param("secret"))
	if err != nil {
		return err
	}
	return h.show(c, status, views.Invitation(views.InvitationPage{
		Secret: c.Param("secret"), Name: invited.Name, Login: invited.Login, HasCode: half, Code: code, Errors: errs,
	}))
}

type acceptForm struct {
	Code string `form:"code"`
	chosenForm
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

// acceptInvitation handles POST /invitations/:secret: whoever has the link and its code
// chooses the password, and is signed in, or asked for the second factor that they have.
func (h *Handlers) acceptInvitation(c *gin.Context) error {
	var form acceptForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	if errs := form.differs(c); errs != nil {
		return h.drawInvitation(c, http.StatusUnprocessableEntity, form.Code, errs)
	}
	p, err := h.People.Accept(c.Request.Context(), c.Param("secret"), services.Code(form.Code), form.Password)
	if errs, ok := formErrors(c, err); ok {
		return h.drawInvitation(c, http.StatusUnprocessableEntity, form.Code, errs)
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
