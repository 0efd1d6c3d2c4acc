package e2e

import (
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// phoneMost is what the page of a decision may bring onto a phone, headers and all
// (features.md X22).
const phoneMost = 60_000

// load is all that came over the network for one page.
type load struct {
	mu       sync.Mutex
	of       map[network.RequestID]*network.Request
	kinds    map[network.RequestID]network.ResourceType
	received map[network.RequestID]int64 // as it was encoded
}

// weigh opens a page with nothing kept from before, and gives what came for it.
func (b *browser) weigh(page string) *load {
	b.t.Helper()
	l := &load{of: map[network.RequestID]*network.Request{}, kinds: map[network.RequestID]network.ResourceType{}, received: map[network.RequestID]int64{}}
	b.do(network.SetCacheDisabled(true), chromedp.Navigate("about:blank"))
	chromedp.ListenTarget(b.ctx, l.note)
	b.visit(page)
	ask[bool](b, `document.fonts.ready.then(() => new Promise(done => requestIdleCallback(() => done(true))))`)
	again, enough := time.NewTicker(50*time.Millisecond), time.After(patience)
	defer again.Stop()
	for !l.whole() {
		select {
		case <-again.C:
		case <-enough:
			b.t.Fatalf("%s does not come to rest: %v", page, l)
		}
	}
	return l
}

// whole says whether all that was asked for has come; a stream never ends.
func (l *load) whole() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, kind := range l.kinds {
		if _, done := l.received[id]; !done && !strings.Contains(l.of[id].URL, "/stream") {
			return kind == network.ResourceTypeOther
		}
	}
	return true
}

func (l *load) note(event any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		l.of[e.RequestID], l.kinds[e.RequestID] = e.Request, e.Type
	case *network.EventLoadingFinished:
		l.received[e.RequestID] = int64(e.EncodedDataLength)
	}
}

// total is the bytes of everything.
func (l *load) total() (sum int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, bytes := range l.received {
		if l.of[id] != nil && strings.HasPrefix(l.of[id].URL, base) {
			sum += bytes
		}
	}
	return sum
}

// files are the names of what came of one kind.
func (l *load) files(kind network.ResourceType) (names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, is := range l.kinds {
		if is == kind {
			name, _, _ := strings.Cut(path.Base(l.of[id].URL), "-")
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// bytes are those of one kind.
func (l *load) bytes(kind network.ResourceType) (sum int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, is := range l.kinds {
		if is == kind {
			sum += l.received[id]
		}
	}
	return sum
}

func (l *load) String() string {
	return fmt.Sprintf("%d bytes (page %d, styles %d, scripts %d, font %d)", l.total(), l.bytes(network.ResourceTypeDocument),
		l.bytes(network.ResourceTypeStylesheet), l.bytes(network.ResourceTypeScript), l.bytes(network.ResourceTypeFont))
}

// weighed opens a page, and says what it weighs.
func (b *browser) weighed(name, page string) *load {
	b.t.Helper()
	l := b.weigh(page)
	b.t.Logf("%-22s %v", name, l)
	return l
}

func TestX22_ADecisionComesOntoAPhoneInUnder60KB(t *testing.T) {
	t.Parallel()
	maker, b := be(t, maker), newcomer(t, "phone@harbourpine.example", "approver")
	b.addKey()
	maker.answer(taiwan, "1240.75", "E2E-phone")
	maker.upload("files", noise(t, "invoice.png"))
	maker.follow("Check your answers")
	orderNo := maker.submit()
	b.size(390, 844)
	for _, page := range []string{"/approvals/" + orderNo, "/approvals/" + orderNo + "/approve"} {
		l := b.weighed("phone: "+path.Base(page), page)
		if l.total() >= phoneMost {
			t.Errorf("%s weighs %v", page, l)
		}
		if scripts := l.files(network.ResourceTypeScript); !slices.Equal(scripts, []string{"passkey"}) {
			t.Errorf("%s runs %q", page, scripts)
		}
		if fonts := l.files(network.ResourceTypeFont); len(fonts) > 0 {
			t.Errorf("%s asks for %q", page, fonts)
		}
	}
	b.visit("/approvals/" + orderNo)
	b.unfold("Look at invoice.png")
	if !b.until(`(i => i.complete && i.naturalWidth === 200)(document.querySelector('main img.paper'))`) {
		t.Error("the attached picture does not appear on the card")
	}
	b.look(place{name: "decision on a phone"})
	b.size(390, 844)
	b.follow("Approve")
	b.follow("Approve with your passkey")
	b.sees("Approved.", "Yours was the last signature")
}

// noise is a file with a picture that cannot be packed: more than the whole page may weigh.
func noise(t *testing.T, name string) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 200, 400))
	source := rand.NewChaCha8([32]byte{})
	source.Read(picture.Pix)
	file, err := os.Create(filepath.Join(t.TempDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func TestTheScaleSeesWhatAWidePageBrings(t *testing.T) {
	t.Parallel()
	b := be(t, approver)
	wide := b.weighed("wide: home", "/")
	if fonts := wide.files(network.ResourceTypeFont); !slices.Equal(fonts, []string{"inter"}) || wide.bytes(network.ResourceTypeFont) < 70_000 || wide.total() < phoneMost {
		t.Errorf("a wide page with its font weighs %v, fonts %q", wide, fonts)
	}
	b.size(390, 844)
	for name, page := range map[string]string{"phone: home": "/", "phone: payouts": "/payouts", "phone: inbox": "/approvals"} {
		if l := b.weighed(name, page); l.bytes(network.ResourceTypeFont) > 0 || l.total() >= wide.total() {
			t.Errorf("%s weighs %v", name, l)
		}
	}
}
