package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

func TestReadinessNeedsAFreshSweeper(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.nobody()
	b.get("/healthz").is(http.StatusOK)
	b.get("/version").is(http.StatusOK).says(`"version":"test"`)
	b.get("/readyz").is(http.StatusServiceUnavailable).says(`"sweeper":false`, `"database":true`, `"writing":true`)
	a.write(func(tx *gorm.DB) error {
		return models.Did(tx, models.Duty{Name: "sweeper", At: a.clock.now(), OK: true})
	})
	b.get("/readyz").is(http.StatusOK)
	a.clock.pass(2 * time.Minute)
	b.get("/readyz").is(http.StatusServiceUnavailable)
}

func TestAssetsMayBeKept(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.nobody()
	sheet := linkPattern.FindStringSubmatch(b.get("/sign-in").body)
	got := b.get(sheet[1]).is(http.StatusOK)
	if got.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Fatalf("Cache-Control %q", got.header.Get("Cache-Control"))
	}
	b.get("/static/app.css").is(http.StatusNotFound)
}

func TestS14_MetricsAreNotPublic(t *testing.T) {
	t.Parallel()
	ask := func(a *app, address, header, value string) page {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = address
		r.Header.Set(header, value)
		return a.nobody().send(r)
	}
	own := newApp(t)
	own.nobody().get("/sign-in")
	ask(own, "127.0.0.1:5", "Accept", "*/*").is(http.StatusOK).says(`countersign_request_seconds_count{method="GET",route="/sign-in",status="200"} 1`)
	ask(own, "192.0.2.9:5", "Accept", "*/*").is(http.StatusNotFound)
	ask(own, "127.0.0.1:5", "X-Forwarded-For", "192.0.2.9").is(http.StatusNotFound)
	ask(newApp(t, func(c *Config) { c.Secure = true }), "127.0.0.1:5", "Accept", "*/*").is(http.StatusNotFound)

	guarded := newApp(t, func(c *Config) { c.MetricsToken = "token" })
	ask(guarded, "192.0.2.9:5", "Authorization", "Bearer token").is(http.StatusOK)
	ask(guarded, "127.0.0.1:5", "Authorization", "Bearer other").is(http.StatusNotFound)
	ask(guarded, "127.0.0.1:5", "Accept", "*/*").is(http.StatusNotFound)
}
