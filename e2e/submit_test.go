package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheStoryOnEveryRail(t *testing.T) {
	t.Parallel()
	for i, r := range rails {
		t.Run(r.id, func(t *testing.T) {
			t.Parallel()
			maker, approver := be(t, maker), be(t, approver)
			maker.draft(i, r.amount, "E2E-"+r.id)
			if wire := maker.unfold("What will be sent"); !strings.Contains(wire, r.wire) {
				t.Errorf("the request does not carry %s:\n%s", r.wire, wire)
			}
			orderNo := maker.submit()
			maker.visit("/approvals/" + orderNo)
			maker.sees("You submitted this payout")
			maker.hasNo("Approve")
			maker.visit("/payouts/" + orderNo)
			approver.sign(orderNo)
			// From here on the page moves by itself.
			maker.state("With gateway")
			maker.misses("was paid")
			maker.state("Paid")
			maker.proof(3)
			maker.sees("Notice from", "it confirms this on its authenticated call")
		})
	}
}

func TestTheFormShowsEveryErrorAtOnceAndLosesNothing(t *testing.T) {
	t.Parallel()
	b := be(t, maker)
	b.visit("/payouts/new?rail=cashy.peru")
	b.fill("f.accountName", "Rosa Elena Chuquihuanca")
	b.fill("f.accountNo", "123")
	b.fill("amount", "9000.005")
	b.follow("Check your answers")
	b.sees("answers need another look", "Nothing was submitted and no money moved")
	b.sees("The reference is missing", "The amount has more decimal places than PEN has")
	if kept := ask[string](b, `document.querySelector('[name="f.accountName"]').value`); kept != "Rosa Elena Chuquihuanca" {
		t.Errorf("the name became %q", kept)
	}
}

func TestASecondPaymentOfTheSameNeedsAReason(t *testing.T) {
	t.Parallel()
	maker, approver := be(t, maker), be(t, approver)
	maker.hand(taiwan, "612.30", "E2E-first")
	maker.answer(taiwan, "612.30", "E2E-second")
	maker.follow("Check your answers")
	maker.sees("Much like another payout", "it would be paid twice")
	maker.fill("twin_reason", "The second half of the month")
	maker.follow("Check your answers")
	orderNo := maker.submit()
	approver.visit("/approvals/" + orderNo)
	approver.sees("Much like another", "The second half of the month")
}

func TestWhatIsUnclearIsNotPaidAgain(t *testing.T) {
	t.Parallel()
	b := be(t, maker)
	b.visit("/payouts/new?rail=apay.taiwan")
	known := ask[string](b, `[...document.querySelectorAll('#payee option')].find(e => e.text.includes('永新包裝材料')).value`)
	b.fill("payee", known)
	b.follow("Fill in")
	b.fill("amount", "38900")
	b.fill("reference", "E2E-again")
	b.follow("Check your answers")
	b.sees("Much like a payout that is still unclear", "Settle that one first")
	b.misses("You are about to submit")
}

func TestPapersComeBackAsTheyWereAndAccountsStayMasked(t *testing.T) {
	t.Parallel()
	invoice := filepath.Join(t.TempDir(), "Invoice 118.txt")
	if err := os.WriteFile(invoice, []byte("Invoice 118, 77.10 TWD\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := be(t, maker)
	b.answer(taiwan, "77.10", "E2E-papers")
	b.upload("files", invoice)
	b.follow("Check your answers")
	b.sees("Invoice 118.txt")
	orderNo := b.submit()
	if got := b.download("Invoice 118.txt"); got != "Invoice 118, 77.10 TWD\n" {
		t.Errorf("the paper came back as %q", got)
	}
	b.sees("····2397")
	b.misses("4088748280272397")
	b.follow("Reveal")
	b.sees("4088748280272397", "That you looked is on record")
	b.follow("Hide it now")
	b.misses("4088748280272397")
	b.sees("looked at the whole account number")
	if !strings.HasSuffix(b.path(), orderNo) {
		t.Errorf("hiding the number leads to %s", b.path())
	}
}
