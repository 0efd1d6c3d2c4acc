package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
)

func TestI23_ARouteWithoutAPermissionStopsTheStart(t *testing.T) {
	t.Parallel()
	nothing := func(*gin.Context) error { return nil }
	for name, bad := range map[string]func(h *Handlers, in *registrar){
		"no verb":             func(_ *Handlers, in *registrar) { in.GET("/open", "", nothing) },
		"a verb nobody has":   func(_ *Handlers, in *registrar) { in.POST("/open", "fly", nothing) },
		"past the registrar":  func(h *Handlers, _ *registrar) { h.engine.GET("/open", func(*gin.Context) {}) },
		"a method besides it": func(h *Handlers, _ *registrar) { h.engine.DELETE("/people/:id", func(*gin.Context) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			h, err := build(a.Config)
			must(t, err)
			in := &registrar{h: h}
			h.routes(in)
			bad(h, in)
			if err := in.check(); err == nil || !strings.Contains(err.Error(), "permission") {
				t.Fatalf("it starts: %v", err)
			}
		})
	}
}

var parameter = regexp.MustCompile(`[:*][^/]+`)

// TestEveryRouteAsksForItsPermission walks every route as every role and as
// nobody: who may not is told so, and who may never is.
func TestEveryRouteAsksForItsPermission(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(c *Config) { c.Demo = true })
	browsers := map[models.Role]*browser{"": a.nobody()}
	for _, role := range models.Roles {
		browsers[role] = a.as(role)
	}
	for _, route := range a.Routes() {
		if route.Path == "/sign-out" || route.live {
			continue // would end the walk, or not end at all
		}
		for role, b := range browsers {
			t.Run(route.Method+" "+route.Path+" as "+string(role), func(t *testing.T) {
				checkPermission(t, b, role, route)
			})
		}
	}
}

func checkPermission(t *testing.T, b *browser, role models.Role, route Route) {
	path := parameter.ReplaceAllString(route.Path, "999")
	var got page
	switch route.Method {
	case http.MethodPost:
		got = b.post(path, url.Values{})
	case http.MethodHead:
		got = b.head(path)
	default:
		got = b.get(path)
	}
	open := route.Verb == models.VerbPublic || route.Verb == models.VerbNotify
	may := open || route.Verb == models.VerbSignIn && role != "" || slices.Contains(models.Allowed(route.Verb), role)
	refused := got.status == http.StatusForbidden && strings.Contains(got.body, "Your role does not allow this")
	sentAway := got.status == http.StatusUnauthorized || got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")
	switch {
	case got.status >= 500 && !route.plain:
		t.Fatalf("status %d: %s", got.status, got.text())
	case may && (refused || sentAway && !open):
		t.Fatalf("may, but status %d: %s", got.status, got.text())
	case !may && role == "" && !sentAway:
		t.Fatalf("nobody got in: status %d", got.status)
	case !may && role != "" && !refused:
		t.Fatalf("may not, but status %d: %s", got.status, got.text())
	}
}

func (b *browser) head(path string) page {
	r, _ := http.NewRequest(http.MethodHead, path, nil)
	return b.send(r)
}

func TestTheRailLeadsToNoRefusal(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	link := regexp.MustCompile(`class="nav-item" href="([^"]+)"`)
	for _, role := range models.Roles {
		b := a.as(role)
		for _, found := range link.FindAllStringSubmatch(b.get("/profile").body, -1) {
			if got := b.get(found[1]); got.status != http.StatusOK {
				t.Errorf("%s: %s gives %d: %s", role, found[1], got.status, got.text())
			}
		}
	}
}
