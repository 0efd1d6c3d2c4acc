package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

func TestNothingIsLeftBehindAfterSigningOut(t *testing.T) {
	t.Parallel()
	b := be(t, maker)
	b.visit("/payouts")
	b.sees("APAY Taipei")
	b.follow("Sign out")
	b.sees("You are signed out.")
	b.do(chromedp.NavigateBack())
	b.sees("Sign in")
	b.misses("APAY Taipei")
	b.visit("/payouts")
	b.sees("Sign in")
}

func TestTheListComesAsAFile(t *testing.T) {
	t.Parallel()
	b := be(t, auditor)
	b.visit("/payouts?currency=PEN&when=30d")
	b.sees("PEN")
	file := b.download("Export")
	if !strings.Contains(file, ",PEN,") || strings.Contains(file, ",TWD,") || strings.Count(file, "\n") < 20 {
		t.Errorf("the file is not the filtered list:\n%.600s", file)
	}
	if strings.Contains(file, "0037651234") {
		t.Error("the file holds whole account numbers")
	}
}

func TestTheKeysOfTheList(t *testing.T) {
	t.Parallel()
	b := be(t, maker)
	orderNo := b.orderOf("/payouts?tab=unclear", "陳怡君")
	b.visit("/")
	b.key("/")
	b.arrived()
	b.visit("/payouts")
	b.key("/")
	if !b.until(`document.activeElement.type === 'search'`) {
		t.Fatal("/ does not lead to the search")
	}
	b.do(input.InsertText(orderNo))
	b.key("Enter")
	b.arrived()
	if b.path() != "/payouts/"+orderNo {
		t.Errorf("the whole number leads to %s", b.path())
	}
	b.visit("/payouts")
	b.key("j", "j", "k")
	first := ask[string](b, `document.querySelector('tbody .who').pathname`)
	if at := ask[string](b, `document.activeElement.pathname ?? ''`); at != first {
		t.Errorf("j, j, k stands on %q, not on %s", at, first)
	}
	b.key("Enter")
	b.arrived()
	if b.path() != first {
		t.Errorf("Enter leads to %s", b.path())
	}
	b.key("?")
	b.sees("Row before")
}

// withoutScript is somebody whose browser runs none of ours.
func withoutScript(t *testing.T, name string, width int64) *browser {
	t.Helper()
	b := open(t, width, 900)
	b.do(emulation.SetScriptExecutionDisabled(true))
	b.visit("/sign-in")
	b.pick(name)
	return b
}

func TestWithoutScript(t *testing.T) {
	t.Parallel()
	maker, approver := withoutScript(t, maker, 1440), withoutScript(t, approver, 390)
	orderNo := maker.hand(taiwan, "730.35", "E2E-plain")
	approver.visit("/approvals/" + orderNo)
	approver.follow("Approve")
	approver.sees("You are about to approve")
	approver.follow("Approve")
	approver.sees("Approved.")
	maker.reload("/payouts/"+orderNo, "said on its authenticated call that it was paid")
	maker.proof(3)
	maker.follow("Add a note or file")
	maker.fill("text", "Paid in full")
	maker.follow("Add it")
	maker.sees("Added to the timeline", "Paid in full")
	maker.follow("Notes 1")
	maker.sees("Paid in full")
	maker.misses("took the order under its number")
	maker.follow("Queries " + ask[string](maker, `[...document.querySelectorAll('#order-past nav a')].find(e => e.innerText.startsWith('Queries')).querySelector('span').innerText`))
	if raw := maker.unfold("Raw answer"); !strings.Contains(raw, `"sign": "····`) {
		t.Errorf("the raw answer shows its signature:\n%s", raw)
	}
}
