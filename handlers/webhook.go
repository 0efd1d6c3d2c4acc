package handlers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/views/i18n"
)

// Limits on notices (S14, M40).
const (
	noticeBytes    = 64 << 10
	noticesAtOnce  = 512 // being read or kept: at most 32 MiB of bodies
	noticePatience = 10 * time.Second
)

// intake is the way in for notices: so many at once, and none of them for long.
type intake struct {
	room     chan struct{}
	patience time.Duration // for the body to arrive, and again for it to be kept
}

func newIntake() *intake {
	return &intake{room: make(chan struct{}, noticesAtOnce), patience: noticePatience}
}

var (
	errCrowded = errors.New("too many notices at once")
	errType    = errors.New("not JSON")
	errTooLong = errors.New("more than a notice may have")
)

// unread is a body that did not arrive whole.
type unread struct{ error }

func (u unread) Unwrap() error { return u.error }

// receiveNotice handles POST /webhooks/:slug. The gateway's own success answer is
// written after the commit that keeps the notice, and for no other reason (I15).
// Whatever is wrong with a notice, the words are the same (I17); whatever is wrong
// with us, the gateway is told to come again.
func (h *Handlers) receiveNotice(c *gin.Context) error {
	var acknowledged gateway.Acknowledgement
	err := safely(func() (err error) {
		acknowledged, err = h.takeNotice(c)
		return err
	})
	if err != nil {
		h.refuseNotice(c, err)
		return nil
	}
	answerNotice(c, http.StatusOK, acknowledged)
	return nil
}

// takeNotice asks for little before it reads much: strangers who do not know the
// address are turned away before their body, what is no JSON before it is kept.
func (h *Handlers) takeNotice(c *gin.Context) (gateway.Acknowledgement, error) {
	ctx := c.Request.Context()
	leave, err := h.intake.enter(ctx)
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
	defer leave()
	if err := models.CheckSlug(h.Store.Read(context.WithoutCancel(ctx)), c.Param("slug")); err != nil {
		return gateway.Acknowledgement{}, err
	}
	body, err := h.intake.read(c)
	if err != nil {
		return gateway.Acknowledgement{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, h.intake.patience)
	defer cancel()
	return h.Notices.Receive(ctx, services.Arrival{Slug: c.Param("slug"), Header: c.Request.Header, Body: body, Address: c.ClientIP()})
}

// enter waits a while for a place, and gives the function that frees it.
func (in *intake) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-in.room }
	select {
	case in.room <- struct{}{}:
		return leave, nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, in.patience)
	defer cancel()
	select {
	case in.room <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, errCrowded
	}
}

// read takes the body once, whole, as it came.
func (in *intake) read(c *gin.Context) ([]byte, error) {
	if !isJSON(c.Request.Header) {
		return nil, errType
	}
	if c.Request.ContentLength > noticeBytes {
		return nil, errTooLong
	}
	// A deadline in the past ends a read that is going on: the server's own clock is
	// not asked.
	control := http.NewResponseController(c.Writer)
	slow := time.AfterFunc(in.patience, func() { _ = control.SetReadDeadline(time.Unix(1, 0)) })
	defer slow.Stop()
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, noticeBytes))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, errTooLong
	}
	if err != nil {
		return nil, unread{err}
	}
	return body, nil
}

// isJSON says whether the sender calls the body JSON, in any charset and not
// packed.
func isJSON(header http.Header) bool {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	packed := header.Get("Content-Encoding")
	return slices.Contains([]string{"application/json", "text/json"}, strings.ToLower(strings.TrimSpace(kind))) &&
		(packed == "" || strings.EqualFold(packed, "identity"))
}

// noticeStatus is the answer to a notice that was not acknowledged. Everything
// that nobody foresaw is a fault of ours.
func noticeStatus(err error) int {
	var refusal models.Refusal
	var broken unread
	switch {
	case errors.Is(err, errType):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &broken) && errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	case errors.As(err, &broken):
		return http.StatusBadRequest
	case errors.As(err, &refusal) && refusal.Kind == models.Missing:
		return http.StatusNotFound
	case errors.As(err, &refusal) && refusal.Key == services.ErrNotAccepted.Key:
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}

func (h *Handlers) refuseNotice(c *gin.Context, err error) {
	status := noticeStatus(err)
	switch status {
	case http.StatusServiceUnavailable:
		slog.Error("a notice could not be kept; the gateway is told to come again", "ref", visitOf(c).ref, "error", err)
		c.Header("Retry-After", "60")
	case http.StatusRequestTimeout:
		c.Header("Connection", "close")
	}
	words := i18n.T(c.Request.Context(), "notice.not_accepted")
	answerNotice(c, status, gateway.Acknowledgement{ContentType: "text/plain; charset=utf-8", Body: words})
}

// answerNotice writes exactly these bytes.
func answerNotice(c *gin.Context, status int, a gateway.Acknowledgement) {
	c.Header("Content-Length", strconv.Itoa(len(a.Body)))
	c.Data(status, a.ContentType, []byte(a.Body))
}
