package e2e

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// fill types a value into the field of this name, or chooses it.
func (b *browser) fill(name, value string) {
	b.t.Helper()
	found := ask[string](b, fmt.Sprintf(`((name, value) => {
		const all = [...document.querySelectorAll('main [name="' + name + '"]')];
		const radio = all.find(e => e.type === 'radio' && e.value === value); if (radio) { radio.click(); return 'radio'; }
		const e = all.find(e => e.type === 'checkbox' && e.value === value) ?? all.find(e => e.type !== 'hidden'); if (!e) return '';
		if (e.type === 'checkbox') { if (!e.checked) e.click(); return 'checkbox'; }
		e.focus(); e.value = value;
		for (const happens of ['input', 'change']) e.dispatchEvent(new Event(happens, {bubbles: true}));
		return e.value === value ? 'filled' : ''; })(%q, %q)`, name, value))
	if found == "" {
		b.t.Fatalf("no field %q that takes %q on\n%s", name, value, b.page())
	}
}

// press clicks the button, link or fold with exactly these words. What is hidden
// in a closed fold or menu is brought to light first, as a person would.
func (b *browser) press(words string) {
	b.t.Helper()
	b.click(`button, a, summary`, fmt.Sprintf(`text => text === %q`, words), words)
}

// choose clicks the card with these words among others.
func (b *browser) choose(words string) {
	b.t.Helper()
	b.click(`.choice, a.who, a.open, a.nav-item`, fmt.Sprintf(`text => text.includes(%q)`, words), words)
}

func (b *browser) click(among, is, words string) {
	b.t.Helper()
	if !ask[bool](b, fmt.Sprintf(`((among, is) => {
		const visible = e => e.getClientRects().length > 0;
		const all = [...document.querySelectorAll(among)].filter(e => is((e.innerText || e.textContent).trim().replace(/\s+/g, ' ')));
		const e = all.find(visible) || all[0]; if (!e) return false;
		for (let p = e; p && !visible(e); p = p.parentElement) {
			if (p.tagName === 'DETAILS') p.open = true;
			if (p.popover && !p.matches(':popover-open')) p.showPopover();
		}
		document.documentElement.dataset.before = '1'; // is gone with this page
		e.scrollIntoView({block: 'center'}); e.click(); return true; })(%q, %s)`, among, is)) {
		b.t.Fatalf("nothing to press says %q on\n%s", words, b.page())
	}
}

// follow is press on something that leads to another page.
func (b *browser) follow(words string) {
	b.t.Helper()
	b.press(words)
	b.arrived()
}

// pick is choose of something that leads to another page.
func (b *browser) pick(words string) {
	b.t.Helper()
	b.choose(words)
	b.arrived()
}

// key presses keys, one after the other; the last one may lead to another page. A
// letter is written only where the page lets it pass.
func (b *browser) key(keys ...string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(`document.documentElement.dataset.before = '1'`, nil))
	for _, key := range keys {
		text := key
		if key == "Enter" {
			text = "\r"
		}
		b.do(input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithText(text), input.DispatchKeyEvent(input.KeyUp).WithKey(key))
	}
}

// reload opens a page anew until it says these words.
func (b *browser) reload(path, words string) {
	b.t.Helper()
	again, enough := time.NewTicker(time.Second), time.After(patience)
	defer again.Stop()
	for {
		b.visit(path)
		if strings.Contains(b.page(), words) {
			return
		}
		select {
		case <-again.C:
		case <-enough:
			b.t.Fatalf("%s does not come to say %q:\n%s", path, words, b.page())
		}
	}
}

// arrived waits until the next page is there.
func (b *browser) arrived() {
	b.t.Helper()
	if !b.until(`document.documentElement.dataset.before === undefined && document.readyState === 'complete'`) {
		b.t.Fatalf("no other page came:\n%s", b.page())
	}
}

// unfold opens every fold whose title begins with these words, and gives what is
// in them.
func (b *browser) unfold(words string) (inside string) {
	b.t.Helper()
	inside = ask[string](b, fmt.Sprintf(`[...document.querySelectorAll('main details')]
		.filter(e => e.querySelector('summary').innerText.trim().startsWith(%q))
		.map(e => { e.querySelector('summary').click(); return e.open ? e.innerText : ''; }).join('\n')`, words))
	if inside == "" {
		b.t.Fatalf("no fold is called %q on\n%s", words, b.page())
	}
	return inside
}

// upload chooses a file for a field.
func (b *browser) upload(name string, files ...string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(`main input[type=file][name="`+name+`"]`, files, chromedp.ByQuery))
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

// words is the expression for what a part of the page says.
func words(part string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText).join(' ').replace(/\s+/g, ' ')`, part)
}

// sees waits until the page says these words.
func (b *browser) sees(all ...string) {
	b.t.Helper()
	for _, text := range all {
		b.seesIn("body", text)
	}
}

// seesIn waits until a part of the page says these words.
func (b *browser) seesIn(part, text string) {
	b.t.Helper()
	if !b.until(fmt.Sprintf(`%s.includes(%q)`, words(part), text)) {
		b.t.Fatalf("%s does not say %q:\n%s", part, text, b.page())
	}
}

// misses fails if the page says these words.
func (b *browser) misses(text string) {
	b.t.Helper()
	b.missesIn("body", text)
}

// missesIn fails if a part of the page says these words.
func (b *browser) missesIn(part, text string) {
	b.t.Helper()
	if ask[bool](b, fmt.Sprintf(`%s.includes(%q)`, words(part), text)) {
		b.t.Fatalf("%s says %q:\n%s", part, text, b.page())
	}
}

// hasNo fails if there is something to press with these words, hidden or not.
func (b *browser) hasNo(button string) {
	b.t.Helper()
	if ask[bool](b, fmt.Sprintf(`[...document.querySelectorAll('main button, main a')].some(e => e.textContent.trim() === %q)`, button)) {
		b.t.Fatalf("%q can be pressed on\n%s", button, b.page())
	}
}

// dress sets the theme as the person's choice.
func (b *browser) dress(theme string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(fmt.Sprintf(`document.documentElement.dataset.theme = %q`, theme), nil))
}
