package e2e

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The room between the margins of an A4 sheet, in CSS pixels.
const (
	upright  = 688  // 210 - 2*14 mm
	sideways = 1016 // 297 - 2*14 mm
)

// printed are the pages that a finance person files, and how their sheet lies.
var printed = []struct {
	place
	width int64
}{
	{place{controller, "home", "/", nil}, sideways},
	{place{controller, "payouts", "/payouts?tab=done&currency=PEN", nil}, sideways},
	{place{controller, "notices", "/notices?list=all", nil}, sideways},
	{place{controller, "audit", "/audit?question=verdicts", nil}, sideways},
	{place{controller, "approvals", "/approvals", nil}, upright},
	{place{controller, "unclear", "/unclear/{陳怡君 at /unclear}", nil}, upright},
	{place{controller, "contradictions", "/contradictions", nil}, upright},
	{place{controller, "gateways", "/gateways", nil}, upright},
	{place{controller, "policy", "/policy", nil}, upright},
	{place{controller, "people", "/people", nil}, upright},
	{place{controller, "order", "/payouts/{王冠宇 at /payouts?tab=done}", nil}, upright},
	{place{controller, "contradicted order", "/payouts/{鴻達物流 at /payouts?contradiction=on}", nil}, upright},
}

// A printed page is a paper for the file: who printed it, when and with what filter,
// no furniture, heads on each sheet, and nothing cut.
func TestEveryListIsPrintedForTheFile(t *testing.T) {
	t.Parallel()
	b := be(t, controller)
	for _, p := range printed {
		b.size(1440, 1000)
		b.at(p.place)
		b.onPaper(p.width, func() {
			for what, found := range faultsOnPaper(b) {
				if found != "" {
					t.Errorf("%s on paper: %s: %s", p.name, what, found)
				}
			}
			b.seesIn("main > .only-print", "by Tsai Mei-ling")
		})
	}
	b.visit("/payouts?tab=done&currency=PEN")
	b.onPaper(sideways, func() { b.seesIn("main", "Filter: Done; Currency PEN") })
}

// The known-bad variant: furniture that shows, a head that does not repeat and a
// table that is cut are found.
func TestTheLookAtPaperFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := be(t, controller)
	b.visit("/payouts")
	b.onPaper(sideways, func() {
		ask[bool](b, `(() => { const show = (e, how) => e.style.setProperty('display', how, 'important');
			show(document.querySelector('.rail'), 'block'); show(document.querySelector('thead'), 'table-row-group');
			const box = document.querySelector('.ledger-box').style; box.overflow = 'hidden'; box.inlineSize = '20rem'; return true; })()`)
		for what, found := range faultsOnPaper(b) {
			if found == "" {
				t.Errorf("nothing is found: %s", what)
			}
		}
	})
}

// onPaper shows the page that is open as it is printed, between margins so far apart.
func (b *browser) onPaper(width int64, look func()) {
	b.t.Helper()
	b.settle()
	b.size(width, 1000)
	b.do(emulation.SetEmulatedMedia().WithMedia("print"))
	look()
	b.do(emulation.SetEmulatedMedia().WithMedia(""))
}

// faultsOnPaper says of each fault the first place where it is.
func faultsOnPaper(b *browser) map[string]string {
	b.t.Helper()
	first := func(among, is string) string {
		return ask[string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].find(e => e.getClientRects().length > 0 && (%s))?.outerHTML.slice(0, 200) ?? ''`, among, is))
	}
	return map[string]string{
		"what only a screen needs":    first(`.rail, .thumb-bar, .strip, .tabs, .filters, .button, button, input, select, [popover], main form`, `true`),
		"a head that does not repeat": first(`table.ledger thead`, `getComputedStyle(e).display !== 'table-header-group'`),
		"something cut": first(`main, main *`,
			`getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && !e.matches('.unseen, caption, svg, svg *') || e.matches('main') && document.documentElement.scrollWidth > innerWidth + 1`),
	}
}

// mediaBox is the size of a sheet in points, three figures each way.
var mediaBox = regexp.MustCompile(`MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]`)

// What Chromium itself prints lies on its side where the list is wide.
func TestWideListsLieOnTheirSide(t *testing.T) {
	t.Parallel()
	b := be(t, controller)
	for path, wide := range map[string]bool{"/payouts": true, "/people": false} {
		b.visit(path)
		var sheet []byte
		b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
			sheet, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
			return err
		}))
		box := mediaBox.FindSubmatch(sheet)
		if box == nil {
			t.Fatalf("%s: no size in %d bytes", path, len(sheet))
		}
		if got := string(box[1]) > string(box[2]); got != wide {
			t.Errorf("%s is printed %s wide and %s high", path, box[1], box[2])
		}
	}
}

// Who judges an opened proposal prints the evidence, and not what the first person
// made of it; before it is opened the page does not hold either.
func TestPaperTellsTheSecondPersonNoVerdict(t *testing.T) {
	t.Parallel()
	b := be(t, resolver)
	b.at(place{resolver, "judging", "/unclear/{林志豪 at /unclear}", nil})
	if ask[bool](b, `document.querySelector('main .only-screen details') !== null || document.querySelector('main blockquote') !== null`) {
		t.Errorf("the proposal is in the page before its evidence was opened:\n%s", b.page())
	}
	b.follow("Open the evidence")
	b.onPaper(upright, func() {
		b.seesIn("main #verdict", "Evidence")
		b.missesIn("main #verdict", "What ")
	})
	b.seesIn("main #verdict summary", "What ")
}
