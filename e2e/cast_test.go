package e2e

import (
	"fmt"
	"sync"
	"testing"
)

// The people of the story, by what they are here for.
const (
	maker      = "Chen Wei-han"
	otherMaker = "Julio Ramos"
	approver   = "Lin Yu-ting"
	second     = "Lucía Ortega"
	resolver   = "Zhao Li-na"
	controller = "Tsai Mei-ling"
	deputy     = "Ho Mei-chun"
	auditor    = "Rosa Quispe"
	gatewayMan = "Huang Pei-shan"
	peopleMan  = "Diego Flores"
)

// be opens a window and signs in as somebody of the story with one click.
func be(t *testing.T, name string) *browser {
	t.Helper()
	b := open(t, 1440, 1000)
	b.visit("/sign-in")
	b.pick(name)
	b.misses("Sign in")
	return b
}

// rails are the four ways of paying, with answers that each takes.
var rails = []struct {
	id, name string
	amount   string
	answers  map[string]string
	wire     string // what the exact request carries for the amount
}{
	{"apay.unionpay", "UnionPay, China", "1234.56", map[string]string{"name": "王建军", "number": "6222021234567899036"}, "123456"},
	{"apay.alipay", "Alipay, China", "250.40", map[string]string{"payee_name": "周莉", "alipay_account_name": "zhouli@163.com", "alipay_surname": "周"}, "25040"},
	{"apay.taiwan", "Taiwan bank", "48600.50", map[string]string{"bank_code": "822", "number": "4088748280272397", "name": "陳怡安"}, "4860050"},
	{"cashy.peru", "Peru bank", "980.70", map[string]string{"accountName": "Rosa Elena Chuquihuanca", "bankId": "4", "accountType": "1", "accountNo": "0037651234", "idType": "1", "idCard": "12345678", "remark": "Factura 118"}, "980.70"},
}

// The rails by their place.
const (
	unionpay = iota
	alipay
	taiwan
	peru
)

// answer fills in the form for a rail, and leaves it open.
func (b *browser) answer(rail int, amount, reference string) {
	b.t.Helper()
	b.visit("/payouts/new")
	b.pick(rails[rail].name)
	for name, value := range rails[rail].answers {
		b.fill("f."+name, value)
	}
	b.fill("amount", amount)
	b.fill("reference", reference)
	b.fill("purpose", "November services")
}

// draft fills in the form for a rail and goes on to its answers.
func (b *browser) draft(rail int, amount, reference string) {
	b.t.Helper()
	b.answer(rail, amount, reference)
	b.follow("Check your answers")
	b.sees("You are about to submit")
}

// submit submits what stands on the page for checking, and gives the order number.
func (b *browser) submit() (orderNo string) {
	b.t.Helper()
	b.sees("You are about to submit")
	b.fill("compared", "on")
	b.follow("Submit for approval")
	b.sees("Submitted.")
	return ask[string](b, `location.pathname.split('/').pop()`)
}

// hand brings an order from the form to its approvers.
func (b *browser) hand(rail int, amount, reference string) (orderNo string) {
	b.t.Helper()
	b.draft(rail, amount, reference)
	return b.submit()
}

// sign approves an order that waits for one more signature.
func (b *browser) sign(orderNo string) {
	b.t.Helper()
	b.visit("/approvals/" + orderNo)
	b.follow("Approve")
	b.sees("Approved.")
}

// state waits until the badge above an order says so.
func (b *browser) state(words string) {
	b.t.Helper()
	b.seesIn("#order-head .badge", words)
}

// proof waits until the bars above an order stand so high.
func (b *browser) proof(grade int) {
	b.t.Helper()
	if !b.until(fmt.Sprintf(`document.querySelector('#order-head .proof')?.ariaLabel.startsWith('Proof %d of 4') ?? false`, grade)) {
		b.t.Fatalf("the proof is not %d:\n%s", grade, b.page())
	}
}

// sent opens an order that the maker submits and the approver signs, before the
// last signature: whoever watches must not miss what happens within seconds.
func (b *browser) sent(approver *browser, rail int, amount, reference string) (orderNo string) {
	b.t.Helper()
	orderNo = b.hand(rail, amount, reference)
	b.visit("/payouts/" + orderNo)
	b.state("Needs approval")
	approver.sign(orderNo)
	return orderNo
}

// orders are the numbers that orderOf has found.
var orders sync.Map

// orderOf is the number of the order to this payee that a list leads to.
func (b *browser) orderOf(list, payee string) string {
	b.t.Helper()
	if known, ok := orders.Load(list + payee); ok {
		return known.(string)
	}
	b.visit(list)
	orderNo := ask[string](b, fmt.Sprintf(`[...document.querySelectorAll('main a.who, main a.open')].find(e => e.innerText.includes(%q))?.pathname.split('/')[2] ?? ''`, payee))
	if orderNo == "" {
		b.t.Fatalf("%s has no order to %s:\n%s", list, payee, b.page())
	}
	orders.Store(list+payee, orderNo)
	return orderNo
}
