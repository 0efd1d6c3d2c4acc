package handlers

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"countersign/models"
)

// asked asks for a page as a browser does that takes gzip, led there by whom.
func (b *browser) asked(method, path, by string) page {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	if by != "" {
		r.Header.Set("Sec-Fetch-Site", by)
	}
	return b.send(r)
}

func (p page) unpacked() string {
	p.t.Helper()
	if p.header.Get("Content-Encoding") != "gzip" {
		p.t.Fatalf("the page came packed as %q", p.header.Get("Content-Encoding"))
	}
	r, err := gzip.NewReader(strings.NewReader(p.body))
	must(p.t, err)
	whole, err := io.ReadAll(r)
	must(p.t, err)
	return string(whole)
}

var everyKey = regexp.MustCompile(`name="form_key" value="[^"]+"`)

func TestAPageIsPackedForItsOwnReaderAlone(t *testing.T) {
	t.Parallel()
	b := newApp(t).as(models.Maker)
	plain := b.get("/profile").is(http.StatusOK)
	for _, by := range []string{"same-origin", "none"} {
		packed := b.asked(http.MethodGet, "/profile", by).is(http.StatusOK)
		if got := everyKey.ReplaceAllString(packed.unpacked(), ""); got != everyKey.ReplaceAllString(plain.body, "") {
			t.Errorf("asked by %s the page says something else", by)
		}
		if len(packed.body)*2 > len(plain.body) || packed.header.Get("Content-Length") != "" || packed.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d bytes of %d, %v", len(packed.body), len(plain.body), packed.header)
		}
	}
	// Another site leads its visitor here, and reads the length off the wire: as long as the
	// answer goes as it is, the length says nothing of how it fits together (BREACH).
	for _, by := range []string{"cross-site", "same-site", ""} {
		if got := b.asked(http.MethodGet, "/profile", by); got.header.Get("Content-Encoding") != "" || len(got.body) != len(plain.body) {
			t.Errorf("asked by %q it came packed: %v", by, got.header)
		}
	}
	if head := b.asked(http.MethodHead, "/profile", "none").is(http.StatusOK); head.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("HEAD: %v", head.header)
	}
}

func TestWhatIsNoPageGoesAsItIs(t *testing.T) {
	t.Parallel()
	b := newApp(t).as(models.Controller)
	for path, kind := range map[string]string{"/payouts.csv": "text/csv", "/healthz": "", "/audit.csv": "text/csv"} {
		got := b.asked(http.MethodGet, path, "same-origin").is(http.StatusOK)
		if got.header.Get("Content-Encoding") != "" || !strings.HasPrefix(got.header.Get("Content-Type"), kind) {
			t.Errorf("%s: %v", path, got.header)
		}
	}
}

// Two pages of the same form have no secret in common that could be tried out on their
// lengths.
func TestFormKeysAreNewOnEveryPage(t *testing.T) {
	t.Parallel()
	b := newApp(t).as(models.Maker)
	seen := map[string]bool{}
	for range 3 {
		for _, key := range everyKey.FindAllString(b.get("/profile").body, -1) {
			if seen[key] {
				t.Fatalf("%s came twice", key)
			}
			seen[key] = true
		}
	}
}

func TestAPageIsDrawnInTheLookThatWasChosen(t *testing.T) {
	t.Parallel()
	b := newApp(t).as(models.Maker)
	opening := func() string { return regexp.MustCompile(`<html[^>]*>`).FindString(b.get("/profile").body) }
	if got := opening(); got != `<html lang="en">` {
		t.Errorf("without a choice: %s", got)
	}
	b.cookies["theme"], b.cookies["density"] = &http.Cookie{Name: "theme", Value: "dark"}, &http.Cookie{Name: "density", Value: "close"}
	if got := opening(); got != `<html lang="en" data-density="close" data-theme="dark">` {
		t.Errorf("chosen: %s", got)
	}
	b.cookies["theme"] = &http.Cookie{Name: "theme", Value: "dark-or-something"}
	if got := opening(); got != `<html lang="en" data-density="close">` {
		t.Errorf("a value that is none of ours: %s", got)
	}
}
