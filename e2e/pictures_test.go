//go:build pictures

package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "pictures", "folder for the pictures")

// TestPictures makes pictures of every page, for looking at: `make look`.
func TestPictures(t *testing.T) {
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, who := range visitors() {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			b := visitor(t, who)
			for _, p := range places {
				if p.who == who {
					b.at(p)
					b.picture(p)
				}
			}
		})
	}
}

// picture keeps the page that is open as it looks on a screen and on a phone, in
// light and in dark.
func (b *browser) picture(p place) {
	b.t.Helper()
	b.settle()
	for _, width := range []int64{1440, 390} {
		b.size(width, 900)
		for _, theme := range []string{"light", "dark"} {
			b.dress(theme)
			var png []byte
			b.do(chromedp.FullScreenshot(&png, 100))
			file := filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s.png", p.name, width, theme))
			if err := os.WriteFile(file, png, 0o644); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	b.size(1440, 1000)
}
