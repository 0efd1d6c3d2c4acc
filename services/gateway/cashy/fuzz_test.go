package cashy

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
)

// A notice passes only with the sign of exactly its bytes, whatever the letter case
// of the hex; one byte changed anywhere spoils it, and it says nothing unless it
// passes (I17, M30).
func FuzzCashyNotice(f *testing.F) {
	for _, seed := range []string{vectorB4, state("PAYING", `,"resultDesc":"SUCCESS"`), `{"orderStatus":"FAIL","orderStatus":"SUCCESS"}`} {
		sign, _ := Sign([]byte(seed), testKey)
		f.Add([]byte(seed), sign)
	}
	f.Fuzz(func(t *testing.T, body []byte, sign string) {
		got := New().ReadNotice(account(), order(), http.Header{"Sign": {sign}}, body)
		want, _ := Sign(body, testKey)
		if got.Check == gateway.CheckGood && !strings.EqualFold(sign, want) {
			t.Fatalf("believed with the sign %q: %s", sign, body)
		}
		if got.Outcome != gateway.Unknown && got.Check != gateway.CheckGood {
			t.Fatalf("check %s and outcome %d", got.Check, got.Outcome)
		}
		if got.Outcome == gateway.Paid && decode(t, body)["orderStatus"] != "SUCCESS" {
			t.Fatalf("paid without the word: %s", body)
		}
		_ = New().Peek(body)
	})
}

// The check is over the raw body: any byte changed, added or taken away breaks it.
func FuzzCashyBody(f *testing.F) {
	f.Add([]byte(vectorB4), 7, byte(1))
	f.Add([]byte(`{"amount":100.0}`), 12, byte('0'^'1'))
	f.Add([]byte(""), 0, byte(0x20))
	f.Fuzz(func(t *testing.T, body []byte, where int, flip byte) {
		sign, err := Sign(body, testKey)
		if err != nil {
			t.Fatal(err)
		}
		for _, written := range []string{sign, strings.ToUpper(sign), strings.ToUpper(sign[:7]) + sign[7:]} {
			if check := verify(body, []string{written}, testKey); check != gateway.CheckGood {
				t.Fatalf("the sign %q: %s", written, check)
			}
		}
		at := max(where, -where, 0) % (len(body) + 1)
		others := [][]byte{slices.Insert(slices.Clone(body), at, flip)}
		if at < len(body) {
			others = append(others, slices.Delete(slices.Clone(body), at, at+1))
			changed := slices.Clone(body)
			changed[at] ^= flip | 1
			others = append(others, changed)
		}
		for _, other := range others {
			if verify(other, []string{sign}, testKey) == gateway.CheckGood {
				t.Fatalf("one sign for %q and %q", body, other)
			}
		}
	})
}

// A create is refused, or its bytes say exactly what was approved, under their own
// sign (I1, S12).
func FuzzCreateBytes(f *testing.F) {
	f.Add("John", "0037651234", "12345678", "remark", int64(100_00))
	f.Add(`Rosa "Ña" <Núñez>`, "01806800406877529073", "1", "a\nb", int64(2_000_01))
	f.Add("A\u2028B&=", "12}", "", "x", int64(-1))
	f.Fuzz(func(t *testing.T, name, number, id, remark string, minor int64) {
		o := order()
		o.Amount.Minor = minor
		o.Fields = map[string]string{"accountName": name, "accountNo": number, "accountType": "1", "bankId": "4", "idType": "1", "idCard": id, "remark": remark}
		request, err := New().Create(account(), o, at, "1")
		if err != nil {
			return
		}
		sent := decode(t, request.Body)
		for field, value := range map[string]string{"accountName": name, "accountNo": number, "idCard": id, "remark": remark} {
			if got, _ := sent[field].(string); got != value {
				t.Fatalf("%s %q was sent as %s", field, value, request.Body)
			}
		}
		amount, err := gateway.Units(scalar(sent["amount"]), "PEN")
		want, _ := Sign(request.Body, testKey)
		if err != nil || amount != o.Amount || minor > models.MaxMinor || request.Header.Get("Sign") != want {
			t.Fatalf("%v was sent as %s", o.Amount, request.Body)
		}
	})
}

func decode(t *testing.T, body []byte) (fields map[string]any) {
	t.Helper()
	read := json.NewDecoder(strings.NewReader(string(body)))
	read.UseNumber()
	if err := read.Decode(&fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// scalar is a value as one text, number or string alike; what is neither has none
// that could be ours.
func scalar(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return "\x00"
}

// An answer to a question calls our order paid or failed only if every field that
// it carries is ours (I9, I10).
func FuzzCashyQuery(f *testing.F) {
	data := func(text string) []byte { return []byte(`{"msg":"SUCCESS","code":200,"data":` + text + `}`) }
	f.Add(200, data(state("SUCCESS", `,"currency":"PEN"`)))
	f.Add(200, data(state("FAIL", `,"resultDesc":"ACCOUNT_CLOSED"`)))
	f.Add(200, data(state("CANCEL", `,"resultDesc":"PAYMENT_OFFSET"`)))
	f.Add(200, data(strings.Replace(state("SUCCESS", ""), "100.0", `"1e2"`, 1)))
	f.Add(200, data(strings.Replace(state("SUCCESS", ""), `"100001"`, `["100002"]`, 1)))
	f.Add(200, data(strings.Replace(state("FAIL", ""), `"PAYOUT1"`, `{"no":"PAYOUT2"}`, 1)))
	f.Add(200, []byte(refusal("Order_not_exist")))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := New().ReadQuery(account(), order(), answer(status, string(body)))
		if got.Outcome != gateway.Paid && got.Outcome != gateway.Failed || got.Problem != gateway.ProblemNone {
			return
		}
		if !got.Authentic || status < 200 || status > 299 {
			t.Fatalf("believed with status %d: %s", status, body)
		}
		data, _ := decode(t, body)["data"].(map[string]any)
		want := map[gateway.Outcome][]string{gateway.Paid: {"SUCCESS"}, gateway.Failed: {"FAIL", "CANCEL"}}[got.Outcome]
		if !slices.Contains(want, scalar(data["orderStatus"])) || scalar(data["mchOrderNo"]) != order().OrderNo {
			t.Fatalf("outcome %d: %s", got.Outcome, body)
		}
		checkOurs(t, data, body)
	})
}

// checkOurs: every field that is carried, which is neither null nor "", is ours.
func checkOurs(t *testing.T, data map[string]any, body []byte) {
	t.Helper()
	for name, want := range map[string]string{"merchantId": account().MerchantID, "currency": "PEN", "amount": "100"} {
		value, carried := data[name]
		if !carried || value == nil || value == "" {
			continue
		}
		got := scalar(value)
		if sum, err := gateway.Units(got, "PEN"); name == "amount" && err == nil && sum == order().Amount {
			continue
		}
		if !strings.EqualFold(got, want) {
			t.Fatalf("believed with %s %v: %s", name, value, body)
		}
	}
}

// A reply to a create refuses the order only with a listed message, none about the
// order's number, and a status below 500 (I9).
func FuzzCashyCreateReply(f *testing.F) {
	f.Add(200, "", []byte(accept))
	for _, msg := range []string{"Sign_verify_error", "Params_amount_error", "Params_mchOrderNo_error", "Params_MchOrderNo_Required", "System_busy", "Order_already_exists"} {
		f.Add(200, "", []byte(refusal(msg)))
	}
	f.Add(500, "", []byte(refusal("Sign_verify_error")))
	f.Add(200, "c179e78f2a84c030cfa243def316b518", []byte(`{"code":500,"msg":"MerchantId_is_null","data":{"orderNo":"PAYOUT1"}}`))
	f.Fuzz(func(t *testing.T, status int, sign string, body []byte) {
		response := answer(status, string(body))
		if sign != "" {
			response.Header.Set("Sign", sign)
		}
		for _, cut := range []gateway.Fault{gateway.FaultTimeout, gateway.FaultCut, gateway.FaultTooLarge, gateway.FaultUncertain} {
			spoilt := response
			spoilt.Fault = cut
			if got := New().ReadCreate(account(), order(), spoilt).Kind; got != gateway.Doubt {
				t.Fatalf("%s proved %d", cut, got)
			}
		}
		switch got := New().ReadCreate(account(), order(), response); got.Kind {
		case gateway.NotSent:
			t.Fatal("an answer proved that nothing was sent")
		case gateway.Refused:
			msg := scalar(decode(t, body)["msg"])
			if status >= 500 || !listed(msg) || scalar(decode(t, body)["code"]) == "200" {
				t.Fatalf("refused with status %d by %s", status, body)
			}
		case gateway.Accepted:
			if status < 200 || status > 299 || scalar(decode(t, body)["code"]) != "200" {
				t.Fatalf("accepted with status %d by %s", status, body)
			}
		}
	})
}

// listed is the list of gateways.md 2.6, written once more.
func listed(msg string) bool {
	if slices.Contains(strings.Fields("MerchantId_is_null MerchantId_not_Number MerchantId_is_error Sign_verify_error RequestMethod_not_post "+
		"RequestContentType_not_json RequestBody_is_null Params_jsonFormat_error Request_ip_notWhiteList"), msg) {
		return true
	}
	parts := strings.Split(msg, "_")
	return len(parts) == 3 && parts[0] == "Params" && (parts[2] == "Required" || parts[2] == "error") && !strings.EqualFold(parts[1], "mchOrderNo")
}
