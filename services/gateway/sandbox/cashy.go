package sandbox

import (
	"strconv"
	"strings"
	"time"
)

// cashy is family B, "payOut" (gateways.md 2).
type cashy struct{}

// Messages of family cashy that no document names: they are ours.
const (
	msgDuplicate = "Order_already_exists"
	msgNoOrder   = "Order_not_exist"
	msgPoor      = "Merchant_balance_not_enough"
	msgSign      = "Sign_verify_error"
)

func (cashy) names() names        { return names{number: "mchOrderNo", merchant: "merchantId"} }
func (cashy) contentType() string { return "application/json" }
func (cashy) duplicate() string   { return msgDuplicate }
func (cashy) poor() string        { return msgPoor }

// amount is written as Java writes a double: 100.0, 1850.5, 12.34.
func (cashy) amount(cents int64) string {
	text := strconv.FormatInt(cents/100, 10) + "." + strconv.FormatInt(100+cents%100, 10)[1:]
	return strings.TrimSuffix(text, "0")
}

func (cashy) cents(literal string) int64 {
	whole, fraction, _ := strings.Cut(literal, ".")
	cents, _ := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	return cents
}

func (cashy) refusal(msg string) []byte {
	return []byte(fields{}.text("msg", msg).raw("code", "500").json())
}

func (cashy) envelope(data fields) []byte { return cashyAnswer(data.json()) }

func cashyAnswer(data string) []byte {
	return []byte(fields{}.text("msg", "SUCCESS").raw("code", "200").raw("data", data).json())
}

func (p cashy) accepted(r *record) fields {
	return fields{}.
		text("merchantId", r.MerchantID).text("mchOrderNo", r.Number).text("orderNo", r.GatewayNo).
		raw("amount", p.amount(r.cents)).raw("fee", "0").text("orderStatus", "PROCESSING")
}

// cashyStatus are the words of the protocol. A reversal is a failure whose
// explanation says so.
var cashyStatus = map[Word]string{
	Waiting: "PROCESSING", Paying: "PAYING", Trap: "PAYING", Paid: "SUCCESS",
	Failed: "FAIL", Cancelled: "CANCEL", Reversed: "FAIL", Undefined: "FROZEN",
}

// cashyReason explains a status. SUCCESS beside PAYING is how the document has
// it: the explanation never makes a state (2.4).
var cashyReason = map[Word]string{
	Paying: "SUCCESS", Trap: "SUCCESS", Paid: "SUCCESS", Failed: "ACCOUNT_NOT_EXIST",
	Cancelled: "BANK_REFUSE", Reversed: "PAYMENT_OFFSET", Undefined: "PAYMENT_SUSPECT_SURVEY",
}

// completed is the time of payment in the merchant's country, without its zone.
func (r *record) completed(word Word) string {
	if word != Paid {
		return ""
	}
	return r.Updated.In(r.m.Zone).Format(time.DateTime)
}

func (p cashy) notice(r *record, word Word) fields {
	f := fields{}.
		raw("amount", p.amount(r.cents-r.short)).
		text("mchOrderNo", r.Number).text("merchantId", r.MerchantID).text("orderNo", r.GatewayNo).
		text("orderStatus", cashyStatus[word]).text("payType", "BANK").text("resultDesc", r.why(word, cashyReason))
	if word == Paid {
		f = f.raw("fee", p.amount(r.m.fee())).text("completionTime", r.completed(word))
	}
	return f
}

// stamp gives each try a nonce of its own, so no two are the same bytes.
func (cashy) stamp(f fields, now time.Time) fields {
	return f.put("nonceStr", strconv.FormatInt(now.UnixMilli(), 10))
}

func (cashy) seal(l *letter) {
	l.body = l.spelled(l.fields.sorted().json())
	l.header.Set("MerchantId", l.fields.value("merchantId"))
	if sign := l.signed(signCashy(l.body, l.key)); sign != "" {
		l.header.Set("Sign", sign)
	}
}

// content wants the word in plain text, to the letter.
func (cashy) content(body []byte) bool { return string(body) == "SUCCESS" }
