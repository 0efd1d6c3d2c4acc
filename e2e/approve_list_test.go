package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tabTo presses Tab until the focus stands on what fits, as somebody without a mouse does.
func (b *browser) tabTo(fits string) {
	b.t.Helper()
	for range 200 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](b, fmt.Sprintf(`document.activeElement.matches(%q)`, fits)) {
			return
		}
	}
	b.t.Fatalf("Tab never comes to %s on\n%s", fits, b.page())
}

// strike presses a key that leads to another page.
func (b *browser) strike(key string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(`document.documentElement.dataset.before = '1'`, nil), chromedp.KeyEvent(key))
	b.arrived()
}

// On a phone's width and with the keyboard alone: what carries no flag is ticked, read,
// added up and approved by one signature.
func TestE11_QuietPayoutsAreApprovedAtOnce(t *testing.T) {
	t.Parallel()
	b := be(t, approver)
	b.size(390, 844)
	b.visit("/approvals")
	b.sees("Payouts without a flag can be approved together")
	if !ask[bool](b, `document.querySelector('input[name=no][aria-label*="張雅婷"]').disabled`) {
		t.Error("what carries a flag can be chosen")
	}
	for _, payee := range []string{"吳佩珊", "刘洋"} {
		b.tabTo(`input[name=no][aria-label*="` + payee + `"]`)
		b.do(chromedp.KeyEvent(" "))
	}
	b.tabTo(`main form[action="/approvals/list"] button`)
	b.strike(kb.Enter)
	b.sees("Approve 2 payouts", "吳佩珊", "刘洋", "1 payout comes to 21,300.00 TWD", "1 payout comes to 4,180.00 CNY")
	b.misses("蔡宜蓁")
	b.tabTo(`input[name="sum.CNY"]`)
	b.do(chromedp.KeyEvent("4180"))
	b.tabTo(`input[name="sum.TWD"]`)
	b.do(chromedp.KeyEvent("2130"))
	b.tabTo(`main form[action="/approvals/list"] button`)
	b.strike(kb.Enter)
	b.sees("is not the sum of these payouts in TWD")
	b.fill("sum.TWD", "21300")
	b.follow("Approve all 2")
	b.sees("Approved by one signature: 2 orders")
	b.missesIn("main ul", "吳佩珊")
}
