package e2e

import "testing"

func TestTwoPeopleSettleWhatIsUnclear(t *testing.T) {
	t.Parallel()
	resolver, controller := be(t, resolver), be(t, controller)
	orderNo := resolver.orderOf("/unclear", "王建国")
	resolver.visit("/unclear")
	resolver.pick("王建国")
	resolver.follow("Take the case on c")
	resolver.sees("The case is yours.", "claimed by Zhao Li-na")
	resolver.follow("Ask the gateway now q")
	resolver.sees("Asked.")
	resolver.fill("says", "paid")
	resolver.follow("Propose")
	resolver.sees("Choose the kind of evidence", "Enter what the payee received")
	resolver.fill("evidence", "statement")
	resolver.fill("text", "APAY statement, line 40: 36,000.00 CNY, "+orderNo)
	resolver.fill("received", "36000.00")
	resolver.fill("reason", "The line carries our number")
	resolver.follow("Propose")
	resolver.sees("Nothing moves until a second person has judged the evidence", "You proposed")
	resolver.hasNo("Confirm my verdict")

	controller.visit("/unclear/" + orderNo)
	controller.misses("The line carries our number")
	controller.hasNo("Confirm my verdict")
	controller.follow("Open the evidence")
	controller.sees("APAY statement, line 40")
	controller.misses("The line carries our number")
	controller.fill("says", "paid")
	controller.fill("reason", "The same line in the file that I exported")
	controller.follow("Confirm my verdict")
	controller.sees("Two people have decided: paid.")
	controller.visit("/payouts/" + orderNo)
	controller.state("Paid")
	controller.sees("Two people have decided", "The line carries our number", "The same line in the file that I exported")
}

// The sandbox is told to lose the next order, so that it stays unclear for good.
func TestNotPaidHasToWait(t *testing.T) {
	boss, maker, approver, resolver := be(t, gatewayMan), be(t, otherMaker), be(t, second), be(t, resolver)
	boss.lose("CASHY Lima")
	orderNo := maker.sent(approver, peru, "412.40", "E2E-lost")
	maker.state("Unclear: no answer")
	resolver.visit("/unclear/" + orderNo)
	resolver.sees("Not yet:")
	if !ask[bool](resolver, `(e => { const off = e.disabled; e.disabled = false; return off; })(document.querySelector('[value=not_paid]'))`) {
		t.Error("“not paid” can be chosen already")
	}
	resolver.fill("says", "not_paid") // as somebody would who does not take no from a page
	resolver.fill("evidence", "gateway_reply")
	resolver.fill("text", "CASHY support: "+orderNo+" was never received")
	resolver.fill("reason", "They say so in writing")
	resolver.follow("Propose")
	resolver.sees("Not yet:")
	resolver.misses("Nothing moves until a second person")
}

// lose tells the sandbox to forget the next order of an account.
func (b *browser) lose(account string) {
	b.t.Helper()
	b.visit("/gateways")
	b.follow("All scenarios, and the gateway’s side of each order")
	b.press("Answers to an order")
	b.fill("scenario", "lost")
	b.fill("account", ask[string](b, `[...document.querySelectorAll('[name=account] option')].find(e => e.text.includes('`+account+`')).value`))
	b.fill("count", "1")
	b.follow("Set")
	b.sees("The sandbox will do so")
}

// .04: told failed, then paid. Both are the gateway's own word.
func TestAContradictionIsLoudAndClosedByTwo(t *testing.T) {
	t.Parallel()
	maker, approver, resolver, controller, deputy := be(t, maker), be(t, approver), be(t, resolver), be(t, controller), be(t, deputy)
	orderNo := maker.sent(approver, taiwan, "8350.04", "E2E-twice")
	maker.state("Failed: proven")
	maker.state("Contradiction")
	maker.sees("Until proven otherwise the order counts as paid")
	maker.proof(3) // the gateway was asked; its word later on would void a proposal
	controller.visit("/")
	controller.sees("Contradictions")
	controller.visit("/contradictions/" + orderNo)
	controller.sees("What stood", "What came", "Do not pay this again")
	controller.fill("says", "paid")
	controller.fill("evidence", "gateway_reply")
	controller.fill("text", "APAY, Mr Hsu: "+orderNo+" was paid, the failure was reported in error")
	controller.fill("received", "8350.04")
	controller.fill("reason", "They answer for it in writing")
	controller.follow("Propose")
	controller.sees("You proposed")
	resolver.visit("/contradictions/" + orderNo)
	resolver.hasNo("Open the evidence") // a resolver reads it, and two controllers close it
	deputy.visit("/contradictions/" + orderNo)
	deputy.follow("Open the evidence")
	deputy.fill("says", "paid")
	deputy.fill("reason", "The reply names the number")
	deputy.follow("Confirm my verdict")
	deputy.sees("Two people have decided: paid.")
	maker.seesIn("#order-past", "Two controllers have closed the contradiction")
	maker.state("Paid")
	maker.missesIn("#order-head, #order-notices", "Until proven otherwise")
}
