package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"countersign/models"
)

func TestS8_NoPathLeadsOutOfWhatIsServed(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	b := a.as(models.Controller)
	paper := a.town.Submitted(a.town.Form("apay.taiwan", 1))
	for _, path := range []string{
		"/static/../go.mod", "/static/%2e%2e/go.mod", "/static/..%2f..%2fcountersign.key", "/static//etc/passwd", "/static/", "/static/css/",
		"/payouts/../../etc/passwd", "/payouts/" + paper.OrderNo + "/files/..%2f1", "/payouts/" + paper.OrderNo + "/files/1%00", "/.git/config", "/debug/pprof/",
	} {
		b.get(path).is(http.StatusNotFound).keepsQuiet("module countersign", "root:")
	}
}

func TestOtherMethodsAreNotAnswered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Controller)
	for _, method := range []string{http.MethodTrace, http.MethodConnect, http.MethodPut, http.MethodPatch, http.MethodOptions, "BREW"} {
		r := httptest.NewRequest(method, "/profile", nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("X-Echo", "echo me")
		b.send(r).is(http.StatusMethodNotAllowed).keepsQuiet("echo me")
	}
}

func TestNoCORSAndNoNameOfTheServer(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	r := httptest.NewRequest(http.MethodGet, "/profile", nil)
	r.Header.Set("Origin", "https://evil.example")
	got := a.as(models.Maker).send(r)
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Server", "X-Powered-By"} {
		if got.header.Get(name) != "" {
			t.Errorf("%s: %s", name, got.header.Get(name))
		}
	}
}

// What stands in an address chooses among conditions of ours and is never one itself (S9).
func TestS9_NothingInAnAddressIsACondition(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	a.town.Submitted(a.town.Form("apay.taiwan", 1))
	b := a.as(models.Controller, models.GatewayAdmin, models.PeopleAdmin, models.Maker)
	names := []string{"q", "tab", "sort", "order", "dir", "currency", "account", "status", "least", "most", "when", "from", "to", "before", "after", "list", "question", "actor", "verb", "subject", "entry", "next", "rail", "payee", "replaces", "show"}
	for _, odd := range []string{`' OR '1'='1`, `1; DROP TABLE payouts--`, `%`, `"`, `\`, `9223372036854775808`, `-1`, `created_at DESC, (SELECT 1)`, "{{.}}", `<script>alert(1)</script>`} {
		query := url.Values{}
		for _, name := range names {
			query.Set(name, odd)
		}
		for _, route := range a.Routes() {
			if route.Method != http.MethodGet || route.live || route.plain || strings.Contains(route.Path, ":") || route.pace != nil {
				continue
			}
			if got := b.get(route.Path + "?" + query.Encode()); got.status >= 500 || strings.Contains(got.body, "<script>alert") {
				t.Errorf("%s with %q: status %d", route.Path, odd, got.status)
			}
		}
	}
	b.get("/payouts").is(http.StatusOK)
	a.town.Sound()
}

func TestEveryStreamAsksForItsPermission(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	nobody, refused := a.nobody(), 0
	for _, route := range a.Routes() {
		if !route.live {
			continue
		}
		path := parameter.ReplaceAllString(route.Path, "999")
		if got := nobody.get(path); route.Method == http.MethodGet && got.status != http.StatusUnauthorized {
			t.Errorf("nobody got into %s: status %d", path, got.status)
		}
		for _, role := range models.Roles {
			if slices.Contains(models.Allowed(route.Verb), role) {
				continue
			}
			if refused++; a.as(role).get(path).status != http.StatusForbidden {
				t.Errorf("%s follows %s", role, path)
			}
		}
	}
	if refused < 4 {
		t.Errorf("only %d were refused", refused)
	}
}

func TestEveryAnswerSaysWhatItIs(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Controller)
	sheet := linkPattern.FindStringSubmatch(b.get("/profile").body)[1]
	for path, want := range map[string]string{
		"/profile": "text/html; charset=utf-8", "/nothing": "text/html; charset=utf-8", "/people/new": "text/html; charset=utf-8",
		"/healthz": "application/json; charset=utf-8", "/payouts.csv": "text/csv; charset=utf-8", sheet: "text/css; charset=utf-8", "/static/nothing": "text/plain; charset=utf-8",
	} {
		if got := b.get(path).header.Get("Content-Type"); got != want {
			t.Errorf("%s is %q", path, got)
		}
	}
}
