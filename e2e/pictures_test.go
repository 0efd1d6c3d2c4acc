//go:build pictures

package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	pictures = flag.String("pictures", "", "folder for a picture of every page")
	shown    = flag.String("shown", "", "folder for the pictures of README.md")
)

// showcase are the pages that README.md shows, by the name of the picture.
var showcase = map[string]string{
	"home-approver": "home", "payouts": "payouts", "payout-contradiction": "payout", "approval-large": "approval",
	"unclear-case": "unclear", "review": "new-payout",
}

// TestPictures makes pictures of every page, for looking at: `make look`.
func TestPictures(t *testing.T) {
	for _, who := range visitors() {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			b := visitor(t, who)
			for _, p := range places {
				if p.who == who && (*pictures != "" || showcase[p.name] != "") {
					b.at(p)
					b.settle()
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
	if name := showcase[p.name]; name != "" && *shown != "" {
		b.dress("light")
		b.size(1440, 900)
		b.keep(*shown, name+".png", fewColours(b.t, b.shoot()))
	}
	for _, width := range []int64{1440, 390} {
		for _, theme := range []string{"light", "dark"} {
			if *pictures != "" {
				b.dress(theme)
				b.whole(width)
				b.keep(*pictures, fmt.Sprintf("%s-%d-%s.png", p.name, width, theme), b.shoot())
			}
		}
	}
	b.size(1440, 1000)
}

// whole makes the window as high as its page, so that what is fixed to its end
// stands there.
func (b *browser) whole(width int64) {
	b.t.Helper()
	b.size(width, 900)
	b.size(width, ask[int64](b, `Math.max(900, document.documentElement.scrollHeight)`))
}

func (b *browser) shoot() (shot []byte) {
	b.t.Helper()
	b.do(chromedp.CaptureScreenshot(&shot))
	return shot
}

func (b *browser) keep(folder, name string, shot []byte) {
	b.t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), shot, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// fewColours writes a picture with a palette of its 256 most frequent colours:
// pages have few, and the edges of letters may differ by a shade.
func fewColours(t *testing.T, shot []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewPaletted(full.Bounds(), frequent(full))
	draw.Draw(small, small.Bounds(), full, full.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// frequent are the most frequent colours of a picture that differ to the eye.
func frequent(picture image.Image) (palette color.Palette) {
	count := map[color.RGBA]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			count[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}]++
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int { return count[b] - count[a] })
	for _, c := range all {
		if len(palette) < 256 && (len(palette) == 0 || !alike(c, palette.Convert(c).(color.RGBA))) {
			palette = append(palette, c)
		}
	}
	return palette
}

// alike says whether nobody would tell two colours apart.
func alike(a, b color.RGBA) bool {
	const shade = 7
	near := func(x, y uint8) bool { return max(x, y)-min(x, y) < shade }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}
