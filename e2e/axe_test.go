package e2e

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axe string

// violation is what axe says of a page.
type violation struct {
	ID    string
	Help  string
	Nodes []struct {
		HTML           string
		FailureSummary string
	}
}

// rules are what axe looks at.
type rules string

const (
	everyRule rules = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']`
	colours   rules = `{type: 'rule', values: ['color-contrast']}` // all that a theme changes
)

// scan finds no violation of WCAG 2.2 A or AA on the page that is open.
func (b *browser) scan(theme string, of rules) {
	b.t.Helper()
	found := b.violations(theme, of)
	for _, v := range found {
		for _, node := range v.Nodes {
			b.t.Errorf("%s, %s: %s: %s\n%s\n%s", b.path(), theme, v.ID, v.Help, node.HTML, node.FailureSummary)
		}
	}
}

// violations are what axe finds. It need not load our styles once more, nor say
// where in the page a thing stands.
func (b *browser) violations(theme string, of rules) (found []violation) {
	b.t.Helper()
	b.dress(theme)
	if !ask[bool](b, `'axe' in window`) {
		b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	}
	said := ask[string](b, `axe.run(document, {runOnly: `+string(of)+`, resultTypes: ['violations'], preload: false, iframes: false, selectors: false}).
		then(r => JSON.stringify(r.violations))`)
	if err := json.Unmarshal([]byte(said), &found); err != nil {
		b.t.Fatal(err)
	}
	return found
}

// The known-bad variant: a page with a picture that says nothing and pale text
// is found, the text also where only colours are looked at.
func TestTheScanFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := open(t, 1440, 900)
	b.visit("/sign-in")
	b.do(chromedp.Evaluate(`document.querySelector('main').innerHTML = '<img src="data:,"><p>pale</p>';
		Object.assign(document.querySelector('main p').style, {color: '#888', background: '#777'}); undefined`, nil))
	for _, theme := range []string{"dark", "light"} {
		if found := b.violations(theme, everyRule); len(found) != 2 {
			t.Errorf("axe found %d faults of 2 in the %s theme", len(found), theme)
		}
		if found := b.violations(theme, colours); len(found) != 1 {
			t.Errorf("axe found %d faults of colour of 1 in the %s theme", len(found), theme)
		}
	}
	b.errors = nil // the strict policy rightly complains about the picture
}
