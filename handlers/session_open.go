package handlers

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// begin signs the person in, with the second factor that they have proven, if any.
func (h *Handlers) begin(c *gin.Context, p models.Person, factor models.FactorKind) error {
	return h.enterAnew(c, func(stored models.Session) error {
		stored.Factor = factor
		return h.SignIn.Open(c.Request.Context(), p, stored)
	})
}

// enterAnew opens a session under a new id: one that was known before the sign-in, or
// between its two steps, is worth nothing after it (I22). Where nobody is let in the
// browser keeps the id that it had.
func (h *Handlers) enterAnew(c *gin.Context, open func(models.Session) error) error {
	v := visitOf(c)
	before := v.session.ID
	v.session.ID = ""
	stored := models.Session{
		Digest: digestOf(h.sessions.idOf(v.session)), Address: c.ClientIP(), Agent: device(c.Request.UserAgent()), Data: []byte("{}"),
	}
	if err := open(stored); err != nil {
		v.session.ID = before
		return err
	}
	v.session.IsNew, v.changed = false, true
	h.tellOfTries(c, stored.Digest)
	return h.keepSession(c)
}

// tellOfTries says to whoever has just signed in how often somebody tried it wrongly since
// they did so before. Nobody is kept out because it cannot be read.
func (h *Handlers) tellOfTries(c *gin.Context, digest []byte) {
	_, p, err := h.SignIn.Recognise(c.Request.Context(), digest)
	if err != nil {
		return
	}
	wrong, since, err := models.WrongBetween(h.Store.Read(c.Request.Context()), p.ID)
	if err != nil || wrong == 0 {
		return
	}
	sayIn(c, "amber", "session.tried", "Count", strconv.FormatInt(wrong, 10), "Since", since.In(p.Location()).Format("2006-01-02 15:04"))
}

// halfway notes that the password was right, under a new id that opens nothing but the
// question for the second factor.
func (h *Handlers) halfway(c *gin.Context, p models.Person) error {
	v := visitOf(c)
	v.session.ID, v.session.IsNew = "", true
	if err := h.SignIn.Halfway(c.Request.Context(), p, digestOf(h.sessions.idOf(v.session))); err != nil {
		return err
	}
	return h.keepSession(c)
}

// maxDevice cuts what a browser says of itself.
const maxDevice = 200

func device(agent string) string {
	kept := make([]rune, 0, maxDevice)
	for _, r := range agent {
		if r >= ' ' && r != 0x7f && r != '\uFFFD' && len(kept) < maxDevice {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
