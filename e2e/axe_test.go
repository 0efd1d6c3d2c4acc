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

// What axe looks at: everything of WCAG 2.2 A and AA, or what changes with the
// theme alone.
const (
	wholeScan  = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']`
	colourScan = `{type: 'rule', values: ['color-contrast', 'link-in-text-block']}`
)

// scan finds no violation of WCAG 2.2 A or AA on the page that is open.
func (b *browser) scan(theme, what string) {
	b.t.Helper()
	b.dress(theme)
	if !ask[bool](b, `'axe' in window`) {
		b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	}
	found := ask[string](b, `axe.run(document, {runOnly: `+what+`, resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))`)
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
	b.do(chromedp.Evaluate(`document.querySelector('main').innerHTML = '<img src="data:,"><p style="color:#bbb;background:#fff">pale</p>'`, nil))
	b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	if ask[int](b, `axe.run(document).then(r => r.violations.length)`) == 0 {
		t.Error("axe found nothing")
	}
	b.errors = nil // the strict policy rightly complains about the inline style
}
