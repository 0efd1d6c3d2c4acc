package handlers

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/models/modelstest"
	"countersign/services"
	"countersign/services/gateway"
	"countersign/services/journal"
	"countersign/services/vault"
	"countersign/views"
)

// app is a whole installation on a database file of its own, with a clock that
// stands until it is moved.
type app struct {
	*Handlers
	t      *testing.T
	clock  *clock
	people int // added so far
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// password is everybody's in these tests.
const password = "quiet lantern over harbour"

// weakHash keeps the tests quick.
var weakHash = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// newApp starts an installation; change adjusts its configuration first.
func newApp(t *testing.T, change ...func(*Config)) *app {
	t.Helper()
	a := &app{t: t, clock: &clock{at: time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC)}}
	config := a.config()
	for _, adjust := range change {
		adjust(&config)
	}
	config.StepUp.Demo = config.Demo
	var err error
	if a.Handlers, err = New(config); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *app) config() Config {
	store, err := modelstest.Open(filepath.Join(a.t.TempDir(), "countersign.db"))
	must(a.t, err)
	a.t.Cleanup(func() { must(a.t, store.Close()) })
	sealed, err := vault.New(make([]byte, 32))
	must(a.t, err)
	passwords, err := services.NewPasswords(weakHash)
	must(a.t, err)
	core := &services.Core{Store: store, Now: a.clock.now, Vault: sealed}
	hub := services.NewHub()
	store.OnWrite(hub.Wake)
	accounts := &services.Accounts{Core: core, Exchange: func(ctx context.Context, to gateway.Account, r gateway.Request) gateway.Response {
		return gateway.Exchange(ctx, to, r, a.clock.now)
	}}
	payouts := &services.Payouts{Core: core, Accounts: accounts}
	policy := &services.Policy{Core: core}
	_, err = policy.Set(a.t.Context(), models.Machine("test"), models.Policy{Bands: models.DefaultBands}, "the policy of the tests")
	must(a.t, err)
	heads := &services.Heads{Core: core}
	evidence := &services.Evidence{Core: core, Payouts: payouts, Heads: heads}
	return Config{
		Heads: heads, Evidence: evidence, Bundles: &services.Bundles{
			Evidence: evidence, Folder: a.t.TempDir(), Draw: services.DrawPeriod{Order: views.DrawPeriodOrder, Rest: views.DrawPeriodRest},
		},
		Core: core, Hub: hub, Policy: policy, Limits: &services.Limits{Core: core}, Accounts: accounts, Payouts: payouts, Payees: &services.Payees{Core: core},
		People:   &services.People{Core: core, Passwords: passwords},
		Factors:  &services.Factors{Core: core},
		StepUp:   &services.StepUp{Core: core, Passwords: passwords},
		SignIn:   &services.SignIn{Core: core, Passwords: passwords, Idle: services.SessionIdle},
		Sender:   &services.Sender{Core: core, Payouts: payouts, Accounts: accounts, Holder: "test", Journal: journal.Discard()},
		Notices:  &services.Notices{Core: core, Accounts: accounts},
		Verdicts: &services.Verdicts{Core: core}, Proof: &services.Proof{Core: core},
		CookieKey: make([]byte, 32), Version: "test",
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add makes a person with these roles, named after the first of them.
func (a *app) add(roles ...models.Role) models.Person {
	a.t.Helper()
	a.people++
	p, err := a.People.Add(a.t.Context(), models.Machine("test"), services.NewPerson{
		Login: fmt.Sprintf("%s%d", roles[0], a.people), Name: fmt.Sprintf("Zed %s %d", roles[0], a.people), Password: password, Roles: roles,
	}, services.Signed{})
	must(a.t, err)
	return p
}

// nowIs gives a person other roles, as the machine's own command does.
func (a *app) nowIs(p models.Person, roles ...models.Role) {
	a.t.Helper()
	_, err := a.People.SetRoles(a.t.Context(), models.Machine("test"), p.ID, services.Wanted{Roles: roles}, services.Signed{})
	must(a.t, err)
}

// as is the browser of a new person with these roles, who has signed in.
func (a *app) as(roles ...models.Role) *browser {
	a.t.Helper()
	b := a.nobody()
	b.signIn(a.add(roles...))
	return b
}

// nobody is a browser in which nobody is signed in.
func (a *app) nobody() *browser { return &browser{app: a, cookies: map[string]*http.Cookie{}} }

// browser keeps cookies and remembers who it belongs to.
type browser struct {
	*app
	cookies map[string]*http.Cookie
	person  models.Person
	kept    string // a form's one-time key that is good still
}

// page is what came back.
type page struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) signIn(p models.Person) {
	b.t.Helper()
	b.post("/sign-in", url.Values{"login": {p.Login}, "password": {password}, "next": {"/profile"}}).leadsTo("/profile")
	b.person = p
}

// get asks for a page.
func (b *browser) get(path string) page {
	return b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form with a fresh one-time key, and signs it where that is asked for.
func (b *browser) post(path string, form url.Values) page {
	b.t.Helper()
	got := b.postOnly(path, form)
	if !strings.Contains(got.body, `name="typed"`) {
		return got
	}
	return b.postOnly(path, url.Values{"typed": {hidden(got, "typed")}, "password": {password}})
}

// postOnly sends a form and signs nothing.
func (b *browser) postOnly(path string, form url.Values) page {
	return b.postKey(path, b.key(), form)
}

// postKey sends a form with this key.
func (b *browser) postKey(path, key string, form url.Values) page {
	sent := url.Values{formKeyField: {key}}
	for name, values := range form {
		sent[name] = values
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

var keyPattern = regexp.MustCompile(`name="form_key" value="([^"]+)"`)

// key takes a one-time key from a page with a form: the door, or one's profile.
func (b *browser) key() string {
	b.t.Helper()
	path := "/sign-in"
	if b.person.ID != 0 {
		path = "/profile"
	}
	found := keyPattern.FindStringSubmatch(b.get(path).body)
	if found == nil {
		return ""
	}
	return found[1]
}

func (b *browser) send(r *http.Request) page {
	for _, cookie := range b.cookies {
		r.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	b.ServeHTTP(recorder, r)
	response := recorder.Result()
	for _, cookie := range response.Cookies() {
		b.cookies[cookie.Name] = cookie
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	if strings.Contains(recorder.Body.String(), `class=""`) {
		b.t.Errorf("%s holds a class without a name", r.URL)
	}
	return page{t: b.t, status: response.StatusCode, header: response.Header, body: recorder.Body.String()}
}

// is asserts the status.
func (p page) is(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("status %d, want %d; the page says: %s", p.status, status, p.text())
	}
	return p
}

// leadsTo asserts a redirect.
func (p page) leadsTo(location string) page {
	p.t.Helper()
	if p.is(http.StatusSeeOther).header.Get("Location") != location {
		p.t.Fatalf("leads to %q, want %q", p.header.Get("Location"), location)
	}
	return p
}

// says asserts that the words are on the page.
func (p page) says(words ...string) page {
	p.t.Helper()
	for _, word := range words {
		if !strings.Contains(p.text(), word) {
			p.t.Fatalf("the page does not say %q but: %s", word, p.text())
		}
	}
	return p
}

// keepsQuiet asserts that the words are nowhere in the answer.
func (p page) keepsQuiet(words ...string) page {
	p.t.Helper()
	for _, word := range words {
		if strings.Contains(p.body, word) {
			p.t.Fatalf("the answer holds %q", word)
		}
	}
	return p
}

// links asserts that something on the page leads there; the address is as markup has it.
func (p page) links(address string) page {
	p.t.Helper()
	if !strings.Contains(p.body, `href="`+address+`"`) {
		p.t.Fatalf("nothing leads to %s", address)
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<[^>]*>`)

var linkPattern = regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`)

// text is the page without its markup.
func (p page) text() string {
	_, main, ok := strings.Cut(p.body, "<main")
	if !ok {
		main = p.body
	}
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString("<"+main, " "))), " ")
}

// events are the verbs on record, oldest first.
func (a *app) events(verb string) (found []models.Event) {
	a.t.Helper()
	must(a.t, a.Store.Read(a.t.Context()).Where("verb = ?", verb).Order("seq").Find(&found).Error)
	return found
}

func (a *app) write(work func(tx *gorm.DB) error) {
	a.t.Helper()
	must(a.t, a.Store.Write(a.t.Context(), work))
}
