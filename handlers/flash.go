package handlers

import (
	"encoding/json"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/sessions"

	"countersign/views"
	"countersign/views/i18n"
)

// flash is what a deed says once, on the page it leads to.
type flash struct {
	Tone string   `json:",omitempty"`
	Key  string   `json:",omitempty"`
	Args []string `json:",omitempty"`
}

func readFlash(session *sessions.Session, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	var f flash
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	if f.Key != "" {
		session.Values[flashValue] = f
	}
	return nil
}

func writeFlash(session *sessions.Session) ([]byte, error) {
	f, _ := session.Values[flashValue].(flash)
	return json.Marshal(f)
}

// say leaves words for the next page: a catalogue key, then names and values.
func say(c *gin.Context, key string, args ...string) { sayIn(c, "green", key, args...) }

// sayIn is say in another tone than green.
func sayIn(c *gin.Context, tone, key string, args ...string) {
	v := visitOf(c)
	v.session.Values[flashValue], v.changed = flash{tone, key, args}, true
}

// takeFlash gives the words that the last deed left, once.
func (h *Handlers) takeFlash(c *gin.Context) *views.Flash {
	v := visitOf(c)
	f, ok := v.session.Values[flashValue].(flash)
	if !ok {
		return nil
	}
	delete(v.session.Values, flashValue)
	v.changed = true
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		args[i] = arg
	}
	return &views.Flash{Kind: f.Tone, Text: i18n.T(c.Request.Context(), f.Key, args...)}
}
