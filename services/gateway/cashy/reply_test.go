package cashy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

func answer(status int, body string) gateway.Response {
	return gateway.Response{Status: status, Body: []byte(body), Header: http.Header{}, Started: at, Took: time.Second}
}

func fault(kind gateway.Fault, detail string) gateway.Response {
	return gateway.Response{Fault: kind, Detail: detail}
}

func refusal(msg string) string { return `{"code":500,"msg":"` + msg + `","data":null}` }

const accept = `{"msg":"SUCCESS","code":200,"data":{"merchantId":"100001","mchOrderNo":"P123456","orderNo":"PAYOUT8232147367892025344","amount":100,"fee":0,"orderStatus":"PROCESSING"}}`

func accepting(from, to string) gateway.Response {
	return answer(200, strings.Replace(accept, from, to, 1))
}

func signedBy(key, body string) gateway.Response {
	sign, _ := Sign([]byte(body), key)
	reply := answer(200, body)
	reply.Header.Set("Sign", sign)
	return reply
}

func TestI09_WhatTheReplyToACreateProves(t *testing.T) {
	for _, c := range []struct {
		name   string
		reply  gateway.Response
		kind   gateway.ReceiptKind
		reason models.UnclearReason
		alarm  string
	}{
		{"M1 accepted", answer(200, accept), gateway.Accepted, "", ""},
		{"M1 amounts as strings", accepting(`"amount":100,"fee":0`, `"amount":"100.00","fee":"0"`), gateway.Accepted, "", ""},
		{"M1 nulls", accepting(`"amount":100,"fee":0`, `"amount":null,"fee":null`), gateway.Accepted, "", ""},
		{"M1 a merchant as number", accepting(`"100001"`, `100001`), gateway.Accepted, "", ""},
		{"M1 SUCCESS in the reply is no proof", accepting("PROCESSING", "SUCCESS"), gateway.Accepted, "", ""},
		{"M1 FAIL in the reply is no proof either", accepting("PROCESSING", "FAIL"), gateway.Accepted, "", ""},
		{"M33 only the number", answer(200, `{"code":200,"data":{"orderNo":"P1","new":[]}}`), gateway.Accepted, "", ""},
		{"M2 accepted within a 500", answer(500, accept), gateway.Doubt, models.ReasonServerError, ""},
		{"M2 a refusal within a 502", answer(502, refusal("Sign_verify_error")), gateway.Doubt, models.ReasonServerError, ""},
		{"M3 too late", fault(gateway.FaultTimeout, "deadline"), gateway.Doubt, models.ReasonTimeout, ""},
		{"M4 reset", fault(gateway.FaultCut, "reset"), gateway.Doubt, models.ReasonCut, ""},
		{"M6 empty", answer(200, ""), gateway.Doubt, models.ReasonEmpty, ""},
		{"M7 HTML", answer(200, "<html>"), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M8 no code", answer(200, `{"msg":"Sign_verify_error"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 a code of another type", answer(200, strings.Replace(accept, "200", `"200"`, 1)), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 200.0", answer(200, strings.Replace(accept, "200", "200.0", 1)), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 2e2", answer(200, strings.Replace(accept, "200", "2e2", 1)), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 two codes", answer(200, `{"code":500,"msg":"Sign_verify_error","Code":200}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 an unknown message", answer(200, refusal("Nope")), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 no message", answer(200, `{"code":500}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 401 in the body", answer(200, `{"code":401,"msg":"no permission"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 a listed message with code 200", answer(200, `{"code":200,"msg":"Sign_verify_error","data":{"orderNo":"P1"}}`), gateway.Accepted, "", ""},
		{"M9 signature", answer(200, refusal("Sign_verify_error")), gateway.Refused, "", ""},
		{"M9 in a 403", answer(403, refusal("Request_ip_notWhiteList")), gateway.Refused, "", ""},
		{"M9 parameter missing", answer(200, refusal("Params_accountNo_Required")), gateway.Refused, "", ""},
		{"M9 parameter wrong", answer(200, refusal("Params_idCard_error")), gateway.Refused, "", ""},
		{"M9 a parameter we never heard of", answer(200, refusal("Params_foo_error")), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 another letter case", answer(200, refusal("sign_verify_error")), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 a longer message", answer(200, refusal("Sign_verify_error ")), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 a refusal that gives a number", answer(200, `{"code":500,"msg":"Sign_verify_error","data":{"orderNo":"P1"}}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 a refusal of another order", answer(200, `{"code":500,"msg":"Sign_verify_error","data":{"mchOrderNo":"OTHER"}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M11 the number is wrong", answer(200, refusal("Params_mchOrderNo_error")), gateway.Doubt, models.ReasonDuplicate, ""},
		{"M11 the number is missing", answer(200, refusal("Params_mchOrderNo_Required")), gateway.Doubt, models.ReasonDuplicate, ""},
		{"M11 the number repeats", answer(200, refusal("mchOrderNo_repeat")), gateway.Doubt, models.ReasonDuplicate, ""},
		{"M11 the order exists", answer(200, refusal("Order_already_exists")), gateway.Doubt, models.ReasonDuplicate, ""},
		{"System_error", answer(200, refusal("System_error")), gateway.Doubt, models.ReasonServerError, ""},
		{"System_busy", answer(200, refusal("System_busy")), gateway.Doubt, models.ReasonServerError, ""},
		{"System_Maintenance", answer(200, refusal("System_Maintenance")), gateway.Doubt, models.ReasonServerError, ""},
		{"M12 429", answer(429, ""), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"M12 404", answer(404, `{"status":404,"error":"Not Found"}`), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"M13 redirect", answer(307, ""), gateway.Doubt, models.ReasonRedirect, "redirect"},
		{"M14 not sent", fault(gateway.FaultNotSent, "name"), gateway.NotSent, "", ""},
		{"M15 certificate", fault(gateway.FaultNotSent, "certificate"), gateway.NotSent, "", "certificate"},
		{"M17 another order", accepting("P123456", "P999999"), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 another amount", accepting(`"amount":100`, `"amount":1.00`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 cents for units", accepting(`"amount":100`, `"amount":10000`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 an amount that is none", accepting(`"amount":100`, `"amount":"100,00"`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"an object for the merchant", accepting(`"100001"`, `{"id":"100001"}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 another merchant", accepting("100001", "100002"), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M18 a wrong sign", signedBy("another key", accept), gateway.Doubt, models.ReasonUnverified, ""},
		{"M18 a right sign", signedBy(testKey, accept), gateway.Accepted, "", ""},
		{"M18 a refusal with a wrong sign", signedBy("another key", refusal("Sign_verify_error")), gateway.Doubt, models.ReasonUnverified, ""},
		{"accepted without data", answer(200, `{"code":200,"msg":"SUCCESS"}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted without a number", answer(200, `{"code":200,"data":{"mchOrderNo":"P123456"}}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted within a 400", answer(400, accept), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := New().ReadCreate(account(), order(), c.reply)
			if got.Kind != c.kind || got.Reason != c.reason || got.Alarm != c.alarm {
				t.Errorf("kind %d, reason %q, alarm %q", got.Kind, got.Reason, got.Alarm)
			}
			if (got.Kind == gateway.Accepted) != (got.GatewayNo != "") || (got.Kind == gateway.Doubt) != (got.Reason != "") {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestTheCodeOfARefusalIsItsMessage(t *testing.T) {
	for body, want := range map[string]string{
		accept:                              "200",
		refusal("Sign_verify_error"):        "Sign_verify_error",
		refusal("Params_accountNo_error"):   "Params_accountNo_error",
		refusal("account 4088 is not open"): "500",
		`{"code":401}`:                      "401",
	} {
		if got := New().ReadCreate(account(), order(), answer(200, body)); got.Code != want {
			t.Errorf("%s: %q", body, got.Code)
		}
	}
}

// state is the data of a query or a notice about our order.
func state(status, more string) string {
	return fmt.Sprintf(`{"merchantId":"100001","mchOrderNo":"P123456","orderNo":"PAYOUT1","amount":100.0,"fee":null,"orderStatus":"%s"%s}`, status, more)
}

func TestI09_WhatAQueryProves(t *testing.T) {
	data := func(text string) gateway.Response { return answer(200, `{"msg":"SUCCESS","code":200,"data":`+text+`}`) }
	for _, c := range []struct {
		name    string
		reply   gateway.Response
		outcome gateway.Outcome
		problem gateway.Problem
		trusted bool
		alarm   string
	}{
		{"M36 paid", data(state("SUCCESS", "")), gateway.Paid, "", true, ""},
		{"M36 failed", data(state("FAIL", "")), gateway.Failed, "", true, ""},
		{"M36 cancelled", data(state("CANCEL", "")), gateway.Failed, "", true, ""},
		{"M36 paid, amounts as strings", data(strings.Replace(state("SUCCESS", ""), "100.0", `"100.00"`, 1)), gateway.Paid, "", true, ""},
		{"M36 paid, 1.0E2", data(strings.Replace(state("SUCCESS", ""), "100.0", "1.0E2", 1)), gateway.Paid, "", true, ""},
		{"M34 SUCCESS beside PAYING", data(state("PAYING", `,"resultDesc":"SUCCESS"`)), gateway.Working, "", true, ""},
		{"M34 PROCESSING", data(state("PROCESSING", "")), gateway.Working, "", true, ""},
		{"M34 WAITING", data(state("WAITING", "")), gateway.Working, "", true, ""},
		{"M34 an unknown word", data(state("DONE", "")), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M34 another letter case", data(state("success", "")), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M34 no word", data(state("", `,"resultDesc":"SUCCESS"`)), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M24 taken back", data(state("SUCCESS", `,"resultDesc":"PAYMENT_OFFSET"`)), gateway.Reversed, "", true, ""},
		{"M24 taken back, told as FAIL", data(state("FAIL", `,"resultDesc":"PAYMENT_OFFSET"`)), gateway.Reversed, "", true, ""},
		{"PAYMENT_OFFSET makes nothing final", data(state("PAYING", `,"resultDesc":"PAYMENT_OFFSET"`)), gateway.Working, "", true, ""},
		{"a reason explains and decides nothing", data(state("SUCCESS", `,"resultDesc":"ACCOUNT_NOT_EXIST"`)), gateway.Paid, "", true, ""},
		{"M35 another code", answer(200, refusal("Something_else")), gateway.Unknown, "unmapped_code", false, "unmapped_code"},
		{"M35 a refusal of a create says nothing here", answer(200, refusal("Sign_verify_error")), gateway.Unknown, "unmapped_code", false, "unmapped_code"},
		{"M35 busy", answer(200, refusal("System_busy")), gateway.Unknown, "busy", false, ""},
		{"M35 not found", answer(200, refusal("Order_not_exist")), gateway.NotFound, "", false, ""},
		{"M35 null", data("null"), gateway.Unknown, "unreadable", false, ""},
		{"M35 a list", data("[" + state("FAIL", "") + "]"), gateway.Unknown, "unreadable", false, ""},
		{"M35 another order", data(strings.Replace(state("FAIL", ""), "P123456", "P9", 1)), gateway.Unknown, "other_order", true, "other_order"},
		{"M35 nobody's order", data(`{"orderStatus":"FAIL","orderNo":"PAYOUT1","amount":100}`), gateway.Unknown, "other_order", false, "other_order"},
		{"M35 another number of theirs", data(strings.Replace(state("FAIL", ""), "PAYOUT1", "PAYOUT2", 1)), gateway.Unknown, "other_order", true, "other_order"},
		{"M35 another merchant", data(strings.Replace(state("FAIL", ""), "100001", "9", 1)), gateway.Unknown, "other_order", true, "other_order"},
		{"a list for the merchant", data(strings.Replace(state("FAIL", ""), `"100001"`, `["100002"]`, 1)), gateway.Unknown, "other_order", true, "other_order"},
		{"M35 500", answer(500, `{"code":200,"data":`+state("FAIL", "")+`}`), gateway.Unknown, "http_500", false, ""},
		{"M35 in a 400", answer(400, `{"code":200,"data":`+state("FAIL", "")+`}`), gateway.Unknown, "unmapped_code", false, "unmapped_code"},
		{"M35 no answer", fault(gateway.FaultTimeout, "deadline"), gateway.Unknown, "timeout", false, ""},
		{"M29 another amount", data(strings.Replace(state("SUCCESS", ""), "100.0", "10.0", 1)), gateway.Paid, "amount", true, ""},
		{"M29 a third decimal", data(strings.Replace(state("SUCCESS", ""), "100.0", "100.001", 1)), gateway.Paid, "amount", true, ""},
		{"M29 another currency", data(state("SUCCESS", `,"currency":"USD"`)), gateway.Paid, "amount", true, ""},
		{"a wrong sign", signedBy("another key", `{"code":200,"data":`+state("SUCCESS", "")+`}`), gateway.Unknown, "bad_signature", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := order()
			o.GatewayNo = "PAYOUT1"
			got := New().ReadQuery(account(), o, c.reply)
			if got.Outcome != c.outcome || got.Problem != c.problem || got.Authentic != c.trusted || got.Alarm != c.alarm {
				t.Errorf("outcome %d, problem %q, authentic %v, alarm %q", got.Outcome, got.Problem, got.Authentic, got.Alarm)
			}
		})
	}
}

func TestBalance(t *testing.T) {
	money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "PEN"} }
	got, err := New().ReadBalance(account(), answer(200, `{"code":200,"data":{"mchId":"100001","balance":1.5E9,"unBalance":"12.50"}}`))
	if want := (gateway.Balance{Total: money(150000001250), Frozen: money(1250), At: at.Add(time.Second)}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for name, reply := range map[string]gateway.Response{
		"another merchant": answer(200, `{"code":200,"data":{"mchId":"9","balance":1,"unBalance":0}}`),
		"half":             answer(200, `{"code":200,"data":{"balance":1}}`),
		"three decimals":   answer(200, `{"code":200,"data":{"balance":1.001,"unBalance":0}}`),
		"refused":          answer(200, refusal("Sign_verify_error")),
		"502":              answer(502, ""),
		"not sent":         fault(gateway.FaultNotSent, "refused"),
	} {
		if got, err := New().ReadBalance(account(), reply); err == nil || got != (gateway.Balance{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTheBankList(t *testing.T) {
	got, err := ReadBankList(answer(200, `{"code":200,"data":[{"bankId":1,"bankCode":"BBVA","bankName":"BBVA\n"},{"bankId":"13","bankCode":"N","bankName":"Banco de la Nacion"}]}`))
	if err != nil || len(got) != 2 || got[0] != (Bank{1, "BBVA", "BBVA"}) || got[1].ID != 13 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, body := range []string{refusal("x"), `{"code":200,"data":[{"bankId":"a"}]}`, `{"code":200,"data":[1]}`, `{"code":200,"data":{}}`} {
		if got, err := ReadBankList(answer(200, body)); err == nil {
			t.Errorf("%s: %+v", body, got)
		}
	}
}
