package e2e

import (
	"strings"
	"testing"
)

// These stop everybody, so they run before the others.

func TestSendingIsStoppedAndStartedAgain(t *testing.T) {
	maker, approver, controller, deputy := be(t, maker), be(t, approver), be(t, controller), be(t, deputy)
	orderNo := maker.hand(taiwan, "333.15", "E2E-stopped")
	approver.visit("/gateways")
	approver.follow("Stop all sending")
	approver.fill("reason", "A letter from the bank")
	approver.follow("Stop all sending")
	approver.sees("Nothing is being sent", "A letter from the bank")
	t.Cleanup(func() { controller.letSendingGoOn(deputy) })
	approver.hasNo("Let sending go on")
	approver.sign(orderNo)
	maker.visit("/payouts/" + orderNo)
	maker.state("Ready")
	maker.sees("Signed by all who must, and not sent: all sending is stopped.")
	maker.look(place{name: "stopped"})
	controller.askToLetSendingGoOn()
	maker.visit("/gateways")
	maker.sees("to let sending go on; another controller confirms.")
	maker.look(place{name: "asked to go on"})
	maker.visit("/payouts/" + orderNo)
	maker.sees("all sending is stopped")
	deputy.confirmChange("All sending goes on")
	if !maker.until(`!/Nothing is being sent|all sending is stopped/.test(document.body.innerText)`) {
		t.Errorf("the page that stayed open did not hear of it:\n%s", maker.page())
	}
}

// letSendingGoOn starts sending again, if it is stopped: it takes two.
func (b *browser) letSendingGoOn(other *browser) {
	b.t.Helper()
	b.visit("/gateways")
	if strings.Contains(b.page(), "Let sending go on") {
		b.askToLetSendingGoOn()
	}
	if strings.Contains(b.page(), "Nothing is being sent") {
		other.confirmChange("All sending goes on")
	}
}

func (b *browser) askToLetSendingGoOn() {
	b.t.Helper()
	b.visit("/gateways")
	b.follow("Let sending go on")
	b.look(place{name: "start again"})
	b.fill("reason", "The letter was about another account")
	b.follow("Ask another controller")
	b.sees("Nothing was proposed.")
	b.look(place{name: "sign to start again"})
	b.follow("Sign and propose")
	b.sees("Sending goes on once another controller confirms.")
}

// confirmChange lets a second person confirm what waits for them.
func (b *browser) confirmChange(title string) {
	b.t.Helper()
	b.visit("/changes")
	b.pick(title)
	b.look(place{name: "confirm that sending goes on"})
	b.follow("Confirm")
	b.sees("Confirmed")
}

func TestAnAccountIsPausedAndReopened(t *testing.T) {
	boss, controller, deputy, maker := be(t, gatewayMan), be(t, controller), be(t, deputy), be(t, otherMaker)
	boss.visit("/gateways")
	boss.follow("Pause")
	boss.fill("reason", "Their certificate ends tonight")
	boss.follow(ask[string](boss, `document.querySelector('main button[type=submit]').innerText.trim()`))
	boss.sees("is paused. Nothing leaves through it.")
	boss.look(place{name: "paused"})
	maker.visit("/payouts/new?rail=cashy.peru")
	maker.look(place{name: "new payout while an account is paused"})
	controller.visit("/gateways")
	controller.follow("Reopen")
	controller.look(place{name: "reopening"})
	controller.fill("reason", "It is renewed")
	controller.follow("Ask another controller")
	controller.follow("Sign and propose")
	controller.sees("sends again once another controller confirms.")
	deputy.confirmChange("Sending through")
}
