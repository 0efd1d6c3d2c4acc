//go:build bench

package bench

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"countersign/commands"
	"countersign/handlers"
	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// turns is how often everything is measured, one after the other and round again,
// so that a slow moment of the machine hits all of it.
const turns = 7

// product is the town with the pages over it, as a person's browser meets it.
type product struct {
	*servicestest.Town
	pages  *handlers.Handlers
	people *services.People
	cookie *http.Cookie
}

const password = "quiet lantern over harbour"

// weakHash keeps the only sign-in quick; it is not measured.
var weakHash = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func newProduct(t testing.TB) *product {
	t.Helper()
	commands.SpendMemory()                                          // as `countersign serve` does
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil))) // written, and not shown
	p := &product{Town: servicestest.New(t)}
	passwords, err := services.NewPasswords(weakHash)
	p.Must(err)
	p.people = &services.People{Core: p.Core, Passwords: passwords}
	hub := services.NewHub()
	p.Store.OnWrite(hub.Wake)
	p.pages, err = handlers.New(handlers.Config{
		Core: p.Core, Hub: hub, People: p.people, Policy: &services.Policy{Core: p.Core},
		SignIn:   &services.SignIn{Core: p.Core, Passwords: passwords, Idle: services.SessionIdle},
		Accounts: p.Accounts, Payouts: p.Payouts, Sender: p.Sender, Notices: p.Notices, Verdicts: p.Verdicts, Proof: p.Proof, Heads: p.Heads, Evidence: p.Evidence,
		Factors:   &services.Factors{Core: p.Core},
		StepUp:    &services.StepUp{Core: p.Core, Passwords: passwords},
		CookieKey: make([]byte, 32), Version: "bench",
	})
	p.Must(err)
	return p
}

var formKey = regexp.MustCompile(`name="form_key" value="([^"]+)"`)

// signIn signs in somebody who may see and approve.
func (p *product) signIn() models.Person {
	p.T.Helper()
	person, err := p.people.Add(context.Background(), models.Machine("bench"), services.NewPerson{
		Login: "reader", Name: "Reader", Password: password, Roles: []models.Role{models.Approver, models.Controller},
	}, services.Signed{})
	p.Must(err)
	door := p.send(httptest.NewRequest(http.MethodGet, "/sign-in", nil))
	key := formKey.FindStringSubmatch(door.Body.String())
	form := url.Values{"form_key": {key[1]}, "login": {"reader"}, "password": {password}}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	p.send(r)
	return person
}

// send asks the product, with the browser's cookie.
func (p *product) send(r *http.Request) *httptest.ResponseRecorder {
	if p.cookie != nil {
		r.AddCookie(p.cookie)
	}
	w := httptest.NewRecorder()
	p.pages.ServeHTTP(w, r)
	if cookies := w.Result().Cookies(); len(cookies) > 0 {
		p.cookie = cookies[0]
	}
	return w
}

// get asks for a page and wants to see it.
func (p *product) get(path string) {
	if w := p.send(httptest.NewRequest(http.MethodGet, path, nil)); w.Code != http.StatusOK {
		p.T.Fatalf("GET %s: HTTP %d", path, w.Code)
	}
}

// median is the middle one.
func median[T float64 | time.Duration](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// slug is the last part of an address for notices.
func slug(address string) string { return filepath.Base(address) }
