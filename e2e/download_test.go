package e2e

import (
	"context"
	"os"
	"path/filepath"

	chrome "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// download presses a link and gives the file that the browser saves.
func (b *browser) download(words string) string {
	b.t.Helper()
	folder := b.t.TempDir()
	saved := make(chan string, 1)
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	chromedp.ListenBrowser(ctx, func(event any) {
		if e, ok := event.(*chrome.EventDownloadProgress); ok && e.State == chrome.DownloadProgressStateCompleted {
			select {
			case saved <- e.GUID:
			default:
			}
		}
	})
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return chrome.SetDownloadBehavior(chrome.SetDownloadBehaviorBehaviorAllowAndName).WithBrowserContextID(b.profile).
			WithDownloadPath(folder).WithEventsEnabled(true).Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	}))
	b.press(words)
	select {
	case name := <-saved:
		return b.read(filepath.Join(folder, name))
	case <-ctx.Done():
		b.t.Fatalf("%q saved nothing", words)
		return ""
	}
}

func (b *browser) read(file string) string {
	b.t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(content)
}
