package i18n

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var taipei = time.FixedZone("Asia/Taipei", 8*3600)

// reading is Thursday 19 November 2026, 14:20 in Taipei.
func reading() context.Context {
	return With(context.Background(), "en", taipei, time.Date(2026, 11, 19, 6, 20, 0, 0, time.UTC))
}

func TestWordsFillTheirPlaces(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{T(reading(), "ui.remove", "What", "Amount"), "Remove: Amount"},
		{N(reading(), "form.need_look", 1), "1 answer needs another look"},
		{N(reading(), "form.need_look", 1204), "1,204 answers need another look"},
		{N(reading(), "ui.copy", 1), "Copy"},
		{T(reading(), "no.such_key"), "[no.such_key]"},
		{T(context.Background(), "ui.copy"), "Copy"},
		{T(With(context.Background(), "xx", nil, time.Time{}), "ui.copy"), "Copy"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestSpansHaveAtMostTwoUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:                  "0 s",
		8 * time.Second:               "8 s",
		48*time.Minute + 59e9:         "48 min",
		5*time.Hour + 12*time.Minute:  "5 h 12 min",
		4*time.Hour + 3*time.Minute:   "4 h 03 min",
		2 * time.Hour:                 "2 h",
		74*time.Hour + 56*time.Minute: "3 d 2 h",
	} {
		if got := Span(reading(), d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestDaysAreTheReaders(t *testing.T) {
	late := time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC) // already the 19th in Taipei
	if got := NearDay(reading(), late); got != "today" {
		t.Errorf("got %q", got)
	}
	if got := Day(reading(), late.AddDate(-1, 0, 0)); got != "19 Nov 2025" {
		t.Errorf("got %q", got)
	}
}

func TestABrokenCatalogueStopsTheStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it started")
		}
	}()
	loadBundle(fstest.MapFS{"en/bad.json": {Data: []byte(`{"a.b": `)}})
}

// A key that stands in two files is a word that depends on the order of files.
func TestEveryKeyStandsOnce(t *testing.T) {
	home := map[string]string{}
	for name, body := range words(t) {
		for key := range body {
			if other, twice := home[key]; twice {
				t.Errorf("%q stands in %s and in %s", key, other, name)
			}
			home[key] = name
		}
	}
}

var key = `([a-z][a-z0-9_]*\.[a-z0-9_.]*[a-z0-9])`

// named are the ways in which code names a key: words asked for, refusals, flashes,
// and the badges and reasons that models hold as keys.
var named = []*regexp.Regexp{
	regexp.MustCompile(`\b[TN]\([^"\n]*?,\s*"` + key + `"`),
	regexp.MustCompile(`\b(?:Refuse|[fF]lash)\([^"\n]*?"` + key + `"`),
	regexp.MustCompile(`\b(?:Say|SayCount)\("` + key + `"`),
	regexp.MustCompile(`"(badge\.[a-z0-9_.]*[a-z0-9])"`),
}

func TestEveryKeyInCodeHasWords(t *testing.T) {
	known := map[string]bool{}
	for _, body := range words(t) {
		for key := range body {
			known[key] = true
		}
	}
	used := 0
	for name, text := range sources(t) {
		for _, way := range named {
			for _, found := range way.FindAllStringSubmatch(text, -1) {
				used++
				if !known[found[1]] {
					t.Errorf("%s: %q has no words", strings.TrimPrefix(name, "../../"), found[1])
				}
			}
		}
	}
	if used < 50 {
		t.Errorf("only %d keys seen: the search is broken", used)
	}
}

func words(t *testing.T) map[string]map[string]any {
	t.Helper()
	names, err := filepath.Glob("en/*.json")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]any{}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]any{}
		if err := json.Unmarshal(body, &keys); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found[name] = keys
	}
	return found
}

// sources gives the text of every file with words in it that a person wrote.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, root := range []string{"../../views", "../../handlers", "../../services", "../../models", "../../main.go"} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			written := strings.HasSuffix(name, ".templ") || strings.HasSuffix(name, ".go") &&
				!strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, "_test.go")
			if err != nil || entry.IsDir() || !written {
				return err
			}
			body, err := os.ReadFile(name)
			found[name] = string(body)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
