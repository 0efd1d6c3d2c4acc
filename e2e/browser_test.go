package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long the browser waits for what must appear.
const patience = 30 * time.Second

// browser is one person's window: cookies of its own, and every error that the
// console shows fails the test.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu     sync.Mutex
	errors []string
}

// chromiumOptions run Chromium without a screen and without any traffic of its own.
func chromiumOptions(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-GB"))
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("the browser tests need Chromium: run `make test`, which installs it, or `apt-get install chromium`")
}

// open opens a Chromium of its own in the given size, so that no two people share
// a cookie.
func open(t *testing.T, width, height int64) *browser {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromiumOptions(chromium)...)
	ctx, cancel := chromedp.NewContext(allocator)
	b := &browser{t: t, ctx: ctx, base: base}
	t.Cleanup(func() {
		cancel()
		stop()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, e := range b.errors {
			t.Errorf("the console shows: %s", e)
		}
	})
	if err := chromedp.Run(ctx); err != nil { // the first call must not have a deadline
		t.Fatal(err)
	}
	b.do(emulation.SetDeviceMetricsOverride(width, height, 1, width < 500))
	b.listen()
	return b
}

// listen collects what a developer would see in red. That a page answered 4xx is
// not an error of the page.
func (b *browser) listen() {
	chromedp.ListenTarget(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.errors = append(b.errors, e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError && !strings.Contains(e.Entry.Text, "Failed to load resource: the server responded with a status of 4") {
				b.errors = append(b.errors, e.Entry.Text+" "+e.Entry.URL)
			}
		}
	})
	b.do(log.Enable())
}

// do runs actions or ends the test.
func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatalf("%v\n%s", err, b.page())
	}
}

// page is where the window is and what it says, for messages.
func (b *browser) page() string {
	var address, text string
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Location(&address), chromedp.Evaluate(`document.body.innerText`, &text)); err != nil {
		return "the page cannot be read: " + err.Error()
	}
	return address + "\n" + text
}

// visit goes to a path of the product.
func (b *browser) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base+path), chromedp.WaitReady("main", chromedp.ByQuery))
}

// path is where the window is.
func (b *browser) path() string {
	b.t.Helper()
	var address string
	b.do(chromedp.Location(&address))
	return strings.TrimPrefix(address, b.base)
}

// fill types a value into the field of this name, or chooses it.
func (b *browser) fill(name, value string) {
	b.t.Helper()
	var kind string
	find := fmt.Sprintf(`(() => { const all = [...document.querySelectorAll('main [name=%q]')];
		const radio = all.find(e => e.type === 'radio' && e.value === %q); if (radio) { radio.click(); return 'radio'; }
		const e = all.find(e => e.type !== 'hidden'); if (!e) return 'missing';
		if (e.type === 'checkbox') { if (!e.checked) e.click(); return 'checkbox'; }
		e.focus(); e.value = %q; e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); return e.tagName; })()`, name, value, value)
	b.do(chromedp.Evaluate(find, &kind))
	if kind == "missing" {
		b.t.Fatalf("no field %q on\n%s", name, b.page())
	}
}

// press clicks the button or link with exactly these words, and waits until
// the page that follows is there.
func (b *browser) press(words string) {
	b.t.Helper()
	mark := fmt.Sprintf(`(() => { document.documentElement.dataset.before = '1';
		const visible = e => e.getClientRects().length > 0;
		const all = [...document.querySelectorAll('button, a, summary')].filter(e => e.innerText.trim().replace(/\s+/g, ' ') === %q);
		const e = all.find(visible) || all[0]; if (!e) return false; if (!visible(e)) { for (let p = e; p; p = p.parentElement) { if (p.tagName === 'DETAILS') p.open = true; if (p.popover && !p.matches(':popover-open')) p.showPopover(); } }
		e.scrollIntoView({block: 'center'}); e.click(); return true; })()`, words)
	var found bool
	b.do(chromedp.Evaluate(mark, &found))
	if !found {
		b.t.Fatalf("no button or link %q on\n%s", words, b.page())
	}
}

// follow is press on something that leads to another page.
func (b *browser) follow(words string) {
	b.t.Helper()
	b.press(words)
	b.arrived()
}

// arrived waits until the next page is there.
func (b *browser) arrived() {
	b.t.Helper()
	if !b.until(`document.documentElement.dataset.before === undefined && document.readyState === 'complete'`) {
		b.t.Fatalf("no other page came:\n%s", b.page())
	}
}

// until asks again and again whether something is so, also while one page gives
// way to another.
func (b *browser) until(is string) bool {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		var so bool
		if err := chromedp.Run(ctx, chromedp.Evaluate(is, &so)); err == nil && so {
			return true
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return false
		}
	}
}

// sees waits until the page says these words.
func (b *browser) sees(words string) {
	b.t.Helper()
	if !b.until(fmt.Sprintf(`document.body.innerText.replace(/\s+/g, ' ').includes(%q)`, words)) {
		b.t.Fatalf("the page does not say %q:\n%s", words, b.page())
	}
}

// misses fails if the page says these words.
func (b *browser) misses(words string) {
	b.t.Helper()
	var there bool
	b.do(chromedp.Evaluate(fmt.Sprintf(`document.body.innerText.replace(/\s+/g, ' ').includes(%q)`, words), &there))
	if there {
		b.t.Fatalf("the page says %q:\n%s", words, b.page())
	}
}

// dress sets the theme as the person's choice.
func (b *browser) dress(theme string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(fmt.Sprintf(`document.documentElement.dataset.theme = %q`, theme), nil))
}
