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

// rules are what axe looks at: everything of WCAG 2.2 A and AA. It need not load
// our styles once more, nor say where in the page a thing stands.
const rules = `{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], preload: false, iframes: false, selectors: false}`

// scan finds no violation of WCAG 2.2 A or AA on the page that is open.
func (b *browser) scan(theme string) {
	b.t.Helper()
	b.dress(theme)
	if !ask[bool](b, `'axe' in window`) {
		b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	}
	found := ask[string](b, `axe.run(document, `+rules+`).then(r => JSON.stringify(r.violations))`)
	var all []violation
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range all {
		for _, node := range v.Nodes {
			b.t.Errorf("%s, %s: %s: %s\n%s\n%s", b.path(), theme, v.ID, v.Help, node.HTML, node.FailureSummary)
		}
	}
}

// The known-bad variant: a page with a picture that says nothing and pale text
// is found.
func TestTheScanFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := open(t, 1440, 900)
	b.visit("/sign-in")
	b.do(chromedp.Evaluate(`document.querySelector('main').innerHTML = '<img src="data:,"><p>pale</p>';
		Object.assign(document.querySelector('main p').style, {color: '#888', background: '#777'}); undefined`, nil))
	b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	for _, theme := range []string{"dark", "light"} {
		b.dress(theme)
		if found := ask[int](b, `axe.run(document, `+rules+`).then(r => r.violations.length)`); found != 2 {
			t.Errorf("axe found %d faults of 2 in the %s theme", found, theme)
		}
	}
	b.errors = nil // the strict policy rightly complains about the picture
}
