package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// invoicePDF is a PDF of one page that is orange all over, larger than a phone's page may be.
func invoicePDF(t *testing.T, name string) string {
	t.Helper()
	var file bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	var at []int
	paint := "1 0.5 0 rg 0 0 595 842 re f"
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(paint), paint),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", phoneMost, bytes.Repeat([]byte{'x'}, phoneMost)),
	} {
		at = append(at, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// paints waits until a part of the page is mostly of the colour of the invoice.
func (b *browser) paints(part string) bool {
	b.t.Helper()
	again, enough := time.NewTicker(200*time.Millisecond), time.After(patience)
	defer again.Stop()
	for {
		var shot []byte
		b.do(chromedp.Screenshot(part, &shot, chromedp.ByQuery))
		if orange(b.t, shot) > 20 {
			return true
		}
		select {
		case <-again.C:
		case <-enough:
			return false
		}
	}
}

// orange is how many of a hundred points of a picture are of that colour.
func orange(t *testing.T, shot []byte) int {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	found, all := 0, picture.Bounds()
	for x := all.Min.X; x < all.Max.X; x++ {
		for y := all.Min.Y; y < all.Max.Y; y++ {
			if near(picture, x, y) {
				found++
			}
		}
	}
	return found * 100 / (all.Dx() * all.Dy())
}

func near(picture image.Image, x, y int) bool {
	c := color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
	return c.R > 240 && c.G > 110 && c.G < 145 && c.B < 20
}

func TestB4_APDFIsReadOnTheCardAndComesOnlyWhenItIsOpened(t *testing.T) {
	t.Parallel()
	b, orderNo := withPDF(t, "1310.25", "E2E-papers-read")
	b.asksForNoPDF("/approvals/" + orderNo)
	b.sees("PDF, 59 KB, SHA-256")
	b.unfold("Look at invoice.pdf")
	if !b.paints("main iframe.sheets") {
		t.Error("the PDF does not appear on the card")
	}
	b.size(390, 844) // where browsers have no viewer within a page
	b.asksForNoPDF("/approvals/" + orderNo)
	b.misses("Look at invoice.pdf")
	b.sees("Open invoice.pdf by itself")
	b.do(chromedp.Navigate(ask[string](b, `document.querySelector('p.phone-only a[href$="/view"]').href`)))
	if kind := ask[string](b, `document.contentType`); kind != "application/pdf" {
		t.Errorf("the link of a phone opens %s", kind)
	}
}

// asksForNoPDF opens a page that has one, which nobody has opened yet.
func (b *browser) asksForNoPDF(page string) {
	b.t.Helper()
	for _, request := range b.weigh(page).of {
		if strings.HasSuffix(request.URL, "/view") {
			b.t.Errorf("%s asked for %s before anybody opened it", page, request.URL)
		}
	}
}

// The card may frame what is ours, and a PDF may be framed by what is ours; nothing else is.
func TestS7_TheFrameOfAPDFLetsNothingElseIn(t *testing.T) {
	t.Parallel()
	b, orderNo := withPDF(t, "2177.50", "E2E-papers-framed")
	card := "/approvals/" + orderNo
	b.visit(card)
	view := ask[string](b, `document.querySelector('iframe.sheets').src`)
	evil := newHostile(t, map[string]string{"/": fmt.Sprintf(`<iframe src=%q></iframe>`, view), "/framed": "<p>from elsewhere</p>"})
	frame := func(address string) bool {
		return ask[bool](b, fmt.Sprintf(`document.querySelector('main').append(Object.assign(document.createElement('iframe'), {src: %q})) === undefined`, address))
	}
	frame(evil.address + "/framed")
	b.blames("frame-src 'self'", 1)
	frame(b.base + "/payouts")
	b.blames("frame-ancestors 'none'", 1)
	if evil.heard("/framed") {
		t.Error("the card has shown another site")
	}
	b.forgive()
	b.visitHostile(evil, "/")
	b.blames("frame-ancestors 'self'", 1)
	b.forgive()
}

// withPDF gives the window of an approver, and an order with a PDF that waits.
func withPDF(t *testing.T, amount, reference string) (b *browser, orderNo string) {
	t.Helper()
	maker := be(t, maker)
	maker.answer(taiwan, amount, reference)
	maker.upload("files", invoicePDF(t, "invoice.pdf"))
	maker.follow("Check your answers")
	return be(t, approver), maker.submit()
}
