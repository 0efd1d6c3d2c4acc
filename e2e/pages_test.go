package e2e

import "strings"

// place is a page as somebody sees it.
type place struct {
	who, name string
	path      string           // may hold {PAYEE at LIST}, the number of an order
	act       func(b *browser) // what leads from there to the page that is meant
}

// places are all pages, each in the states that look different. Whoever adds a
// page adds a line.
var places = []place{
	{"", "sign-in", "/sign-in", nil},
	{"", "sign-in-refused", "/sign-in", wrongPassword},

	{maker, "home-maker", "/", nil},
	{maker, "ways", "/payouts/new", nil},
	{maker, "new-payout", "/payouts/new?rail=apay.taiwan", nil},
	{maker, "new-payout-errors", "/payouts/new?rail=cashy.peru", press("Check your answers")},
	{maker, "new-payout-unclear-twin", "/payouts/new?rail=apay.taiwan", unclearTwin},
	{maker, "new-payout-picked", "/payouts/new?rail=apay.taiwan", pickPayee},
	{maker, "review", "/payouts/{周欣怡 at /payouts}/review", nil},
	{maker, "review-folds", "/payouts/{周欣怡 at /payouts}/review", openFolds},
	{maker, "edit", "/payouts/{周欣怡 at /payouts}/edit", nil},
	{maker, "edit-signed", "/payouts/{鴻達物流 at /payouts?tab=needs_approval}/edit", nil},
	{maker, "payout-draft", "/payouts/{周欣怡 at /payouts}", nil},
	{maker, "note", "/payouts/{周欣怡 at /payouts}/notes", nil},
	{maker, "note-errors", "/payouts/{周欣怡 at /payouts}/notes", press("Add it")},
	{maker, "withdrawal", "/payouts/{周欣怡 at /payouts}/withdrawal", nil},
	{maker, "reveal", "/payouts/{劉建宏 at /payouts}", press("Reveal")},
	{otherMaker, "create-again", "/payouts/{Wilber Yupanqui at /payouts?tab=done}", press("Create it again")},

	{approver, "home-approver", "/", nil},
	{approver, "approvals", "/approvals", nil},
	{approver, "approvals-list", "/approvals", chooseQuiet},
	{approver, "approvals-list-errors", "/approvals", func(b *browser) { chooseQuiet(b); press("Approve all 2")(b) }},
	{approver, "approvals-others", "/approvals?tab=others", nil},
	{approver, "approvals-decided", "/approvals?tab=decided", nil},
	{approver, "approval", "/approvals/{張雅婷 at /approvals}", nil},
	{approver, "approval-changed", "/approvals/{許家豪 at /approvals}", nil},
	{approver, "approval-large", "/approvals/{鴻達物流 at /approvals}", nil},
	{approver, "approve", "/approvals/{鴻達物流 at /approvals}/approve", nil},
	{approver, "approve-errors", "/approvals/{鴻達物流 at /approvals}/approve", press("Approve")},
	{approver, "reject", "/approvals/{張雅婷 at /approvals}/reject", nil},
	{approver, "reject-errors", "/approvals/{張雅婷 at /approvals}/reject", press("Reject")},
	{approver, "question", "/approvals/{張雅婷 at /approvals}/question", nil},
	{approver, "hold", "/payouts/{張雅婷 at /payouts?tab=needs_approval}/hold", nil},

	{second, "resume", "/payouts/{Inversiones Los Andes at /payouts?held=on}/resume", nil},

	{resolver, "home-resolver", "/", nil},
	{resolver, "unclear", "/unclear", nil},
	{resolver, "unclear-case", "/unclear/{陳怡君 at /unclear}", nil},
	{resolver, "unclear-errors", "/unclear/{陳怡君 at /unclear}", press("Propose")},
	{resolver, "unclear-judging", "/unclear/{林志豪 at /unclear}", nil},
	{resolver, "unclear-evidence", "/unclear/{林志豪 at /unclear}?evidence=opened", nil},
	{resolver, "unclear-evidence-errors", "/unclear/{林志豪 at /unclear}?evidence=opened", press("Confirm my verdict")},

	{resolver, "sends", "/sends", nil},
	{resolver, "sends-closed", "/sends?list=closed", nil},
	{resolver, "enquiry", "/payouts/{陳怡君 at /unclear}/enquiry", nil},
	{auditor, "bundles", "/audit/bundles", nil},
	{auditor, "bundles-errors", "/audit/bundles", emptyPeriod},
	{auditor, "sample-form", "/audit/sample", nil},
	{auditor, "sample", "/audit/sample?verb=approved&size=10&seed=november", nil},
	{auditor, "exceptions", "/audit/exceptions", nil},
	{auditor, "explanation", "/payouts/{陳怡君 at /unclear}/explanation", nil},
	{auditor, "as-it-stood", "/payouts/{陳怡君 at /unclear}/explanation?on=2020-01-01", nil},
	{resolver, "enquiry-reply", "/payouts/{陳怡君 at /unclear}/enquiry", fileReply},

	{controller, "hand-on", "/approvals/{鴻達物流 at /payouts?tab=needs_approval}/hand", nil},
	{controller, "home-controller", "/", nil},
	{controller, "payouts", "/payouts", nil},
	{controller, "limits", "/limits", nil},
	{controller, "limit-change", "/limits/change?of=day+TWD", nil},
	{controller, "limit-change-errors", "/limits/change?of=day+TWD", press("Change it")},
	{controller, "payouts-done", "/payouts?tab=done", nil},
	{controller, "payouts-none", "/payouts?q=nobody", nil},
	{controller, "payouts-filter", "/payouts?currency=TWD", press("Add filter")},
	{controller, "payouts-unreadable", "/payouts?least=much", nil},
	{controller, "payout-waiting", "/payouts/{鴻達物流 at /payouts?tab=needs_approval}", nil},
	{controller, "payout-held", "/payouts/{Inversiones Los Andes at /payouts?held=on}", nil},
	{controller, "payout-unclear", "/payouts/{陳怡君 at /payouts?tab=unclear}", nil},
	{controller, "payout-unclear-folds", "/payouts/{陳怡君 at /payouts?tab=unclear}", openFolds},
	{controller, "payout-verdict-waits", "/payouts/{林志豪 at /payouts?tab=unclear}", nil},
	{controller, "payout-paid", "/payouts/{王冠宇 at /payouts?tab=done}", openFolds},
	{controller, "payout-failed", "/payouts/{Wilber Yupanqui at /payouts?tab=done}", nil},
	{controller, "payout-rejected", "/payouts/{马超 at /payouts?tab=done}", nil},
	{controller, "payout-withdrawn", "/payouts/{陳怡君 at /payouts?tab=done}", nil},
	{controller, "payout-contradiction", "/payouts/{鴻達物流 at /payouts?contradiction=on}", nil},
	{controller, "payout-menu", "/payouts/{陳怡君 at /payouts?tab=unclear}", openMenu},
	{controller, "contradictions", "/contradictions", nil},
	{controller, "contradiction", "/contradictions/{鴻達物流 at /contradictions}", nil},
	{controller, "contradiction-errors", "/contradictions/{鴻達物流 at /contradictions}", press("Propose")},
	{controller, "payees", "/payees", nil},
	{controller, "payees-none", "/payees?q=nobody", nil},
	{controller, "payee", "/payees?q=鴻達", pickFirst},
	{controller, "payee-waits", "/payees?q=Inversiones", pickFirst},
	{controller, "payee-evidence", "/payees?q=Inversiones", changeOfFirst},
	{maker, "payee-new", "/payees/new", nil},
	{maker, "payee-new-rail", "/payees/new?rail=cashy.peru", nil},
	{maker, "payee-new-errors", "/payees/new?rail=apay.taiwan", press("Ask for it")},
	{controller, "finds", "/payees/finds", nil},
	{controller, "finds-none", "/payees/finds?week=2020-W05", nil},
	{controller, "find", "/payees/finds/1", nil},
	{controller, "find-errors", "/payees/finds/1", press("I looked at it")},
	{controller, "payee-rules", "/payees/rules", nil},
	{controller, "payee-rules-change", "/payees/rules/change", nil},
	{controller, "payee-rules-errors", "/payees/rules/change", press("Ask another controller")},
	{controller, "block-list", "/payees/blocked", nil},
	{controller, "block", "/payees/blocked", pickFirst},
	{controller, "block-new", "/payees/blocked/new", nil},
	{controller, "block-errors", "/payees/blocked/new", press("Block it")},
	{otherMaker, "payee-change", "/payees?q=María", changePayee},
	{controller, "payee-reveal", "/payees?q=鴻達", revealPayee},
	{controller, "notices", "/notices", nil},
	{controller, "notices-all", "/notices?list=all", nil},
	{controller, "notices-none", "/notices?q=nothing", nil},
	{controller, "notice", "/notices", pickFirst},
	{controller, "notice-believed", "/notices?list=all", pickFirst},
	{controller, "audit", "/audit", nil},
	{controller, "audit-order", "/audit?question=verdicts", openFolds},
	{controller, "audit-filter", "/audit", press("Add filter")},
	{controller, "verification", "/audit/verification", press("Check the chain now")},
	{controller, "policy", "/policy", nil},
	{controller, "policy-change", "/policy/change", nil},
	{controller, "policy-look", "/policy/change", press("See what changes")},
	{controller, "people-read", "/people", nil},
	{controller, "stop", "/cord", nil},
	{controller, "pause", "/gateways", press("Pause")},
	{controller, "no-page", "/nowhere", nil},
	{controller, "no-order", "/payouts/01M7YTY3FWKJNBWZ9BZ7QS4AS4", nil},

	{auditor, "home-auditor", "/", nil},
	{auditor, "not-allowed", "/payouts/new", nil},
	{auditor, "person-read", "/people", pickFirst},

	{gatewayMan, "home-gateways", "/", nil},
	{gatewayMan, "gateways", "/gateways", nil},
	{gatewayMan, "sandbox", "/gateways/sandbox", nil},
	{gatewayMan, "account-keys", "/gateways/1/keys", nil},
	{gatewayMan, "account-calendar", "/gateways/1/calendar", nil},
	{gatewayMan, "account-calendar-errors", "/gateways/1/calendar", press("Propose the calendar")},
	{gatewayMan, "account-new", "/gateways/new", nil},
	{gatewayMan, "account-errors", "/gateways/new", press("Propose the account")},
	{gatewayMan, "address", "/gateways/address", nil},
	{gatewayMan, "address-errors", "/gateways/address", wrongAddress},
	{gatewayMan, "sign", "/gateways/address", anotherAddress},

	{peopleMan, "home-people", "/", nil},
	{peopleMan, "menu", "/", pop("my-menu")},
	{peopleMan, "all-pages", "/", pop("all-pages")},
	{peopleMan, "keys", "/", pop("keys")},
	{peopleMan, "people", "/people", nil},
	{peopleMan, "person-new", "/people/new", nil},
	{peopleMan, "person-errors", "/people/new", press("Add person")},
	{peopleMan, "person", "/people", pickFirst},
	{peopleMan, "changes", "/changes", nil},
	{controller, "changes-controller", "/changes", nil},
	{controller, "change", "/changes", pickFirst},
	{peopleMan, "person-factors", "/people", factorsOfFirst},
	{peopleMan, "profile", "/profile", nil},
	{peopleMan, "codes", "/profile/codes", nil},
	{peopleMan, "codes-errors", "/profile/codes", press("Add one-time codes")},
	{peopleMan, "passkey", "/profile/passkeys", nil},
	{peopleMan, "recovery", "/profile/recovery", nil},
	{peopleMan, "profile-errors", "/profile", press("Change password")},
}

// press is the act of pressing something that leads to another page, or opens a
// fold.
func press(words string) func(b *browser) {
	return func(b *browser) {
		b.press(words)
		if !b.until(`document.querySelector('details[open]') !== null || (document.documentElement.dataset.before === undefined && document.readyState === 'complete')`) {
			b.t.Fatalf("%q leads nowhere:\n%s", words, b.page())
		}
	}
}

// chooseQuiet goes on to the list of two payouts that carry no flag.
func chooseQuiet(b *browser) {
	for _, payee := range []string{"蔡宜蓁", "孙浩"} {
		ask[bool](b, `(e => { e.click(); return true; })(document.querySelector('input[name=no][aria-label*="`+payee+`"]'))`)
	}
	press("Review what is chosen")(b)
}

// fileReply marks the letter as sent, and goes on to file its reply.
func fileReply(b *browser) {
	b.fill("channel", "mail")
	b.fill("person", "Support desk")
	press("Mark as sent")(b)
	press("File the reply")(b)
}

func pickFirst(b *browser) {
	ask[bool](b, `(e => { document.documentElement.dataset.before = '1'; e.click(); return true; })(document.querySelector('main a.who, main a.open, main td a'))`)
	b.arrived()
}

func factorsOfFirst(b *browser) {
	pickFirst(b)
	b.visit(b.path() + "/factors")
}

func openFolds(b *browser) {
	ask[bool](b, `(all => { all.forEach(e => e.open = true); return true; })(document.querySelectorAll('main details'))`)
}

func openMenu(b *browser) {
	ask[bool](b, `(e => { e.click(); return true; })(document.querySelector('main [popovertarget=more]'))`)
}

// pop opens a menu that floats over the page.
func pop(id string) func(b *browser) {
	return func(b *browser) {
		ask[bool](b, `(e => { e.showPopover(); return true; })(document.getElementById('`+id+`'))`)
	}
}

func wrongAddress(b *browser) {
	b.fill("public_url", "ftp://pay.example.com")
	press("Propose the address")(b)
}

// anotherAddress goes as far as the page that asks for the proof.
func anotherAddress(b *browser) {
	b.fill("public_url", "https://pay.harbourpine.example")
	b.fill("reason", "The firm has another name")
	press("Propose the address")(b)
	b.sees("Nothing was proposed.")
}

// emptyPeriod asks for a period that ends before it begins.
func emptyPeriod(b *browser) {
	b.fill("from", "2030-01-01")
	press("Make the file")(b)
}

func wrongPassword(b *browser) {
	b.fill("login", "nobody@harbourpine.example")
	b.fill("password", "correct horse battery staple")
	press("Sign in")(b)
}

func pickPayee(b *browser) {
	b.fill("payee", ask[string](b, `document.querySelectorAll('#payee option')[1].value`))
	b.follow("Fill in")
}

func changeOfFirst(b *browser) {
	pickFirst(b)
	b.follow("Have a look")
}

func changePayee(b *browser) {
	pickFirst(b)
	b.follow("Change the details")
}

func revealPayee(b *browser) {
	pickFirst(b)
	b.follow("Reveal")
}

func unclearTwin(b *browser) {
	b.fill("payee", ask[string](b, `[...document.querySelectorAll('#payee option')].find(e => e.text.includes('永新包裝材料')).value`))
	b.follow("Fill in")
	b.fill("amount", "38900")
	press("Check your answers")(b)
}

// at goes to a place.
func (b *browser) at(p place) {
	b.t.Helper()
	path := p.path
	if begin, rest, ok := strings.Cut(path, "{"); ok {
		inside, end, _ := strings.Cut(rest, "}")
		payee, list, _ := strings.Cut(inside, " at ")
		path = begin + b.orderOf(list, payee) + end
	}
	b.visit(path)
	if p.act != nil {
		p.act(b)
	}
}

// settle waits until fonts are there and nothing moves any more.
func (b *browser) settle() {
	b.t.Helper()
	ask[bool](b, `document.fonts.ready.then(() => true)`)
}

// overflow is what sticks out of the page sideways, "" if nothing does.
func (b *browser) overflow() string {
	b.t.Helper()
	return ask[string](b, `(() => { const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide) return '';
		const out = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > wide + 1);
		return document.documentElement.scrollWidth + ' of ' + wide + ': ' + (out.at(-1)?.outerHTML.slice(0, 300) ?? ''); })()`)
}
