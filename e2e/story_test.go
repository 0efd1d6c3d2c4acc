package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// be opens a window and signs in as somebody of the story with one click.
func be(t *testing.T, name string) *browser {
	t.Helper()
	b := open(t, 1440, 1000)
	b.visit("/sign-in")
	b.enter(name)
	return b
}

// enter presses the person's card on the sign-in page.
func (b *browser) enter(name string) {
	b.t.Helper()
	var found bool
	b.do(chromedp.Evaluate(fmt.Sprintf(`(() => { document.documentElement.dataset.before = '1';
		const card = [...document.querySelectorAll('button.choice')].find(e => e.innerText.includes(%q));
		if (!card) return false; card.click(); return true; })()`, name), &found))
	if !found {
		b.t.Fatalf("nobody is called %q:\n%s", name, b.page())
	}
	b.arrived()
}

// rails are the four ways of paying, with answers that each takes.
var rails = []struct {
	id, account, amount string
	answers             map[string]string
	wire                string // what the exact request shows of the amount
}{
	{"apay.unionpay", "APAY Shanghai", "1234.56", map[string]string{"name": "王建国", "number": "6222021234567899036"}, "123456"},
	{"apay.alipay", "APAY Shanghai", "250.40", map[string]string{"payee_name": "周丽", "alipay_account_name": "zhouli@163.com", "alipay_surname": "周"}, "25040"},
	{"apay.taiwan", "APAY Taipei", "48600.50", map[string]string{"bank_code": "822", "number": "4088748280272397", "name": "陳怡君"}, "4860050"},
	{"cashy.peru", "CASHY Lima", "980.70", map[string]string{"accountName": "Rosa Elena Chuquihuanca", "bankId": "4", "accountType": "1", "accountNo": "0037651234", "idType": "1", "idCard": "12345678", "remark": "Factura 118"}, "980.70"},
}

// draft fills in the form for a rail and goes on to the answers.
func (b *browser) draft(rail int, amount, reference string) {
	b.t.Helper()
	r := rails[rail]
	b.visit("/payouts/new?rail=" + r.id)
	for name, value := range r.answers {
		b.fill("f."+name, value)
	}
	b.fill("amount", amount)
	b.fill("reference", reference)
	b.fill("purpose", "November services")
	b.follow("Check your answers")
}

// submit checks the answers, submits, and gives the order number.
func (b *browser) submit() (orderNo string) {
	b.t.Helper()
	b.sees("You are about to submit")
	b.fill("compared", "on")
	b.follow("Submit for approval")
	b.sees("Submitted")
	b.do(chromedp.Evaluate(`location.pathname.split('/').pop()`, &orderNo))
	return orderNo
}

// pay brings an order from the form to its last signature.
func pay(t *testing.T, maker, approver *browser, rail int, amount, reference string) (orderNo string) {
	t.Helper()
	maker.draft(rail, amount, reference)
	orderNo = maker.submit()
	approver.approve(orderNo)
	return orderNo
}

func (b *browser) approve(orderNo string) {
	b.t.Helper()
	b.visit("/approvals/" + orderNo)
	b.follow("Approve")
	b.sees("Approved")
}

func TestTheStoryOnEveryRail(t *testing.T) {
	for i, r := range rails {
		t.Run(r.id, func(t *testing.T) {
			maker, approver := be(t, "Chen Wei-han"), be(t, "Lin Yu-ting")
			maker.draft(i, r.amount, "E2E-"+r.id)
			maker.sees(r.wire)
			orderNo := maker.submit()
			maker.visit("/approvals/" + orderNo)
			maker.sees("You submitted this payout")
			approver.approve(orderNo)
			// The page moves by itself while it is watched.
			maker.visit("/payouts/" + orderNo)
			maker.sees("Paid")
			maker.sees("Proof 3 of 4")
		})
	}
}

func TestTheFormShowsEveryErrorAtOnceAndLosesNothing(t *testing.T) {
	b := be(t, "Chen Wei-han")
	b.visit("/payouts/new?rail=cashy.peru")
	b.fill("f.accountName", "Rosa Elena Chuquihuanca")
	b.fill("f.accountNo", "123")
	b.fill("amount", "9000.005")
	b.follow("Check your answers")
	b.sees("answers need another look")
	b.sees("Nothing was submitted and no money moved")
	var kept string
	b.do(chromedp.Value(`[name="f.accountName"]`, &kept, chromedp.ByQuery))
	if kept != "Rosa Elena Chuquihuanca" {
		t.Errorf("the name became %q", kept)
	}
}

func TestATimeoutIsUnclearAndTwoPeopleSettleIt(t *testing.T) {
	maker, approver := be(t, "Chen Wei-han"), be(t, "Lin Yu-ting")
	orderNo := pay(t, maker, approver, 2, "7710.02", "E2E-silent") // .02: the gateway never answers
	maker.visit("/payouts/" + orderNo)
	maker.sees("Unclear")
	maker.sees("may or may not have left")
	maker.misses("Failed")
}
