package apay

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

// sealed puts a right signature on a body that has none.
func sealed(t testing.TB, algorithm, body string) string {
	t.Helper()
	read := object(t, body)
	sign, err := Sign(Canonical(read), testKey, algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return string(read.Add("sign", sign).Encode())
}

const accept = `{"error_code":"0000","data":{"payout_id":"POT00000001"}}`

func TestI09_WhatTheReplyToACreateProves(t *testing.T) {
	zipped := answer(200, accept)
	zipped.Header.Set("Content-Encoding", "gzip")
	for _, c := range []struct {
		name   string
		reply  gateway.Response
		kind   gateway.ReceiptKind
		reason models.UnclearReason
		alarm  string
	}{
		{"M1 accepted", answer(200, accept), gateway.Accepted, "", ""},
		{"M1 accepted with 201", answer(201, accept), gateway.Accepted, "", ""},
		{"M33 accepted with new fields", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","new":[1]},"trace":"x"}`), gateway.Accepted, "", ""},
		{"accepted, naming our order", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","payout_cl_id":"DEVPOT00143538","amount":50000,"platform_id":"PF0002"}}`), gateway.Accepted, "", ""},
		{"M2 accepted within a 500", answer(500, accept), gateway.Doubt, models.ReasonServerError, ""},
		{"M2 502", answer(502, "<html>Bad Gateway</html>"), gateway.Doubt, models.ReasonServerError, ""},
		{"M2 a refusal within a 503", answer(503, `{"error_code":"0004"}`), gateway.Doubt, models.ReasonServerError, ""},
		{"M2 504", answer(504, ""), gateway.Doubt, models.ReasonServerError, ""},
		{"M3 too late", fault(gateway.FaultTimeout, "deadline"), gateway.Doubt, models.ReasonTimeout, ""},
		{"M4 reset", fault(gateway.FaultCut, "reset"), gateway.Doubt, models.ReasonCut, ""},
		{"M5 cut, with what would have been a refusal", gateway.Response{Fault: gateway.FaultCut, Status: 200, Body: []byte(`{"error_code":"0004"}`)}, gateway.Doubt, models.ReasonCut, ""},
		{"M6 empty", answer(200, ""), gateway.Doubt, models.ReasonEmpty, ""},
		{"M6 blanks", answer(200, " \r\n"), gateway.Doubt, models.ReasonEmpty, ""},
		{"M6 204", answer(204, ""), gateway.Doubt, models.ReasonEmpty, ""},
		{"M7 HTML", answer(200, "<html>maintenance</html>"), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 broken JSON", answer(200, `{"error_code":"0004"`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 wrong charset", answer(200, "{\"error_code\":\"0004\",\"error_msg\":\"\xd1\xe9\"}"), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 compressed", zipped, gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 too large", fault(gateway.FaultTooLarge, "too_large"), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 no HTTP", fault(gateway.FaultUncertain, "malformed"), gateway.Doubt, models.ReasonUnreadable, ""},
		{"M7 trailing data", answer(200, `{"error_code":"0004"}{"error_code":"0000"}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"we stopped waiting", fault(gateway.FaultUncertain, "stopped"), gateway.Doubt, models.ReasonCut, ""},
		{"a fault that nobody named", fault("other", ""), gateway.Doubt, models.ReasonCut, ""},
		{"M8 no code", answer(200, `{"data":{"payout_id":"POT1"}}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 a code of another type", answer(200, `{"error_code":4}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 null", answer(200, `{"error_code":null}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 an empty code", answer(200, `{"error_code":""}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 two codes", answer(200, `{"error_code":"0000","error_code":"0004"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 two codes by letter case", answer(200, `{"error_code":"0004","Error_Code":"0000"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 the code in another letter case", answer(200, `{"Error_Code":"0004"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 an unknown code", answer(200, `{"error_code":"0099","error_msg":"failed"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 4 is not 0004", answer(200, `{"error_code":"4"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 0006 is for questions only", answer(200, `{"error_code":"0006"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M8 0050 is for questions only", answer(200, `{"error_code":"0050"}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 0004", answer(200, `{"error_code":"0004","error_msg":"Signature verification failed!"}`), gateway.Refused, "", ""},
		{"M9 0012 with 400", answer(400, `{"error_code":"0012"}`), gateway.Refused, "", ""},
		{"M9 0018 with an empty number", answer(200, `{"error_code":"0018","data":{"payout_id":""}}`), gateway.Refused, "", ""},
		{"M9 a refusal that gives a number", answer(200, `{"error_code":"0018","data":{"payout_id":"POT1"}}`), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M9 a refusal of another order", answer(200, `{"error_code":"0018","data":{"payout_cl_id":"OTHER"}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M11 the number exists", answer(200, `{"error_code":"0019"}`), gateway.Doubt, models.ReasonDuplicate, ""},
		{"M12 429", answer(429, "slow down"), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"M12 401 without a body", answer(401, ""), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"M12 403 with other JSON", answer(403, `{"message":"forbidden"}`), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"M12 404", answer(404, "<html>"), gateway.Doubt, models.ReasonHTTPStatus, ""},
		{"accepted within a 400", answer(400, accept), gateway.Doubt, models.ReasonUnmapped, "unmapped_code"},
		{"M13 301", answer(301, ""), gateway.Doubt, models.ReasonRedirect, "redirect"},
		{"M13 302 with a refusal", answer(302, `{"error_code":"0004"}`), gateway.Doubt, models.ReasonRedirect, "redirect"},
		{"M14 not sent", fault(gateway.FaultNotSent, "refused"), gateway.NotSent, "", ""},
		{"M15 certificate", fault(gateway.FaultNotSent, "certificate"), gateway.NotSent, "", "certificate"},
		{"M17 another order", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","payout_cl_id":"OTHER"}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 another amount", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","amount":"500"}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 an amount that is none", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","amount":5e4}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M17 another merchant", answer(200, `{"error_code":"0000","platform_id":"PF9999","data":{"payout_id":"POT1"}}`), gateway.Doubt, models.ReasonOtherOrder, "other_order"},
		{"M18 a wrong sign outside", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1"},"sign":"00"}`), gateway.Doubt, models.ReasonUnverified, ""},
		{"M18 a wrong sign inside", answer(200, `{"error_code":"0000","data":{"payout_id":"POT1","sign":"`+strings.Repeat("0", 64)+`"}}`), gateway.Doubt, models.ReasonUnverified, ""},
		{"M18 a right sign outside", answer(200, sealed(t, HMAC, accept)), gateway.Accepted, "", ""},
		{"M18 a right sign by the wrong algorithm", answer(200, sealed(t, MD5, accept)), gateway.Doubt, models.ReasonUnverified, ""},
		{"accepted without a number", answer(200, `{"error_code":"0000","data":{}}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted without data", answer(200, `{"error_code":"0000"}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted with a list", answer(200, `{"error_code":"0000","data":[{"payout_id":"POT1"}]}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted with a number for a number", answer(200, `{"error_code":"0000","data":{"payout_id":17}}`), gateway.Doubt, models.ReasonUnreadable, ""},
		{"accepted with an endless number", answer(200, fmt.Sprintf(`{"error_code":"0000","data":{"payout_id":"%s"}}`, strings.Repeat("P", 200))), gateway.Doubt, models.ReasonUnreadable, ""},
		{"no status at all", answer(0, accept), gateway.Doubt, models.ReasonHTTPStatus, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := order()
			o.Algorithm = HMAC
			got := New().ReadCreate(account(), o, c.reply)
			if got.Kind != c.kind || got.Reason != c.reason || got.Alarm != c.alarm {
				t.Errorf("kind %d, reason %q, alarm %q", got.Kind, got.Reason, got.Alarm)
			}
			if (got.Kind == gateway.Accepted) != (got.GatewayNo != "") {
				t.Errorf("kind %d with the number %q", got.Kind, got.GatewayNo)
			}
			if (got.Kind == gateway.Doubt) != (got.Reason != "") {
				t.Errorf("kind %d with the reason %q", got.Kind, got.Reason)
			}
		})
	}
}

func TestI09_OnlyTheExactListIsARefusal(t *testing.T) {
	for code := range 10_000 {
		text := fmt.Sprintf("%04d", code)
		got := New().ReadCreate(account(), order(), answer(200, `{"error_code":"`+text+`","error_msg":"failed"}`))
		listed := text == "0004" || text == "0012" || text == "0018"
		if (got.Kind == gateway.Refused) != listed || got.Kind == gateway.Accepted || got.Kind == gateway.NotSent {
			t.Errorf("%s: kind %d", text, got.Kind)
		}
	}
}

func TestI24_TheGatewaysSentencesTellNoAccount(t *testing.T) {
	const number = "4088748280272397"
	quoting := `{"error_code":"0012","error_msg":"account ` + number + ` is closed"}`
	told := New().ReadNotice(account(), order(), http.Header{}, []byte(sealed(t, HMAC, `{"payout_cl_id":"DEVPOT00143538","status":4,"error_msg":"no account `+number+`"}`)))
	for _, text := range []string{
		New().ReadCreate(account(), order(), answer(200, quoting)).Message,
		New().ReadQuery(account(), order(), answer(200, quoting)).Message,
		told.Facts.Result,
	} {
		if text == "" || strings.Contains(text, number) {
			t.Error(text)
		}
	}
}
