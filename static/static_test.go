package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestStyleSheetIsWholeAndSmall(t *testing.T) {
	css := string(byName["app.css"].body)
	if strings.Contains(css, "@import") {
		t.Error("an @import is left: the browser would ask for it in vain")
	}
	if !strings.Contains(css, "@layer tokens, base, layout, components, utilities;") {
		t.Error("the order of the layers is lost")
	}
	if strings.Contains(css, "/*") || strings.Contains(css, "\n ") {
		t.Error("comments and indents travel to every browser")
	}
	if size := len(byName["app.css"].gzipped); size == 0 || size > 16<<10 {
		t.Errorf("the style sheet has %d bytes gzipped; it may have 16 KB", size)
	}
}

func TestEveryStyleSheetIsJoined(t *testing.T) {
	css := string(joinCSS(func(name string) string { return name }))
	for _, name := range filesUnder("css") {
		if name == "css/app.css" {
			continue
		}
		first, _, _ := strings.Cut(string(read(name)), "\n")
		if !strings.Contains(css, first) {
			t.Errorf("%s is not in app.css", name)
		}
	}
}

func TestEveryURLInTheStyleSheetResolves(t *testing.T) {
	for _, found := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(string(byName["app.css"].body), -1) {
		address := strings.Trim(found[1], `"'`)
		if got := ask(t, address, nil); got.Code != http.StatusOK {
			t.Errorf("%s answers %d", address, got.Code)
		}
	}
}

func TestAssetsAreKeptForEverAndPackedWhereAsked(t *testing.T) {
	plain := ask(t, Path("js/theme.js"), nil)
	packed := ask(t, Path("js/theme.js"), http.Header{"Accept-Encoding": {"gzip, br"}})
	for _, got := range []*httptest.ResponseRecorder{plain, packed} {
		if h := got.Header(); h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("headers %v", h)
		}
	}
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Errorf("packed and plain differ: %v", err)
	}
	if plain.Header().Get("ETag") == packed.Header().Get("ETag") {
		t.Error("two bodies under one ETag")
	}
	again := ask(t, Path("js/theme.js"), http.Header{"If-None-Match": {plain.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked again: %d with %d bytes", again.Code, again.Body.Len())
	}
}

func TestUnknownAssetsAreNotFound(t *testing.T) {
	for _, address := range []string{"/static/js/theme.js", "/static/js/theme-000000000000.js", "/static/", "/static/css/app.css", "/static/../static.go"} {
		if got := ask(t, address, nil); got.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", address, got.Code)
		}
	}
}

// Names are written in pages as "ui.Icon("search")", "@Icon(…)", or in the Icon and
// Shape fields of a part; a wrong one would stop the page.
func TestIconsNamedInPagesExist(t *testing.T) {
	icon := regexp.MustCompile(`\bIcon(?:\(|:\s*)"([a-z0-9/-]+)"`)
	shape := regexp.MustCompile(`\bShape(?:\(|:\s*)"([a-z]+)"`)
	seen := 0
	for name, text := range sources(t, "../views", "../handlers", "../models") {
		for _, found := range icon.FindAllStringSubmatch(text, -1) {
			seen++
			if !HasIcon(found[1]) {
				t.Errorf("%s: there is no icon %q", name, found[1])
			}
		}
		for _, found := range shape.FindAllStringSubmatch(text, -1) {
			seen++
			if !HasIcon("status/" + found[1]) {
				t.Errorf("%s: there is no shape %q", name, found[1])
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d icons seen: the search is broken", seen)
	}
}

func TestIconIsSilentAndBare(t *testing.T) {
	want := `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M5 12l5 5l10 -10" /></svg>`
	if got := Icon("check"); got != want {
		t.Errorf("got %s", got)
	}
	for name, drawing := range drawings {
		if !strings.HasPrefix(drawing, "<") || strings.Contains(drawing, "\n") || strings.Contains(drawing, "<svg") {
			t.Errorf("%s is not a bare drawing: %s", name, drawing)
		}
	}
}

func ask(t *testing.T, address string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+address, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

// sources gives the text of every templ and Go file that a person wrote.
func sources(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(name, "_templ.go") {
				return err
			}
			if strings.HasSuffix(name, ".templ") || strings.HasSuffix(name, ".go") {
				body, err := os.ReadFile(name)
				found[name] = string(body)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
