package e2e

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/chromedp/cdproto/runtime"
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

// scan finds no violation of WCAG 2.2 A or AA on the page that is open.
func (b *browser) scan(theme string) {
	b.t.Helper()
	b.dress(theme)
	b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	var found string
	b.do(chromedp.Evaluate(`axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))`,
		&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
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
	b := open(t, 1440, 900)
	b.visit("/sign-in")
	b.do(chromedp.Evaluate(`document.querySelector('main').innerHTML = '<img src="data:," ><p style="color:#bbb;background:#fff">pale</p>'`, nil))
	b.do(chromedp.Evaluate(axe+`;undefined`, nil))
	var count int
	b.do(chromedp.Evaluate(`axe.run(document).then(r => r.violations.length)`, &count,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if count == 0 {
		t.Error("axe found nothing")
	}
	b.errors = nil // the strict policy rightly complains about the inline style
}
