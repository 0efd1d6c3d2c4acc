package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Every page, on a screen and on a phone, in light and in dark.
func TestEveryPageIsForEverybody(t *testing.T) {
	t.Parallel()
	var seen paths
	t.Run("as", func(t *testing.T) {
		for _, who := range visitors() {
			t.Run(who, func(t *testing.T) {
				t.Parallel()
				b := visitor(t, who)
				for _, p := range places {
					if p.who == who {
						b.at(p)
						b.look(p)
						seen.add(b.path())
					}
				}
			})
		}
	})
	for _, route := range pageRoutes(t) {
		if !seen.any(route) {
			t.Errorf("nobody looked at %s", route)
		}
	}
}

// visitors are the people whose pages are looked at, "" for nobody.
func visitors() (all []string) {
	for _, p := range places {
		if !slices.Contains(all, p.who) {
			all = append(all, p.who)
		}
	}
	return all
}

// visitor is somebody of the story, or nobody yet.
func visitor(t *testing.T, who string) *browser {
	t.Helper()
	if who == "" {
		return open(t, 1440, 1000)
	}
	return be(t, who)
}

// look scans the page that is open in every way in which it can be shown: every rule
// at both widths, and colours in both themes at each.
func (b *browser) look(p place) {
	b.t.Helper()
	b.settle()
	b.scan("dark", colours)
	b.scan("light", everyRule)
	b.size(390, 844)
	b.scan("light", colours)
	b.scan("dark", everyRule)
	if out := b.overflow(); out != "" {
		b.t.Errorf("%s (%s) is wider than a phone: %s", p.name, b.path(), out)
	}
	b.size(1440, 1000)
}

// paths are where windows have been.
type paths struct {
	mu  sync.Mutex
	all []string
}

func (p *paths) add(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	p.all = append(p.all, path)
}

var parameter = regexp.MustCompile(`:[a-z]+`)

func (p *paths) any(route string) bool {
	is := regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(route), `[^/]+`) + "$")
	return slices.ContainsFunc(p.all, is.MatchString)
}

var (
	getRoute = regexp.MustCompile(`in\.GET\("([^"]+)", models\.Verb[^\n]*\)`)
	noPage   = regexp.MustCompile(`Plain|Live|\.csv|\.zip|/files/`)
)

// stoppedPages are looked at by the tests that lead there: they are there only while
// something is stopped, between the two steps of a sign-in, or for one person once. A send without an order is
// there only after a restore.
var stoppedPages = []string{"/cord/release", "/gateways/:id/reopening", "/sends/:no", "/sign-in/factor", "/invitations/:secret", "/setup/:secret"}

// pageRoutes are the routes of pages, as the program declares them.
func pageRoutes(t *testing.T) (routes []string) {
	t.Helper()
	source, err := os.ReadFile("../handlers/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range getRoute.FindAllStringSubmatch(string(source), -1) {
		if !noPage.MatchString(found[0]) && !slices.Contains(stoppedPages, found[1]) {
			routes = append(routes, found[1])
		}
	}
	if len(routes) < 20 {
		t.Errorf("only these routes were found: %v", routes)
	}
	return routes
}
