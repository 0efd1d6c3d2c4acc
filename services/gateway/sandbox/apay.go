package sandbox

import (
	"net/http"
	"strconv"
	"time"

	"countersign/services/gateway"
)

// apay is family A, "gateway v2" (gateways.md 1).
type apay struct{}

// Codes of family apay. Those marked as ours are not in any document we know.
const (
	codeOK        = "0000"
	codeMalformed = "0001" // ours: no JSON object
	codeField     = "0002" // ours: a field is missing or cannot be so
	codeChannel   = "0003" // ours: no such service for this merchant
	codeSign      = "0004"
	codeToken     = "0006"
	codeBank      = "0012"
	codePoor      = "0018"
	codeDuplicate = "0019" // ours: the order number was used
	codeNoOrder   = "0050"
)

// apayWords are the messages; their language varies, as it does there.
var apayWords = map[string]string{
	codeMalformed: "Invalid JSON",
	codeField:     "Invalid parameter",
	codeChannel:   "Service not available",
	codeSign:      "Signature verification failed!",
	codeToken:     "Authorization failed",
	codeBank:      "不支持该银行",
	codePoor:      "商户余额不足",
	codeDuplicate: "Merchant order number already exists",
	codeNoOrder:   "Order not found",
}

func (apay) names() names              { return names{number: "payout_cl_id", merchant: "platform_id"} }
func (apay) contentType() string       { return jsonType }
func (apay) amount(cents int64) string { return strconv.FormatInt(cents, 10) }
func (apay) cents(literal string) int64 {
	cents, _ := strconv.ParseInt(literal, 10, 64)
	return cents
}

func (apay) duplicate() string { return codeDuplicate }
func (apay) poor() string      { return codePoor }

func (apay) refusal(code string) []byte {
	return []byte(fields{}.text("error_code", code).text("error_msg", apayWords[code]).json())
}

func (apay) envelope(data fields) []byte {
	return []byte(fields{}.text("error_code", codeOK).raw("data", data.json()).json())
}

func (apay) accepted(r *record) fields { return fields{}.text("payout_id", r.GatewayNo) }

// apayStatus are the status codes. A reversal has none: all that the platform
// could say is that the order is cancelled after all (1.7).
var apayStatus = map[Word]string{
	Waiting: "1", Paying: "2", Trap: "2", Paid: "3", Cancelled: "4", Reversed: "4", Failed: "5", Undefined: "9",
}

var apayReason = map[Word]string{
	Failed: "收款账户异常", Cancelled: "Rejected by bank", Reversed: "Returned by receiving bank",
}

func (p apay) notice(r *record, word Word) fields {
	f := fields{}.
		text("payout_id", r.GatewayNo).
		text("payout_cl_id", r.Number).
		text("platform_id", r.MerchantID).
		raw("amount", p.amount(r.cents-r.short))
	if word == Paid {
		f = f.raw("real_amount", p.amount(r.cents-r.short))
	}
	return f.
		raw("fee", p.amount(r.m.fee())).
		raw("status", apayStatus[word]).
		text("error_msg", r.why(word, apayReason)).
		number("create_time", r.Created.Unix()).
		number("update_time", r.Updated.Unix())
}

// stamp changes nothing: each try repeats the same bytes.
func (apay) stamp(f fields, _ time.Time) fields { return f }

func (apay) seal(l *letter) {
	if l.algorithm == HMAC {
		l.fields = l.fields.put("sign_type", HMAC)
	}
	l.fields = l.signedFields()
	l.body = l.spelled(l.fields.json())
}

// signedFields are the fields with their signature among them, if it has one.
func (l *letter) signedFields() fields {
	if sign := l.signed(signApay(canonical(l.fields), l.algorithm, l.key)); sign != "" {
		return l.fields.put("sign", sign)
	}
	return l.fields
}

// content wants the documented answer and nothing else.
func (apay) content(body []byte) bool {
	object, err := gateway.ReadObject(body)
	if err != nil || len(object.Members()) != 1 {
		return false
	}
	code, ok := object.Get("error_code").Text()
	return ok && code == codeOK
}

// apayCreate handles POST /gateway/api/v2/payouts.
func (s *Sandbox) apayCreate(w http.ResponseWriter, r *http.Request) {
	e, body, ok := s.open(Apay, w, r)
	if !ok {
		return
	}
	object, err := gateway.ReadObject(body)
	if err != nil {
		e.refuse(codeMalformed)
		return
	}
	e.m = s.customer(Apay, object.Get("platform_id").Scalar())
	e.arrived(object.Get("platform_id").Scalar(), object.Get("payout_cl_id").Scalar(), body)
	if code := checkApay(e.m, object); code != "" {
		e.refuse(code)
		return
	}
	e.create(want{
		cents: apay{}.cents(object.Get("amount").Scalar()), algorithm: algorithmOf(object),
		notifyURL: object.Get("notify_url").Scalar(),
	})
}

// algorithmOf is how a create call is signed.
func algorithmOf(object *gateway.Object) string {
	if named := object.Get("sign_type").Scalar(); named != "" {
		return named
	}
	return MD5
}

// bearer finds the merchant whose token came with a GET call.
func (s *Sandbox) bearer(r *http.Request) *merchant {
	token := r.Header.Get("Authorization")
	for _, m := range s.merchants {
		if m.Family == Apay && token != "" && same(m.Authorization, token) {
			return m
		}
	}
	return nil
}

// apayBalance handles GET /gateway/api/v2/platforms/balance.
func (s *Sandbox) apayBalance(w http.ResponseWriter, r *http.Request) {
	e := &exchange{s: s, w: w, r: r, family: Apay, m: s.bearer(r)}
	if e.m == nil {
		e.refuse(codeToken)
		return
	}
	s.mu.Lock()
	data := fields{}.text("platform_id", e.m.MerchantID).
		number("total_balance", e.m.cents).number("total_frozen_balance", e.m.frozen)
	s.mu.Unlock()
	e.body = apay{}.envelope(data)
	e.answer(nil)
}
