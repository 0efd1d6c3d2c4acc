package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
)

// sessionStore keeps gorilla's sessions in our table. The cookie holds a signed
// random id, the table its digest (S1). Somebody who has not signed in has an id
// for their forms, and no row.
type sessionStore struct {
	store  *models.Store
	signIn *services.SignIn
	name   string
	secure bool
	codec  *securecookie.SecureCookie
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(config Config, key []byte) *sessionStore {
	name := "countersign"
	if config.Secure {
		name = "__Host-countersign"
	}
	// The table knows how old a session is; a second opinion in the cookie could
	// only disagree.
	codec := securecookie.New(key, nil).MaxAge(0)
	return &sessionStore{store: config.Store, signIn: config.SignIn, name: name, secure: config.Secure, codec: codec}
}

// The values of a session. The first is written to its row, the others are read
// from the tables anew for each request.
const (
	flashValue  = "flash"
	storedValue = "stored"
	personValue = "person"
)

// Get gives the session of the request, the same one each time.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session that the cookie names. A session that is over comes back
// without an id, with a Refusal that says why.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	cookie, err := r.Cookie(name)
	if err != nil || s.codec.Decode(name, cookie.Value, &session.ID) != nil {
		return session, nil
	}
	stored, person, err := s.signIn.Recognise(r.Context(), digestOf(session.ID))
	if refusal := (models.Refusal{}); errors.As(err, &refusal) {
		if refusal.Key == "session.missing" {
			return session, nil
		}
		session.ID = ""
		return session, refusal
	}
	if err != nil {
		return session, err
	}
	session.IsNew = false
	session.Values[storedValue], session.Values[personValue] = stored, person
	return session, readFlash(session, stored.Data)
}

// Save writes what the session carries, if somebody is signed in, and the cookie.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	value, err := s.codec.Encode(session.Name(), s.idOf(session))
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	if session.IsNew {
		return nil
	}
	data, err := writeFlash(session)
	if err != nil {
		return err
	}
	return s.store.Write(r.Context(), func(tx *gorm.DB) error {
		return models.KeepSessionData(tx, digestOf(session.ID), data)
	})
}

// idOf gives a session its id when one is first needed: 256 random bits.
func (s *sessionStore) idOf(session *sessions.Session) string {
	if session.ID == "" {
		session.ID = rand.Text() + rand.Text()
	}
	return session.ID
}

func digestOf(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

// recognise finds out who this is.
func (h *Handlers) recognise(c *gin.Context) error {
	v := visitOf(c)
	session, err := h.sessions.Get(c.Request, h.sessions.name)
	v.session, v.known = session, session.ID
	if refusal := (models.Refusal{}); errors.As(err, &refusal) {
		v.ended, err = refusal, nil
	}
	if err != nil {
		h.asRead(c)
		return err
	}
	v.stored, _ = session.Values[storedValue].(models.Session)
	v.person, _ = session.Values[personValue].(models.Person)
	h.asRead(c)
	if v.person.ID == 0 || v.route.live {
		return nil
	}
	return h.SignIn.See(c.Request.Context(), v.stored)
}

// keepSession writes the session if this request changed it: words were left or
// taken, or a form needs an id to be bound to.
func (h *Handlers) keepSession(c *gin.Context) error {
	v := visitOf(c)
	if v.session == nil || v.session.Options.MaxAge < 0 || !v.changed && v.session.ID == v.known {
		return nil
	}
	return v.session.Save(c.Request, c.Writer)
}
