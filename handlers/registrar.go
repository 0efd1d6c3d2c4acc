package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

// Action is a page or a deed. What it refuses or fails at it returns, and page
// answers it, once for all.
type Action func(c *gin.Context) error

// Route is one door and what one must be allowed to pass it.
type Route struct {
	Method string
	Path   string
	Verb   models.Verb
	body   int64 // bytes that are read at most
	plain  bool  // no session is looked at: for machines and files
	live   bool  // a stream, which is not a sign of life of its reader
	asks   bool  // a question put by POST, which changes nothing
	signed bool  // a deed that takes a fresh proof of its person
	free   bool  // a deed of such a verb that by itself takes none
	pace   *limiter
}

// own says whether the route is about the reader's own way to sign in, which stays open
// to whoever has to mend it first.
func (r Route) own() bool {
	return r.Verb == models.VerbSignIn && (r.Path == "/sign-out" || r.Path == "/profile" || strings.HasPrefix(r.Path, "/profile/"))
}

// Limits on what a request may carry (S14).
const (
	formBytes   = 64 << 10
	uploadBytes = 6 << 20
)

// Option changes one thing about a route.
type Option func(*Route)

// WithFiles lets a form carry files.
func WithFiles(r *Route) { r.body = uploadBytes }

// Plain looks at no session: for machines, which have none, and for files.
func Plain(r *Route) { r.plain = true }

// Live is a stream of updates: it keeps no session alive and leads nobody to the
// sign-in page.
func Live(r *Route) { r.live = true }

// Asks is a question that is put by POST so that what was typed stands in no
// address. It may be put again; its form still has to be one of ours.
func Asks(r *Route) { r.asks = true }

// Signed is a deed that nobody does without having proven, a moment ago and for this deed,
// that they are there (invariants.md 3, ↑).
func Signed(r *Route) { r.signed = true }

// Unsigned is a deed of a verb that takes a proof, which by itself moves no money and
// gives nobody power: a question, a claim on a case, a "no" that leaves all as it is.
func Unsigned(r *Route) { r.free = true }

// proofDeclared says whether the route tells of a proof what its verb asks it to tell.
func (r Route) proofDeclared() bool {
	return r.Method != http.MethodPost || !r.Verb.Fresh() || r.signed != r.free
}

// section is the part of the rail under which its pages stand.
func (r Route) section() string {
	section, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
	return section
}

// AtMost lets one person pass so many times a minute, where a page costs much or takes
// secrets out (S14).
func AtMost(times int) Option {
	return func(r *Route) { r.pace = newLimiter(times, time.Minute) }
}

// registrar takes the routes and remembers what is wrong with them.
type registrar struct {
	h      *Handlers
	routes []Route
	faults []error
}

// GET registers a page; HEAD comes with it.
func (in *registrar) GET(path string, verb models.Verb, action Action, options ...Option) {
	in.add(http.MethodGet, path, verb, action, options)
	in.add(http.MethodHead, path, verb, action, options)
}

// POST registers a deed. It ends in a redirect, or in 422 with the form as typed.
func (in *registrar) POST(path string, verb models.Verb, action Action, options ...Option) {
	in.add(http.MethodPost, path, verb, action, options)
}

func (in *registrar) add(method, path string, verb models.Verb, action Action, options []Option) {
	route := Route{Method: method, Path: path, Verb: verb, body: formBytes}
	for _, option := range options {
		option(&route)
	}
	if !declared(verb) {
		in.faults = append(in.faults, fmt.Errorf("%s %s declares no permission (verb %q)", method, path, verb))
	}
	if !route.proofDeclared() {
		in.faults = append(in.faults, fmt.Errorf("%s %s says neither that it takes a proof nor that it takes none (verb %q)", method, path, verb))
	}
	if route.signed {
		action = in.h.proven(action)
	}
	in.routes = append(in.routes, route)
	in.h.engine.Handle(method, path, in.h.page(route, action))
}

// declared says whether the verb is one that somebody can have.
func declared(verb models.Verb) bool {
	return verb == models.VerbPublic || verb == models.VerbNotify || len(models.Allowed(verb)) > 0
}

// check compares with what the engine really answers: a route that went past the
// registrar is one without a permission.
func (in *registrar) check() error {
	known := map[[2]string]bool{}
	for _, route := range in.routes {
		known[[2]string{route.Method, route.Path}] = true
	}
	faults := in.faults
	for _, route := range in.h.engine.Routes() {
		if !known[[2]string{route.Method, route.Path}] {
			faults = append(faults, fmt.Errorf("%s %s was registered without a permission", route.Method, route.Path))
		}
	}
	return errors.Join(faults...)
}
