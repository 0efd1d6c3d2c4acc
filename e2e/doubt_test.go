package e2e

import "testing"

// An amount's ending tells the sandbox what to do. However an answer fails to
// come, nobody says that the money did not leave.
func TestAnAnswerThatDoesNotComeIsUnclear(t *testing.T) {
	t.Parallel()
	for _, doubt := range []struct {
		name, amount, badge, says string
		rail                      int
	}{
		{"silent", "7710.02", "Unclear: no answer", "did not answer in 5 seconds", taiwan},
		{"http 502", "7710.03", "Unclear: gateway error", "answered with an error of its own (HTTP 502)", unionpay},
		{"empty", "71.05", "Unclear: empty answer", "answered with nothing", peru},
	} {
		t.Run(doubt.name, func(t *testing.T) {
			t.Parallel()
			maker, approver := be(t, maker), be(t, approver)
			orderNo := maker.sent(approver, doubt.rail, doubt.amount, "E2E-"+doubt.name)
			maker.state(doubt.badge)
			maker.sees(doubt.says, "The money may or may not have left", "Do not create another payout for this payee")
			maker.misses("Failed")
			maker.state("Paid")
			maker.proof(3)
			maker.sees(doubt.says)
			maker.visit("/payouts/" + orderNo)
			maker.sees("1 of 1") // sent once, whatever happened
		})
	}
}

func TestARefusalIsProvenAndReplaced(t *testing.T) {
	t.Parallel()
	maker, approver := be(t, maker), be(t, approver)
	orderNo := maker.sent(approver, taiwan, "515.01", "E2E-refused")
	maker.state("Failed: proven")
	maker.sees("does not pay to this bank", "No money left")
	maker.follow("Create it again")
	maker.sees("This payout replaces one that failed", "the gateway refused it before accepting it")
	maker.fill("amount", "515.11")
	maker.fill("reference", "E2E-replaced")
	maker.follow("Check your answers")
	maker.submit()
	maker.visit("/payouts/" + orderNo)
	maker.sees("Replaced by")
}

func TestAForgedNoticeMovesNothing(t *testing.T) {
	t.Parallel()
	maker, approver, resolver := be(t, maker), be(t, approver), be(t, resolver)
	orderNo := maker.sent(approver, unionpay, "640.06", "E2E-forged")
	maker.sees("did not pass its check: Signature wrong")
	maker.sees("Nothing was changed. It is kept in quarantine")
	resolver.visit("/notices?list=all&check=bad_signature&q=" + orderNo)
	resolver.pick(orderNo[len(orderNo)-6:])
	resolver.sees("Signature wrong", "Nothing was changed", "nothing: in quarantine")
	resolver.fill("reason", "The gateway is asked about its key")
	resolver.follow("Mark as looked at")
	resolver.sees("is marked as looked at")
	resolver.visit("/notices?list=quarantine&q=" + orderNo)
	resolver.pick(orderNo[len(orderNo)-6:])
	resolver.sees("The gateway is asked about its key")
	maker.state("Paid") // by a question, not by the notice
	maker.sees("said on its authenticated call that it was paid")
}

func TestTheGatewayIsAskedByHand(t *testing.T) {
	t.Parallel()
	maker, approver, resolver := be(t, maker), be(t, approver), be(t, resolver)
	orderNo := maker.hand(taiwan, "6120.10", "E2E-slow") // .10: it takes very long
	maker.visit("/payouts/" + orderNo)
	resolver.visit("/payouts/" + orderNo)
	resolver.hasNo("Ask the gateway now")
	approver.sign(orderNo)
	resolver.state("With gateway")
	resolver.visit("/payouts/" + orderNo)
	resolver.look(place{name: "with gateway"})
	resolver.follow("Ask the gateway now")
	resolver.sees("Asked. Being worked on, not final.")
	resolver.state("With gateway")
	resolver.sees("Zhao Li-na", "being worked on")
	resolver.follow("Ask the gateway now")
	resolver.sees("It can be asked again in")
}
