package e2e

import (
	"strings"
	"testing"
)

// These stop everybody, so they run before the others.

func TestSendingIsStoppedAndStartedAgain(t *testing.T) {
	maker, approver, controller := be(t, maker), be(t, approver), be(t, controller)
	orderNo := maker.hand(taiwan, "333.15", "E2E-stopped")
	approver.visit("/gateways")
	approver.follow("Stop all sending")
	approver.fill("reason", "A letter from the bank")
	approver.follow("Stop all sending")
	approver.sees("Nothing is being sent", "A letter from the bank")
	t.Cleanup(controller.letSendingGoOn)
	approver.hasNo("Let sending go on")
	approver.sign(orderNo)
	maker.visit("/payouts/" + orderNo)
	maker.state("Ready")
	maker.sees("Signed by all who must, and not sent: all sending is stopped.")
	maker.look(place{name: "stopped"})
	controller.letSendingGoOn()
	if !maker.until(`!/Nothing is being sent|all sending is stopped/.test(document.body.innerText)`) {
		t.Errorf("the page that stayed open did not hear of it:\n%s", maker.page())
	}
}

// letSendingGoOn starts sending again, if it is stopped.
func (b *browser) letSendingGoOn() {
	b.t.Helper()
	b.visit("/gateways")
	if !strings.Contains(b.page(), "Let sending go on") {
		return
	}
	b.follow("Let sending go on")
	b.look(place{name: "start again"})
	b.fill("reason", "The letter was about another account")
	b.follow("Let sending go on")
	b.sees("Sending goes on.")
}

func TestAnAccountIsPausedAndReopened(t *testing.T) {
	boss, controller, maker := be(t, gatewayMan), be(t, controller), be(t, otherMaker)
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
	controller.follow(ask[string](controller, `document.querySelector('main button[type=submit]').innerText.trim()`))
	controller.sees("sends again.")
}
