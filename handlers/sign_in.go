package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
)

// newSignIn shows the door, unless somebody is in already.
func (h *Handlers) newSignIn(c *gin.Context) error {
	next := localPath(c.Query("next"))
	if person(c).ID != 0 {
		leave(c, next)
		return nil
	}
	return h.showSignIn(c, http.StatusOK, views.SignInPage{Next: next, Ended: endedWords(c)})
}

// endedWords say why an earlier session is over. The address only picks among
// sentences of ours.
func endedWords(c *gin.Context) string {
	ctx := c.Request.Context()
	if ended := visitOf(c).ended; ended != nil {
		return refusalText(ctx, ended)
	}
	switch c.Query("ended") {
	case "idle":
		return i18n.T(ctx, "session.idle", "Minutes", int(services.SessionIdle.Minutes()))
	case "over":
		return i18n.T(ctx, "session.over", "Hours", int(services.SessionWhole.Hours()))
	case "step":
		return i18n.T(ctx, "sign_in.no_step")
	case "out":
		return i18n.T(ctx, "session.out")
	}
	return ""
}

func (h *Handlers) showSignIn(c *gin.Context, status int, p views.SignInPage) error {
	cards, err := h.demoCards(c)
	if err != nil {
		return err
	}
	p.Demo = cards
	if p.Passkey, err = h.askPasskey(c, atDoor, nil); err != nil {
		return err
	}
	return h.show(c, status, views.SignIn(p))
}

// demoCards are the people of the demonstration who can sign in.
func (h *Handlers) demoCards(c *gin.Context) (cards []views.DemoCard, err error) {
	if !h.Demo {
		return nil, nil
	}
	ctx := c.Request.Context()
	for _, demo := range h.DemoPeople {
		p, err := models.FindPersonByLogin(h.Store.Read(ctx), demo.Login)
		if isMissing(err) || err == nil && !p.Active {
			continue
		}
		if err != nil {
			return nil, err
		}
		shown := face(ctx, p)
		cards = append(cards, views.DemoCard{
			ID: int64(p.ID), Name: p.Name, Initial: shown.Initial, Roles: shown.RoleWords, Story: i18n.T(ctx, demo.Story),
		})
	}
	return cards, nil
}

type signInForm struct {
	Login    string `form:"login"`
	Password string `form:"password,raw"`
	Next     string `form:"next"`
}

// signIn lets in whoever knows login and password.
func (h *Handlers) signIn(c *gin.Context) error {
	var form signInForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	p, err := h.SignIn.Check(c.Request.Context(), form.Login, form.Password, c.ClientIP())
	more := false
	if err == nil {
		more, err = h.goOn(c, p)
	}
	if isRefusal(err) {
		first := refusalsIn(err)[0]
		return h.showSignIn(c, statuses[first.Kind], views.SignInPage{
			Login: form.Login, Next: localPath(form.Next), Wrong: refusalText(c.Request.Context(), err),
		})
	}
	if err != nil {
		return err
	}
	if more {
		return redirect(c, secondStep(form.Next))
	}
	return redirect(c, localPath(form.Next))
}

// goOn opens the session of somebody whose password was right, or asks them for more.
func (h *Handlers) goOn(c *gin.Context, p models.Person) (more bool, err error) {
	factors, err := models.FactorsOf(h.Store.Read(c), p.ID)
	if err != nil {
		return false, err
	}
	if factors.Any() {
		return true, h.halfway(c, p)
	}
	return false, h.begin(c, p, "")
}

type demoForm struct {
	Person string `form:"person"`
	Next   string `form:"next"`
}

// signInAsDemoPerson lets a visitor of the demonstration be one of its people.
func (h *Handlers) signInAsDemoPerson(c *gin.Context) error {
	var form demoForm
	if err := readForm(c, &form); err != nil {
		return err
	}
	cards, err := h.demoCards(c)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if strconv.FormatInt(card.ID, 10) == form.Person {
			return h.beginDemo(c, models.PersonID(card.ID), form.Next)
		}
	}
	return models.Refuse(models.Missing, "sign_in.no_demo_person")
}

func (h *Handlers) beginDemo(c *gin.Context, id models.PersonID, next string) error {
	p, err := models.FindPerson(h.Store.Read(c), id)
	if err != nil {
		return err
	}
	if err := h.leaveSession(c); err != nil {
		return err
	}
	if err := h.begin(c, p, models.FactorDemo); err != nil {
		return err
	}
	return redirect(c, localPath(next))
}

// leaveSession ends the session that a visitor of the demonstration came in.
func (h *Handlers) leaveSession(c *gin.Context) error {
	v := visitOf(c)
	if v.person.ID == 0 {
		return nil
	}
	return h.SignIn.Out(c.Request.Context(), v.person, v.stored)
}

// signOut ends the session in the table and in the browser.
func (h *Handlers) signOut(c *gin.Context) error {
	v := visitOf(c)
	if err := h.SignIn.Out(c.Request.Context(), v.person, v.stored); err != nil {
		return err
	}
	v.session.Options.MaxAge = -1
	if err := v.session.Save(c.Request, c.Writer); err != nil {
		return err
	}
	return redirect(c, "/sign-in?ended=out")
}

func isMissing(err error) bool {
	var refusal models.Refusal
	return errors.As(err, &refusal) && refusal.Kind == models.Missing
}
