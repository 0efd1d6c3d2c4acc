package handlers

import (
	"fmt"
	"net/http"
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

// TestEveryRouteAsksForItsPermission walks every route as every role and as nobody, over
// things that are there, out of scope, and missing in every way: who may not is told so
// whatever stands there, who may never is, and what is missing is never shown.
func TestEveryRouteAsksForItsPermission(t *testing.T) {
	t.Parallel()
	r := newRealm(t, func(c *Config) { c.Demo = true })
	browsers := []*browser{r.nobody()}
	for _, role := range models.Roles {
		browsers = append(browsers, r.limited(role))
	}
	for n, route := range r.Routes() {
		if route.Path == "/sign-out" || route.live {
			continue // would end the walk, or not end at all
		}
		for i, b := range browsers {
			for kind, path := range r.tried(route, b, n+i) {
				if wrong := checkPermission(b, route, path); wrong != "" {
					t.Errorf("%s %s, %s, as %v: %s", route.Method, path, kind, b.person.Roles, wrong)
				}
			}
		}
	}
}

// tried are the addresses by which somebody tries the route: one where it has no parameter;
// whoever may not tries it with what is there too.
func (r *realm) tried(route Route, b *browser, turn int) map[string]string {
	all, tried := r.nowhere(), map[string]string{}
	kinds := turns(all, turn)[:2]
	if !allowed(route, b) {
		all["in scope"], all["out of scope"] = r.names(r.taipei), r.names(r.lima)
		kinds = append(kinds, "in scope", "out of scope")
	}
	if !strings.ContainsAny(route.Path, ":*") {
		kinds = kinds[:1]
	}
	for _, kind := range kinds {
		tried[kind], _ = all[kind].address(route)
	}
	return tried
}

func open(route Route) bool {
	return route.Verb == models.VerbPublic || route.Verb == models.VerbNotify
}

// allowed is what the table says, read anew.
func allowed(route Route, b *browser) bool {
	return open(route) || b.person.ID != 0 && slices.ContainsFunc(b.person.Roles, func(role models.Role) bool { return slices.Contains(models.Allowed(route.Verb), role) })
}

// checkPermission says what is wrong with the answer.
func checkPermission(b *browser, route Route, path string) string {
	got := b.does(route.Method, path, nil)
	may := allowed(route, b)
	refused := got.status == http.StatusForbidden && strings.Contains(got.body, "Your role does not allow this")
	sentAway := got.status == http.StatusUnauthorized || got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/sign-in")
	wrong := func(what string) string { return fmt.Sprintf("%s: status %d: %.200s", what, got.status, got.text()) }
	switch {
	case got.status >= 500 && !route.plain:
		return wrong("a fault")
	case may && (refused || sentAway && !open(route)):
		return wrong("may, and is refused")
	case may && got.status < 400 && strings.Contains(route.Path, ":"):
		return wrong("something is there")
	case !may && b.person.ID == 0 && !sentAway:
		return wrong("nobody got in")
	case !may && b.person.ID != 0 && !refused:
		return wrong("may not, and is not refused")
	}
	return ""
}

// The known-bad variants: a route without its guard, and one that shows what is not there.
func TestARouteWithoutItsGuardIsCaught(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	shows := func(c *gin.Context) error { c.String(http.StatusOK, "an order"); return nil }
	bare := Route{Method: http.MethodGet, Path: "/payouts/:no/bare", Verb: models.VerbSee, body: formBytes}
	r.engine.GET(bare.Path, func(c *gin.Context) { _ = shows(c) })
	weak := Route{Method: http.MethodPost, Path: "/payouts/:no/weak", Verb: models.VerbResume, body: formBytes}
	guarded := weak
	guarded.Verb = models.VerbSignIn
	r.engine.POST(weak.Path, r.page(guarded, shows))
	for _, bad := range []struct {
		route Route
		by    *browser
	}{{bare, r.nobody()}, {bare, r.limited(models.PeopleAdmin)}, {bare, r.limited(models.Maker)}, {weak, r.limited(models.Maker)}} {
		path, _ := r.nowhere()["unknown"].address(bad.route)
		if checkPermission(bad.by, bad.route, path) == "" {
			t.Errorf("%s as %v: the walk does not see it", bad.route.Path, bad.by.person.Roles)
		}
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

// A method that no route has is answered by no page, whoever asks.
func TestI23_EveryOtherMethodIsRefused(t *testing.T) {
	t.Parallel()
	r := newRealm(t)
	known, paths := map[string]bool{}, map[string]bool{}
	for _, route := range r.Routes() {
		known[route.Method+" "+route.Path] = true
		paths[route.Path] = true
	}
	for i, role := range append([]models.Role{""}, models.Roles...) {
		b := r.nobody()
		if role != "" {
			b = r.limited(role)
		}
		stands := []names{r.names(r.taipei), r.nowhere()["unknown"], r.names(r.lima)}[i%3]
		for path := range paths {
			address, _ := stands.address(Route{Path: path})
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "PROPFIND"} {
				if known[method+" "+path] {
					continue
				}
				request, _ := http.NewRequest(method, address, nil)
				if got := b.send(request); got.status < 400 && got.status != http.StatusSeeOther || got.status >= 500 {
					t.Errorf("%s %s as %q: status %d", method, address, role, got.status)
				}
			}
		}
	}
}
