package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"

	"countersign/models"
	"countersign/services"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// visit is one request, seen from here: who came, by which door.
type visit struct {
	ref      string // names the request in the log and on error pages
	began    time.Time
	route    Route
	session  *sessions.Session
	stored   models.Session  // zero where nobody is signed in
	person   models.Person   // the same
	ended    error           // why an earlier session is over
	known    string          // the session's id as the cookie named it
	changed  bool            // the session has to be written
	location string          // where a deed leads
	signed   services.Signed // what the person has just proven, on a route that takes that
	typedAt  time.Time       // when that was typed which was proven since; zero without a proof
	fault    error           // what went wrong while the shell was filled
}

const visitKey = "visit"

func visitOf(c *gin.Context) *visit { return c.MustGet(visitKey).(*visit) }

// person is who is signed in.
func person(c *gin.Context) models.Person { return visitOf(c).person }

// actor is the person in the role that opened this door.
func actor(c *gin.Context) models.Actor {
	v := visitOf(c)
	return v.person.As(v.route.Verb)
}

// page lets an action run for those who may, and answers whatever it returns.
// A panic is a fault like any other: the deed is undone by its transaction and
// the reader gets a reference.
func (h *Handlers) page(route Route, action Action) gin.HandlerFunc {
	return func(c *gin.Context) {
		visitOf(c).route = route
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, route.body)
		if err := safely(func() error { return h.pass(c, route, action) }); err != nil {
			h.answer(c, err)
		}
	}
}

func safely(act func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return act()
}

// pass is the order of the checks: whence, who, may they, and is it a first time.
func (h *Handlers) pass(c *gin.Context, route Route, action Action) error {
	if route.plain || route.Verb == models.VerbNotify {
		return action(c)
	}
	if err := h.recognise(c); err != nil {
		return err
	}
	if err := h.sameSite(c.Request); err != nil {
		return err
	}
	if err := h.admit(c, route); err != nil {
		return err
	}
	if route.pace != nil && !route.pace.allow(int64(person(c).ID), visitOf(c).began) {
		return models.Refuse(models.TooOften, "request.too_often")
	}
	if c.Request.Method != http.MethodPost || route.Path == "" {
		return action(c)
	}
	return h.once(c, action)
}

// admit asks whether this person may pass.
func (h *Handlers) admit(c *gin.Context, route Route) error {
	p := person(c)
	switch {
	case route.Verb == models.VerbPublic:
		return nil
	case p.ID == 0:
		return errNobody
	case route.own():
		return nil
	case h.lacksFactor(c):
		return errNoFactor
	case route.Verb == models.VerbSignIn:
		return nil
	case p.PasswordChangedAt.IsZero():
		return errBorrowedPassword
	case !p.May(route.Verb):
		return mayNot{route.Verb}
	}
	return nil
}

// asRead sets what the reader may see, their language, zone and look, the one present of
// the page, and where its forms get their keys.
func (h *Handlers) asRead(c *gin.Context) {
	v := visitOf(c)
	ctx := i18n.With(models.Seeing(c.Request.Context(), v.person.Scope), "en", v.person.Location(), v.began)
	c.Request = c.Request.WithContext(ui.WithFormKey(views.Dressed(ctx, h.look(c.Request)), func() string {
		return h.formKeys.make(h.sessions.idOf(v.session), v.began)
	}))
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// show draws the page completely before anything is sent.
func (h *Handlers) show(c *gin.Context, status int, page templ.Component) error {
	v := visitOf(c)
	if v.fault != nil {
		return v.fault
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	buffer.Reset()
	if err := page.Render(c.Request.Context(), buffer); err != nil {
		return fmt.Errorf("draw the page: %w", err)
	}
	if err := h.keepSession(c); err != nil {
		return err
	}
	deliver(c, status, buffer.Bytes())
	return nil
}

// redirect ends a deed: the browser goes on to look at a page.
func redirect(c *gin.Context, location string) error {
	visitOf(c).location = location
	return nil
}

// leave sends the browser where the deed led.
func leave(c *gin.Context, location string) {
	c.Header("Location", location)
	c.Status(http.StatusSeeOther)
	c.Writer.WriteHeaderNow()
}
