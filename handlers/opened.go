package handlers

import (
	"time"

	"github.com/gin-gonic/gin"
)

// openedStamp goes with the page on which something is read before it is decided: it holds
// when that was, under a key, for this browser and this subject. A phone carries it from the
// card to the page that confirms.
func (h *Handlers) openedStamp(c *gin.Context, subject, given string) string {
	if !h.openedAt(c, subject, given).IsZero() {
		return given
	}
	v := visitOf(c)
	return h.formKeys.make(opening(subject, h.sessions.idOf(v.session)), v.began)
}

// openedAt is when the reader opened it, zero where the stamp is none of ours: then nothing
// is known, and nothing is kept.
func (h *Handlers) openedAt(c *gin.Context, subject, stamp string) time.Time {
	v := visitOf(c)
	if _, err := h.formKeys.check(opening(subject, v.session.ID), stamp, v.began); err != nil || v.session.ID == "" {
		return time.Time{}
	}
	at, _, err := readStamp(stamp)
	if err != nil {
		return time.Time{}
	}
	return at
}

func opening(subject, session string) string { return "opened " + subject + "\x00" + session }
