package handlers

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/servicestest"
)

// startServer runs the app behind a real socket and gives its address.
func startServer(t *testing.T, a *app) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = Server("", a.Handlers)
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(a.Hub.Close)
	return server.URL
}

// stream opens a stream and gives its lines; the channel closes with it.
func (b *browser) stream(server, path string) (lines <-chan string, status int) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, server+path, nil)
	must(b.t, err)
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	must(b.t, err)
	found := make(chan string, 1000)
	go func() {
		defer close(found)
		defer response.Body.Close()
		for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
			found <- scanner.Text()
		}
	}()
	return found, response.StatusCode
}

// until waits for a line with the text; ok is false when the stream ended first.
func until(t *testing.T, lines <-chan string, text string) (ok bool) {
	t.Helper()
	late, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		select {
		case line, open := <-lines:
			if !open {
				return false
			}
			if strings.Contains(line, text) {
				return true
			}
		case <-late.Done():
			t.Fatalf("waited too long for %q", text)
		}
	}
}

func TestAStreamSpeaksAtOnceAndAfterEachWrite(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	lines, status := b.stream(startServer(t, a), "/stream")
	if status != http.StatusOK || !until(t, lines, "rail-count-unclear") {
		t.Fatalf("status %d, nothing at once", status)
	}
	a.Hub.Wake([]models.PayoutID{1})
	if !until(t, lines, "rail-count-unclear") {
		t.Fatal("nothing after a write")
	}
}

// A page that stays open hears within one message that sending has stopped, and that
// it goes on.
func TestAnOpenPageHearsThatSendingStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	p, controller := a.town.Approved(a.town.Form("apay.taiwan", 1)), a.as(models.Controller)
	server := startServer(t, a.app)
	lines, _ := controller.stream(server, "/stream")
	until(t, lines, `id="stopped" role="alert"></div>`)
	must(t, a.Accounts.PullCord(t.Context(), controller.person, "a call that sounded odd"))
	until(t, lines, "a call that sounded odd")
	watched, _ := controller.stream(server, "/payouts/"+p.OrderNo+"/stream")
	until(t, watched, "all sending is stopped")
	must(t, servicestest.LetSend(t.Context(), a.Accounts, controller.person, a.add(models.Controller), models.AllSending, "it was nothing"))
	until(t, lines, `id="stopped" role="alert"></div>`)
	until(t, watched, `id="stopped" role="alert"></div>`)
}

func TestWhoeverIsSignedOutHearsNothingMore(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	lines, _ := b.stream(startServer(t, a), "/stream")
	until(t, lines, "rail-count-unclear")
	a.nowIs(b.person, models.GatewayAdmin)
	a.Hub.Wake([]models.PayoutID{1})
	if !until(t, lines, "You were signed out") {
		t.Fatal("not told")
	}
	if until(t, lines, "rail-count-unclear") {
		t.Fatal("heard more")
	}
	if _, status := b.stream(startServer(t, a), "/stream"); status != http.StatusUnauthorized {
		t.Fatalf("status %d", status)
	}
}

func TestAStreamDoesNotKeepASessionAlive(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.as(models.Maker)
	server := startServer(t, a)
	for range 3 {
		a.clock.pass(6 * time.Minute)
		lines, _ := b.stream(server, "/stream")
		until(t, lines, "data:")
	}
	b.get("/profile").is(http.StatusSeeOther)
}

func TestAShutdownEndsStreams(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	lines, _ := a.as(models.Maker).stream(startServer(t, a), "/stream")
	until(t, lines, "rail-count-unclear")
	a.Hub.Close()
	if until(t, lines, "never said") {
		t.Fatal("still open")
	}
}
