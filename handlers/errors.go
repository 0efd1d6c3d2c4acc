package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
)

var (
	errNobody           = errors.New("nobody is signed in")
	errBorrowedPassword = errors.New("the password was chosen by somebody else")
	errNoFactor         = errors.New("this installation asks for a second factor, and this person has none")
)

// mayNot refuses a verb that none of the person's roles has.
type mayNot struct{ verb models.Verb }

func (m mayNot) Error() string { return "no role may " + string(m.verb) }

// statuses are the HTTP answers to the kinds of refusal.
var statuses = map[models.Kind]int{
	models.Invalid: http.StatusUnprocessableEntity, models.Forbidden: http.StatusForbidden, models.Missing: http.StatusNotFound,
	models.Conflict: http.StatusConflict, models.TooOften: http.StatusTooManyRequests, models.Stopped: http.StatusServiceUnavailable,
}

// answer tells the reader what did not happen. Refusals are told in words, faults
// are logged in full and told as a reference (S17).
func (h *Handlers) answer(c *gin.Context, err error) {
	v := visitOf(c)
	if c.Writer.Written() {
		slog.Error("failed after the answer had begun", "ref", v.ref, "route", c.FullPath(), "error", err)
		return
	}
	if v.session == nil {
		h.asRead(c)
	}
	h.noteRefusal(c, err)
	switch {
	case errors.Is(err, errNobody):
		h.askToSignIn(c)
	case v.route.live && errors.Is(err, errNoFactor):
		c.Status(http.StatusForbidden)
	case (errors.Is(err, errBorrowedPassword) || errors.Is(err, errNoFactor)) && c.Request.Method != http.MethodPost:
		leave(c, "/profile")
	default:
		status, plight := h.plight(c, err)
		h.showPlight(c, status, plight)
	}
}

// askToSignIn sends readers to the door and back; a deed is not carried over.
func (h *Handlers) askToSignIn(c *gin.Context) {
	v, ctx := visitOf(c), c.Request.Context()
	if v.route.live {
		c.Status(http.StatusUnauthorized)
		return
	}
	if c.Request.Method != http.MethodPost {
		leave(c, door(c.Request.URL.RequestURI(), v.ended))
		return
	}
	happened := i18n.T(ctx, "error.nobody_happened")
	if v.ended != nil {
		happened = refusalText(ctx, v.ended)
	}
	h.showPlight(c, http.StatusUnauthorized, views.Plight{
		Title: i18n.T(ctx, "error.nobody_title"), Happened: happened, Can: i18n.T(ctx, "error.nobody_can"), Door: true,
	})
}

// door is the sign-in page, which knows where to lead afterwards.
func door(next string, ended error) string {
	query := url.Values{}
	if localPath(next) != "/" {
		query.Set("next", next)
	}
	if ended != nil {
		query.Set("ended", strings.TrimPrefix(ended.Error(), "session."))
	}
	if len(query) == 0 {
		return "/sign-in"
	}
	return "/sign-in?" + query.Encode()
}

// plight finds the words for an error.
func (h *Handlers) plight(c *gin.Context, err error) (int, views.Plight) {
	ctx := c.Request.Context()
	var forbidden mayNot
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &forbidden):
		return http.StatusForbidden, views.Plight{
			Title:    i18n.T(ctx, "error.may_not_title"),
			Happened: i18n.T(ctx, "error.may_not_happened", "Deed", i18n.T(ctx, "verb."+string(forbidden.verb))),
			Can:      i18n.T(ctx, "error.may_not_can", "Roles", orWords(ctx, models.Allowed(forbidden.verb))),
		}
	case errors.Is(err, errBorrowedPassword):
		return http.StatusForbidden, views.Plight{Title: i18n.T(ctx, "error.borrowed_title"), Can: i18n.T(ctx, "error.borrowed_can")}
	case errors.Is(err, errNoFactor):
		return http.StatusForbidden, views.Plight{Title: i18n.T(ctx, "factor.demanded"), Can: i18n.T(ctx, "factor.demanded_can")}
	case errors.Is(err, errNoMethod):
		return http.StatusMethodNotAllowed, views.Plight{Title: i18n.T(ctx, "error.no_page"), Can: i18n.T(ctx, "error.missing_can")}
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, views.Plight{
			Title: i18n.T(ctx, "error.too_large_title", "Limit", sizeWords(tooLarge.Limit)), Can: i18n.T(ctx, "error.too_large_can"),
		}
	case errors.As(err, &unreadable{}):
		return http.StatusBadRequest, views.Plight{Title: i18n.T(ctx, "error.unreadable_title"), Can: i18n.T(ctx, "error.unreadable_can")}
	case isRefusal(err):
		return refusalPlight(ctx, err)
	}
	slog.Error("request failed", "ref", visitOf(c).ref, "method", c.Request.Method, "route", c.FullPath(), "error", err)
	return http.StatusInternalServerError, views.Plight{
		Title: i18n.T(ctx, "error.fault_title"), Happened: i18n.T(ctx, "error.fault_happened"), Can: i18n.T(ctx, "error.fault_can"), Fault: true,
	}
}

// canKeys say what the reader can do, by kind of refusal.
var canKeys = map[models.Kind]string{
	models.Invalid: "error.invalid_can", models.Forbidden: "error.forbidden_can", models.Missing: "error.missing_can",
	models.Conflict: "error.conflict_can", models.TooOften: "error.too_often_can", models.Stopped: "error.stopped_can",
}

func refusalPlight(ctx context.Context, err error) (int, views.Plight) {
	first := refusalsIn(err)[0]
	return statuses[first.Kind], views.Plight{Title: refusalText(ctx, err), Can: i18n.T(ctx, canKeys[first.Kind])}
}

// showPlight draws the error page. If even that fails the reference is all there is.
func (h *Handlers) showPlight(c *gin.Context, status int, p views.Plight) {
	v := visitOf(c)
	v.fault = nil
	p.Shell, p.Ref = h.bareShell(c.Request.Context(), v, p.Title), v.ref
	p.Deed = c.Request.Method == http.MethodPost
	if status == http.StatusTooManyRequests {
		c.Header("Retry-After", "60")
	}
	if err := safely(func() error { return h.show(c, status, views.ErrorPage(p)) }); err != nil && !c.Writer.Written() {
		slog.Error("the error page failed", "ref", v.ref, "error", err)
		c.String(status, "Reference %s\n", v.ref)
	}
}

// newRef names a request: A1F3-7C20.
func newRef() string {
	var bytes [4]byte
	rand.Read(bytes[:])
	text := strings.ToUpper(hex.EncodeToString(bytes[:]))
	return text[:4] + "-" + text[4:]
}
