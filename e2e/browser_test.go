package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long the browser waits for what must appear.
const patience = 30 * time.Second

// browser is one person's window: cookies of its own, and every error that the
// console shows fails the test.
type browser struct {
	t       *testing.T
	ctx     context.Context
	profile cdp.BrowserContextID
	base    string

	mu     sync.Mutex
	errors []string
	loose  []string // pages that came without the policy for their content
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

// startChromium starts the one Chromium in which every window is opened.
func startChromium(path string) (ctx context.Context, stop func(), err error) {
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), chromiumOptions(path)...)
	quiet := chromedp.WithErrorf(func(string, ...any) {}) // it logs events of newer Chromiums; what fails is returned
	ctx, cancel := chromedp.NewContext(allocator, quiet)
	stop = func() { cancel(); stopAllocator() }
	if err := chromedp.Run(ctx); err != nil { // the first call must not have a deadline
		stop()
		return nil, nil, err
	}
	return ctx, stop, nil
}

// open opens a window with a profile of its own in the given size, so that no two
// people share a cookie.
func open(t *testing.T, width, height int64) *browser {
	t.Helper()
	b := &browser{t: t, base: base}
	b.newWindow()
	t.Cleanup(b.complain)
	b.size(width, height)
	b.listen()
	still := &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}
	b.do(log.Enable(), network.Enable(), emulation.SetFocusEmulationEnabled(true), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{still}))
	return b
}

// newWindow opens a window with a profile of its own, until the test ends.
func (b *browser) newWindow() {
	b.t.Helper()
	chrome := cdp.WithExecutor(chromium, chromedp.FromContext(chromium).Browser)
	profile, err := target.CreateBrowserContext().Do(chrome)
	if err != nil {
		b.t.Fatal(err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(chrome)
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithTargetID(id))
	b.ctx, b.profile = ctx, profile
	b.t.Cleanup(func() {
		cancel()
		if err := target.DisposeBrowserContext(profile).Do(chrome); err != nil {
			b.t.Error(err)
		}
	})
	if err := chromedp.Run(ctx); err != nil { // the first call must not have a deadline
		b.t.Fatal(err)
	}
}

// complain fails the test over what a developer would see in red.
func (b *browser) complain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		b.t.Errorf("the console shows: %s", e)
	}
	for _, page := range b.loose {
		b.t.Errorf("%s came without a policy for its content", page)
	}
}

// blames waits until the console has complained in these words so many times.
func (b *browser) blames(words string, times int) {
	b.t.Helper()
	again, enough := time.NewTicker(50*time.Millisecond), time.After(patience)
	defer again.Stop()
	for b.blamed(words) < times {
		select {
		case <-again.C:
		case <-enough:
			b.t.Fatalf("the console does not show %q %d times but: %q", words, times, b.errors)
		}
	}
}

func (b *browser) blamed(words string) (times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		if strings.Contains(e, words) {
			times++
		}
	}
	return times
}

// forgive forgets what a test has provoked.
func (b *browser) forgive() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors, b.loose = nil, nil
}

// size makes the window as wide and high as a screen or a phone.
func (b *browser) size(width, height int64) {
	b.t.Helper()
	b.do(emulation.SetDeviceMetricsOverride(width, height, 1, width < 500))
}

// listen collects what is wrong beside the page itself. That a page answered 4xx is
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
		case *network.EventResponseReceived:
			if e.Type == network.ResourceTypeDocument && !viewer(e.Response) && !strict(e.Response.Headers) {
				b.loose = append(b.loose, e.Response.URL)
			}
		}
	})
}

// strict says whether a page lets nothing run or load but what is ours, and lets no browser
// keep it (S7).
func strict(headers network.Headers) bool {
	said := map[string]string{}
	for name, value := range headers {
		said[strings.ToLower(name)] = fmt.Sprint(value)
	}
	policy := said["content-security-policy"]
	return strings.Contains(policy, "default-src 'none'") && !strings.Contains(policy, "unsafe") &&
		said["cache-control"] == "no-store" && said["x-content-type-options"] == "nosniff"
}

// viewer says whether it is the browser's own viewer, or a PDF that is handed to it and to no
// page but ours: of the policy of one Chromium keeps who may frame it, and drops the rest.
func viewer(r *network.Response) bool {
	policy := fmt.Sprint(r.Headers["Content-Security-Policy"])
	return strings.HasPrefix(r.URL, "chrome-extension://") || r.MimeType == "application/pdf" && policy == "frame-ancestors 'self'"
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

// ask evaluates an expression on the page.
func ask[T any](b *browser, expression string) (answer T) {
	b.t.Helper()
	b.do(chromedp.Evaluate(expression, &answer, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return answer
}
