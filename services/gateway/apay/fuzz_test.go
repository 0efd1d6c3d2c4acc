package apay

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
)

// Two different sets of fields never sign to one text, unless they are refused: the
// text of one that is not refused falls apart into exactly its fields (S12, M32).
func FuzzCanonical(f *testing.F) {
	for _, v := range vectors {
		f.Add([]byte(v.body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		read, err := gateway.ReadObject(body)
		if err != nil || read.Get("sign").Carried() {
			return
		}
		if text := Canonical(read); !Splits(read) && !maps.Equal(fieldsOf(text), countingFields(t, body)) {
			t.Fatalf("%s is signed as %q", body, text)
		}
		sign, err := Sign(Canonical(read), testKey, HMAC)
		if err != nil {
			t.Fatal(err)
		}
		account := gateway.Account{MerchantID: "PF0002", Key: testKey, Algorithm: HMAC, Currency: "TWD"}
		if signed := read.Add("sign", strings.ToUpper(sign)).Encode(); len(signed) <= gateway.MaxBody {
			checkSigned(t, account, read, signed)
		}
	})
}

// fieldsOf takes a canonical text apart as a reader would.
func fieldsOf(text string) map[string]string {
	fields := map[string]string{}
	for pair := range strings.SplitSeq(text, "&") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			fields[name] = value
		}
	}
	return fields
}

// countingFields are the fields that a signature has to cover, by the standard
// reader.
func countingFields(t *testing.T, body []byte) map[string]string {
	t.Helper()
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for name, value := range raw {
		var text string
		switch err := json.Unmarshal(value, &text); {
		case name == "sign", name == "sign_type", string(value) == "null", err == nil && text == "":
		case err == nil:
			fields[name] = text
		case value[0] == '[', value[0] == '{':
			fields[name] = object(t, `{"x":`+string(value)+`}`).Get("x").Compact()
		default:
			fields[name] = string(value)
		}
	}
	return fields
}

// checkSigned: what was signed verifies unless its text could be split, and one
// more field spoils it.
func checkSigned(t *testing.T, account gateway.Account, read *gateway.Object, signed []byte) {
	t.Helper()
	if read.Get("Sign").Carried() || read.Get("SIGN").Carried() {
		return
	}
	check := New().ReadNotice(account, gateway.Order{}, http.Header{}, signed).Check
	switch {
	case check == gateway.CheckUnreadable, check == gateway.CheckAlgorithm && read.Get("sign_type").Carried():
	case Splits(read) != (check == gateway.CheckSplit):
		t.Fatalf("splits %v, check %s: %s", Splits(read), check, signed)
	case check != gateway.CheckGood && check != gateway.CheckSplit && check != gateway.CheckOtherMerchant:
		t.Fatalf("check %s: %s", check, signed)
	}
	forged := New().ReadNotice(account, gateway.Order{}, http.Header{}, read.Add("zz_forged", "1").Encode())
	if forged.Check == gateway.CheckGood {
		t.Fatalf("a forged field passed: %s", signed)
	}
}

// A create is refused, or its bytes say exactly what was approved under a signature
// over nothing else (I1, S12).
func FuzzCreateBytes(f *testing.F) {
	f.Add("test_name", "4088748280272397", "812", int64(50000))
	f.Add("A&B", "4088748280272397", "822", int64(0))
	f.Add("a=1\u2028", "12-34\x00", "004", int64(10_000_000_000))
	f.Fuzz(func(t *testing.T, name, number, bank string, minor int64) {
		o := order()
		o.Amount.Minor, o.Fields = minor, map[string]string{"bank_code": bank, "number": number, "name": name}
		request, err := New().Create(account(), o, at, "")
		if err != nil {
			return
		}
		var sent map[string]string
		if err := json.Unmarshal(request.Body, &sent); err != nil {
			t.Fatalf("%s: %v", request.Body, err)
		}
		back, err := gateway.Cents(sent["amount"], "TWD")
		if err != nil || back != o.Amount || minor > models.MaxMinor || sent["name"] != name || sent["number"] != number || sent["bank_code"] != bank {
			t.Fatalf("%+v was sent as %s", o, request.Body)
		}
		sign, _ := Sign(Canonical(object(t, string(request.Body))), testKey, HMAC)
		delete(sent, "sign_type")
		if sent["sign"] != sign || len(fieldsOf(Canonical(object(t, string(request.Body))))) != len(sent)-1 {
			t.Fatalf("the signature does not cover %s", request.Body)
		}
	})
}

// An answer to a question calls our order paid or failed only if every field that
// it carries is ours (I9, I10).
func FuzzApayQuery(f *testing.F) {
	plain := `{"amount":50000,"real_amount":50000,"fee":3200,"payout_id":"POT1","payout_cl_id":"DEVPOT00143538","platform_id":"PF0002","currency":"twd","status":3}`
	f.Add(200, []byte(list(plain)))
	f.Add(200, []byte(list(strings.Replace(plain, `"status":3`, `"status":"5"`, 1), `{"payout_cl_id":"X"}`)))
	f.Add(200, []byte(`{"error_code":"0000","data":`+plain+`}`))
	f.Add(200, []byte(`{"error_code":"0000","data":`+sealed(f, HMAC, plain)+`}`))
	f.Add(200, []byte(list(strings.Replace(plain, `"PF0002"`, `["PF0014"]`, 1))))
	f.Add(200, []byte(list(strings.Replace(plain, `"twd"`, `{"code":"CNY"}`, 1))))
	f.Add(404, []byte(`{"error_code":"0050","error_msg":"no such order 4088748280272397"}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := New().ReadQuery(account(), order(), answer(status, string(body)))
		if got.Outcome != gateway.Paid && got.Outcome != gateway.Failed || got.Problem != gateway.ProblemNone {
			return
		}
		if !got.Authentic || status < 200 || status > 299 {
			t.Fatalf("believed with status %d: %s", status, body)
		}
		row := ourRow(t, body)
		if want := map[gateway.Outcome][]string{gateway.Paid: {"3"}, gateway.Failed: {"4", "5"}}[got.Outcome]; !slices.Contains(want, scalar(row["status"])) {
			t.Fatalf("outcome %d: %s", got.Outcome, body)
		}
		checkOurs(t, row, got.Outcome, body)
	})
}

// ourRow finds the row that carries our number.
func ourRow(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var reply struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		t.Fatal(err)
	}
	rows := []map[string]any{}
	if json.Unmarshal(reply.Data, &rows) != nil {
		rows = []map[string]any{decode(t, reply.Data)}
	}
	for _, row := range rows {
		if scalar(row["payout_cl_id"]) == order().OrderNo {
			return row
		}
	}
	t.Fatalf("no row of ours: %s", body)
	return nil
}

func decode(t *testing.T, text []byte) (row map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	return row
}

// scalar is a value as one text, number or string alike; what is neither has none
// that could be ours.
func scalar(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		text, _ := json.Marshal(value)
		return string(text)
	}
	return "\x00"
}

// checkOurs: every field that is carried, which is neither null nor "", is ours.
func checkOurs(t *testing.T, row map[string]any, said gateway.Outcome, body []byte) {
	t.Helper()
	ours := map[string]string{"payout_cl_id": order().OrderNo, "platform_id": account().MerchantID, "amount": "50000", "currency": "TWD"}
	if said == gateway.Paid {
		ours["real_amount"] = "50000"
	}
	for name, want := range ours {
		got, carried := row[name]
		if !carried || got == nil || got == "" {
			continue
		}
		if !strings.EqualFold(strings.TrimLeft(scalar(got), "0"), want) {
			t.Fatalf("outcome %d with %s %v: %s", said, name, got, body)
		}
	}
}

// A reply to a create refuses the order only with a listed code and a status below
// 500, complete; whatever cannot be read is doubt (I9).
func FuzzApayCreateReply(f *testing.F) {
	f.Add(200, "", []byte(accept))
	f.Add(200, "", []byte(`{"error_code":"0012","error_msg":"bank closed"}`))
	f.Add(422, "", []byte(`{"error_code":"0018","data":{"payout_cl_id":"DEVPOT00143538","amount":"50000"}}`))
	f.Add(400, "gzip", []byte(`{"error_code":"0004"}`))
	f.Add(503, "", []byte(`{"error_code":"0004","data":{"payout_id":"POT1"}}`))
	f.Add(200, "", []byte(`{"error_code":"0012","Error_code":"0000"}`))
	f.Fuzz(func(t *testing.T, status int, encoding string, body []byte) {
		response := answer(status, string(body))
		response.Header.Set("Content-Encoding", encoding)
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
			if code := decode(t, body)["error_code"]; status >= 500 || code != "0004" && code != "0012" && code != "0018" {
				t.Fatalf("refused with status %d by %s", status, body)
			}
		case gateway.Accepted:
			if status < 200 || status > 299 || decode(t, body)["error_code"] != "0000" {
				t.Fatalf("accepted with status %d by %s", status, body)
			}
		}
	})
}

// A notice passes only with the signature of its own fields by the pinned
// algorithm, and says nothing unless it passes (I17, M30).
func FuzzApayNotice(f *testing.F) {
	f.Add([]byte(sealed(f, HMAC, told("3", ""))), "")
	f.Add([]byte(sealed(f, MD5, told("4", `,"sign_type":"MD5"`))), "MD5")
	f.Add([]byte(sealed(f, HMAC, told("3", `,"extra":{"a":[1,"x"]}`))), "HMAC-SHA256")
	f.Fuzz(func(t *testing.T, body []byte, pin string) {
		got := New().ReadNotice(account(), pinned(pin), http.Header{}, body)
		_ = New().Peek(body)
		if got.Check != gateway.CheckGood {
			if got.Outcome != gateway.Unknown {
				t.Fatalf("check %s and outcome %d: %s", got.Check, got.Outcome, body)
			}
			return
		}
		want, err := Sign(textOf(countingFields(t, body)), testKey, algorithm(account(), pinned(pin)))
		if sign, _ := decode(t, body)["sign"].(string); err != nil || !strings.EqualFold(sign, want) {
			t.Fatalf("believed with the sign %q, not %q: %s", sign, want, body)
		}
	})
}

// textOf is the canonical text, made anew.
func textOf(fields map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		pairs = append(pairs, name+"="+fields[name])
	}
	return strings.Join(pairs, "&")
}
