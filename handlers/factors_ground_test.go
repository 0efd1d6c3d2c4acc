package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/pquerna/otp/totp"

	"countersign/models"
)

// newSite is an installation that is reached at an address with a name.
func newSite(t *testing.T) *app {
	a := newApp(t)
	must(t, a.Accounts.SetPublicURL(t.Context(), models.Machine("test"), testOrigin))
	return a
}

// withCodes gives the browser's person one-time codes, and returns their secret.
func (b *browser) withCodes() (secret string) {
	b.t.Helper()
	form, secret := b.codesForm()
	b.post("/profile/codes", form).is(http.StatusSeeOther)
	return secret
}

// codesForm is what adds one-time codes, as the page and the device fill it in.
func (b *browser) codesForm() (form url.Values, secret string) {
	b.t.Helper()
	page := b.get("/profile/codes").is(http.StatusOK)
	secret = strings.ReplaceAll(secretPattern.FindStringSubmatch(page.body)[1], " ", "")
	sealed := sealedPattern.FindStringSubmatch(page.body)[1]
	return url.Values{"sealed": {sealed}, "code": {b.code(secret)}}, secret
}

// code is what a device shows at this moment.
func (a *app) code(secret string) string {
	a.t.Helper()
	code, err := totp.GenerateCode(secret, a.Now())
	must(a.t, err)
	return code
}

// withPasskey gives the browser's person a passkey.
func (b *browser) withPasskey() *authenticator {
	b.t.Helper()
	key := newAuthenticator(b.t)
	b.addPasskey(key).is(http.StatusSeeOther)
	return key
}

func (b *browser) addPasskey(key *authenticator) page {
	b.t.Helper()
	return b.post("/profile/passkeys", b.passkeyForm(key))
}

// passkeyForm is what adds a passkey, as the browser fills it in.
func (b *browser) passkeyForm(key *authenticator) url.Values {
	b.t.Helper()
	asked := b.get("/profile/passkeys").is(http.StatusOK).asked()
	return url.Values{"name": {"Work laptop"}, "answer": {key.create(asked)}}
}

// signsBy sends a form that lacks nothing but the proof, and then the proof.
func (b *browser) signsBy(path string, form, proof url.Values) page {
	b.t.Helper()
	asked := b.postOnly(path, form).is(http.StatusUnprocessableEntity)
	with := url.Values{"typed": {hidden(asked, "typed")}}
	maps.Copy(with, proof)
	return b.postOnly(path, with)
}

// give gives login and password, and stops at the second step.
func (b *browser) give(p models.Person) page {
	b.t.Helper()
	return b.post("/sign-in", url.Values{"login": {p.Login}, "password": {password}, "next": {"/profile"}}).
		leadsTo("/sign-in/factor?next=%2Fprofile")
}

// sends sends the code that the second step asks for.
func (b *browser) sends(code string) page {
	b.t.Helper()
	return b.post("/sign-in/code", url.Values{"code": {code}, "next": {"/profile"}})
}

func letIn(a *app, p models.Person, code string, browsers int) (in int) {
	var all []*browser
	for range browsers {
		b := a.nobody()
		b.give(p)
		b.get("/sign-in/factor")
		all = append(all, b)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	for _, b := range all {
		key := keyPattern.FindStringSubmatch(b.get("/sign-in/factor").body)[1]
		group.Go(func() {
			if b.postKey("/sign-in/code", key, url.Values{"code": {code}, "next": {""}}).status == http.StatusSeeOther {
				mu.Lock()
				in++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return in
}

// nothingOf fails if one of the texts lies open in a table or the log.
func nothingOf(a *app, secrets ...string) {
	a.t.Helper()
	for _, table := range []string{"events", "recovery_codes", "code_factors", "form_keys", "sessions"} {
		var rows []map[string]any
		must(a.t, a.Store.Read(a.t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			for column, value := range row {
				text, _ := value.(string)
				if bytes, ok := value.([]byte); ok {
					text = string(bytes)
				}
				for _, secret := range secrets {
					if strings.Contains(text, secret) || strings.Contains(text, strings.ReplaceAll(secret, "-", "")) {
						a.t.Errorf("%s.%s holds a secret", table, column)
					}
				}
			}
		}
	}
}
