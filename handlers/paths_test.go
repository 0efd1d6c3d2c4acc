package handlers

import (
	"net/http"
	"net/http/httptest"
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
