package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"countersign/models"
	"countersign/services"
)

// It is alone while it runs: the log is one for the whole process.
func TestS16_TheLogHoldsNoSecretAndNoLineThatSomebodyElseWrote(t *testing.T) {
	var written bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&written, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	a := newApp(t)
	a.withRoute("/fall", func(*gin.Context) error { return errors.New("odd\n{\"level\":\"ERROR\",\"msg\":\"made up\"}") })
	b := a.as(models.Maker)
	link, err := a.People.Invite(t.Context(), models.Machine("test"), a.add(models.Maker).ID, "lost it", services.Signed{})
	must(t, err)
	a.nobody().get("/invitations/" + link).is(http.StatusOK)
	a.nobody().post("/sign-in", url.Values{"login": {"somebody@harbour.example"}, "password": {"a wrong one, typed twice"}, "next": {""}})
	b.get("/payouts?q=6222021234567899036")
	b.get("/nothing%0a%7b%22level%22:%22ERROR%22,%22msg%22:%22made%20up%22%7d")
	b.post("/fall", nil).is(http.StatusInternalServerError)
	r := httptest.NewRequest(http.MethodGet, "/profile", nil)
	r.Header.Set("User-Agent", "Mozilla odd-agent")
	b.send(r)
	for line := range strings.Lines(written.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry["msg"] == "made up" {
			t.Errorf("a line of somebody else: %s", line)
		}
	}
	for what, secret := range map[string]string{
		"the link": link, "a password": "typed twice", "a right password": password, "a login": "somebody@", "an account number": "6222021234567899036",
		"the cookie": b.cookies["countersign"].Value, "the browser": "odd-agent",
	} {
		if strings.Contains(written.String(), secret) {
			t.Errorf("the log holds %s", what)
		}
	}
	if strings.Count(written.String(), "\n") < 8 {
		t.Errorf("the log is too short to say anything:\n%s", written.String())
	}
}

// What was typed as a login is not on record either: it may be a password in the wrong field.
func TestS16_AWrongSignInSaysNotWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.nobody().post("/sign-in", url.Values{"login": {"my secret password"}, "password": {"another one"}, "next": {""}})
	refused := a.events("sign_in_refused")
	if len(refused) != 1 || refused[0].Details["address"] == "" {
		t.Fatalf("on record: %+v", refused)
	}
	for name, value := range refused[0].Details {
		if strings.Contains(value, "secret") || strings.Contains(value, "another") {
			t.Errorf("%s holds %q", name, value)
		}
	}
}
