package e2e

import (
	"bufio"
	"context"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
)

var (
	listens   = regexp.MustCompile(` on (http://127\.0\.0\.1:\d+)`)
	setupLink = regexp.MustCompile(`(https://localhost:\d+)(/setup/\w+)`)
)

// secure runs an installation as an operator would: behind a proxy that speaks TLS. It gives
// its public address and the link for the first person.
func secure(t *testing.T) (address, link string) {
	t.Helper()
	var inside atomic.Pointer[url.URL]
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(inside.Load())
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}})
	t.Cleanup(proxy.Close)
	public := strings.Replace(proxy.URL, "127.0.0.1", "localhost", 1)
	program := exec.Command(built, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--public-url", public, "--trusted-proxies", "127.0.0.1")
	program.Stderr = os.Stderr
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stopProgram(program); err != nil {
			t.Error(err)
		}
	})
	for lines := bufio.NewScanner(out); link == "" && lines.Scan(); {
		if found := listens.FindStringSubmatch(lines.Text()); found != nil {
			to, err := url.Parse(found[1])
			if err != nil {
				t.Fatal(err)
			}
			inside.Store(to)
		}
		if found := setupLink.FindStringSubmatch(lines.Text()); found != nil {
			address, link = found[1], found[2]
		}
	}
	if link == "" || inside.Load() == nil {
		t.Fatal("the program did not say where it is")
	}
	return address, link
}

func TestS1_S3_BehindTLSTheCookieIsTheHostsAloneAndTheFirstPersonNeedsAPasskey(t *testing.T) {
	t.Parallel()
	address, link := secure(t)
	b := open(t, 1440, 1000)
	b.base = address
	b.do(security.SetIgnoreCertificateErrors(true))
	b.holdKey()
	b.visit(link)
	for name, value := range map[string]string{"name": "Lin Yu-ting", "login": "lin@harbour.example", "password": ownPassword, "again": ownPassword} {
		b.fill(name, value)
	}
	b.follow("Begin")
	b.cookieIsOurs()
	for name, want := range map[string]string{
		"strict-transport-security": "max-age=31536000; includeSubDomains", "cache-control": "no-store",
		"cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "referrer-policy": "no-referrer",
	} {
		if got := ask[string](b, `fetch('/profile').then(r => r.headers.get('`+name+`'))`); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	b.visit("/people")
	if b.path() != "/profile" {
		t.Errorf("without a second factor %s is open", b.path())
	}
	b.visit("/profile/passkeys")
	b.fill("name", "Work laptop")
	b.follow("Make the passkey")
	b.provesBy(ownPassword, "Sign and add it")
	b.visit("/people")
	b.sees("Lin Yu-ting")
	b.signOut()
	b.follow("Sign in with a passkey")
	b.visit("/people")
	b.sees("Lin Yu-ting")
}

// cookieIsOurs looks at the cookies that the browser holds: one, which nobody but our host
// gets, never in the clear, and no script reads.
func (b *browser) cookieIsOurs() {
	b.t.Helper()
	var held []*network.Cookie
	b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		held, err = network.GetCookies().WithURLs([]string{b.base + "/"}).Do(ctx)
		return err
	}))
	if len(held) != 1 {
		b.t.Fatalf("%d cookies", len(held))
	}
	c := held[0]
	if c.Name != "__Host-countersign" || !c.Secure || !c.HTTPOnly || c.SameSite != network.CookieSameSiteLax || c.Path != "/" || c.Domain != "localhost" {
		b.t.Errorf("the cookie is %+v", c)
	}
	if read := ask[string](b, `document.cookie`); read != "" {
		b.t.Errorf("a script reads %q", read)
	}
}
