package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
)

const (
	streamPing = 15 * time.Second       // keeps the connection open through proxies, and asks whether its reader is still there
	streamRest = 400 * time.Millisecond // between two messages, so that a storm of notices is a few of them
	streamsMax = 2000                   // open pages in all
)

// streamCounts keeps the counts of the rail true on every page that stays open, and
// says whether anything is sent; both are for everybody who is signed in.
func (h *Handlers) streamCounts(c *gin.Context) error {
	by := person(c)
	return h.follow(c, func(ctx context.Context) (templ.Component, error) {
		s, err := h.countedShell(h.Store.Read(ctx), by)
		return views.CountUpdates(s), err
	})
}

// follow sends what draw makes, at once and after each write about one of the
// payouts (about any if none is named), until the reader leaves, is signed out or
// we shut down. It sends state, not changes, so a message lost is a message
// repeated; draw gives hx-partial elements.
func (h *Handlers) follow(c *gin.Context, draw func(ctx context.Context) (templ.Component, error), ids ...models.PayoutID) error {
	if c.Request.Method == http.MethodHead {
		return nil
	}
	leave, ok := h.streams.enter(person(c).ID)
	if !ok {
		return models.Refuse(models.TooOften, "stream.too_many")
	}
	defer leave()
	if h.Hub.Watching() >= streamsMax {
		return models.Refuse(models.TooOften, "stream.too_many")
	}
	calls, cancel := h.Hub.Subscribe(ids...)
	defer cancel()
	if err := h.openStream(c); err != nil {
		return err
	}
	ping := time.NewTicker(h.streams.ping)
	defer ping.Stop()
	for {
		if err := h.sendNews(c, draw); err != nil {
			return endOfStream(err)
		}
		if !h.waitForNews(c, calls, ping.C) {
			return nil
		}
	}
}

// openStream lifts the deadlines that end other requests.
func (h *Handlers) openStream(c *gin.Context) error {
	control := http.NewResponseController(c.Writer)
	if err := errors.Join(control.SetWriteDeadline(time.Time{}), control.SetReadDeadline(time.Time{})); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("open a stream: %w", err)
	}
	c.Header("Content-Type", "text/event-stream")
	c.Header("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	return nil
}

var errSignedOut = errors.New("the reader of a stream was signed out")

// sendNews asks first whether this is still the same person with the same right:
// whoever was signed out hears nothing more (S19).
func (h *Handlers) sendNews(c *gin.Context, draw func(ctx context.Context) (templ.Component, error)) error {
	if !h.stillHere(c) {
		return h.sayGoodbye(c)
	}
	ctx := c.Request.Context()
	stopped, err := h.stopped(ctx, visitOf(c).person)
	if err != nil {
		return err
	}
	news, err := draw(ctx)
	if err != nil {
		return err
	}
	return h.send(c, templ.Join(views.StopUpdate(stopped), news))
}

// sayGoodbye takes what was on the page away: what a reader may no longer see shall not
// stay on their screen.
func (h *Handlers) sayGoodbye(c *gin.Context) error {
	h.send(c, views.SignedOut())
	return errSignedOut
}

func (h *Handlers) stillHere(c *gin.Context) bool {
	v := visitOf(c)
	_, p, err := h.SignIn.Recognise(c.Request.Context(), v.stored.Digest)
	return err == nil && p.ID == v.person.ID && (p.May(v.route.Verb) || v.route.Verb == models.VerbSignIn) && !h.lacksFactor(c)
}

// send writes one message without a name, which htmx swaps in.
func (h *Handlers) send(c *gin.Context, news templ.Component) error {
	var drawn bytes.Buffer
	if err := news.Render(c.Request.Context(), &drawn); err != nil {
		return fmt.Errorf("draw news: %w", err)
	}
	var message bytes.Buffer
	for line := range bytes.Lines(drawn.Bytes()) {
		message.WriteString("data: ")
		message.Write(bytes.TrimRight(line, "\r\n"))
		message.WriteByte('\n')
	}
	message.WriteByte('\n')
	return h.flush(c, message.Bytes())
}

func (h *Handlers) flush(c *gin.Context, bytes []byte) error {
	if _, err := c.Writer.Write(bytes); err != nil {
		return err
	}
	return http.NewResponseController(c.Writer).Flush()
}

// waitForNews rests, then waits for a call; it is false when the stream is over.
func (h *Handlers) waitForNews(c *gin.Context, calls <-chan struct{}, ping <-chan time.Time) bool {
	rest := time.NewTimer(streamRest)
	defer rest.Stop()
	rested, called := false, false
	for !rested || !called {
		select {
		case <-calls:
			called = true
		case <-rest.C:
			rested = true
		case <-ping:
			if h.keepUp(c) != nil {
				return false
			}
		case <-h.Hub.Done():
			return false
		case <-c.Request.Context().Done():
			return false
		}
	}
	return true
}

// keepUp is one ping; a reader who was signed out meanwhile is told so, though nothing
// was written.
func (h *Handlers) keepUp(c *gin.Context) error {
	if !h.stillHere(c) {
		return h.sayGoodbye(c)
	}
	return h.flush(c, []byte(": ping\n\n"))
}

// endOfStream keeps quiet about readers who left; a fault is logged by page.
func endOfStream(err error) error {
	if errors.Is(err, errSignedOut) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
