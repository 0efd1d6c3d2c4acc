package apay

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services/gateway"
)

// told is a notice about our order, not signed yet.
func told(status, more string) string {
	return fmt.Sprintf(`{"payout_id":"POT00000102","payout_cl_id":"DEVPOT00143538","platform_id":"PF0002","amount":50000,"fee":0,"status":%s,"create_time":1567614049,"update_time":1567614111%s}`, status, more)
}

func notice(o gateway.Order, body string) gateway.Notice {
	return New().ReadNotice(account(), o, http.Header{}, []byte(body))
}

func pinned(algorithm string) gateway.Order {
	o := order()
	o.Algorithm = algorithm
	return o
}

func TestTheNoticeVector(t *testing.T) {
	a := account()
	a.MerchantID = "PF0014"
	o := pinned(HMAC)
	o.OrderNo, o.Amount.Minor = "97a968b4a9db497c8c03198e395a38c6", 400000
	got := New().ReadNotice(a, o, http.Header{}, []byte(vectors[4].body))
	if got.Check != gateway.CheckGood || got.Outcome != gateway.Paid || got.Facts.Differs(a, o) != "" || got.Facts.Fee != "0.00" {
		t.Errorf("%+v", got)
	}
	if New().Peek([]byte(vectors[4].body)) != o.OrderNo {
		t.Error("peeked at another order")
	}
}

func TestM30_WhichNoticesAreBelieved(t *testing.T) {
	right := sealed(t, HMAC, told("3", ""))
	old := sealed(t, MD5, told("3", ""))
	otherKey := func() string {
		read := object(t, told("3", ""))
		sign, _ := Sign(Canonical(read), "another key", HMAC)
		return string(read.Add("sign", sign).Encode())
	}()
	for _, c := range []struct {
		name  string
		order gateway.Order
		body  string
		check gateway.Check
	}{
		{"right", pinned(HMAC), right, gateway.CheckGood},
		{"letter case of the hex does not matter", pinned(HMAC), upperSign(t, right), gateway.CheckGood},
		{"sign_type named", pinned(HMAC), sealed(t, HMAC, told("3", `,"sign_type":"HMAC-SHA256"`)), gateway.CheckGood},
		{"MD5 where the order has it", pinned(MD5), old, gateway.CheckGood},
		{"an order of nobody, by the account's algorithm", gateway.Order{}, right, gateway.CheckGood},
		{"no sign", pinned(HMAC), told("3", ""), gateway.CheckMissing},
		{"an empty sign", pinned(HMAC), told("3", `,"sign":""`), gateway.CheckMissing},
		{"null for a sign", pinned(HMAC), told("3", `,"sign":null`), gateway.CheckMissing},
		{"a sign that is no hex", pinned(HMAC), told("3", `,"sign":"zz"`), gateway.CheckBad},
		{"a number for a sign", pinned(HMAC), told("3", `,"sign":0`), gateway.CheckBad},
		{"of another body", pinned(HMAC), strings.Replace(right, `"status":3`, `"status":4`, 1), gateway.CheckBad},
		{"by another key", pinned(HMAC), otherKey, gateway.CheckBad},
		{"MD5 against an HMAC order", pinned(HMAC), old, gateway.CheckAlgorithm},
		{"HMAC against an MD5 order", pinned(MD5), right, gateway.CheckAlgorithm},
		{"sign_type MD5 against an HMAC order", pinned(HMAC), sealed(t, MD5, told("3", `,"sign_type":"MD5"`)), gateway.CheckAlgorithm},
		{"sign_type MD5 with the HMAC sign", pinned(HMAC), sealed(t, HMAC, told("3", `,"sign_type":"MD5"`)), gateway.CheckAlgorithm},
		{"M31 a field twice", pinned(HMAC), strings.Replace(right, `"fee":0`, `"fee":0,"fee":1`, 1), gateway.CheckUnreadable},
		{"M31 a field in two letter cases", pinned(HMAC), strings.Replace(right, `"fee":0`, `"fee":0,"Fee":1`, 1), gateway.CheckUnreadable},
		{"M31 trailing data", pinned(HMAC), right + "{}", gateway.CheckUnreadable},
		{"no JSON", pinned(HMAC), "payout_id=1&sign=2", gateway.CheckUnreadable},
		{"nothing", pinned(HMAC), "", gateway.CheckUnreadable},
		{"M32 an ampersand", pinned(HMAC), sealed(t, HMAC, told("3", `,"error_msg":"a&status=4"`)), gateway.CheckSplit},
		{"M32 an ampersand in a list", pinned(HMAC), sealed(t, HMAC, told("3", `,"x":["a&b"]`)), gateway.CheckSplit},
		{"M32 a line break", pinned(HMAC), sealed(t, HMAC, told("3", `,"error_msg":"a\nb"`)), gateway.CheckSplit},
		{"M32 a null byte", pinned(HMAC), sealed(t, HMAC, told("3", `,"error_msg":"a\u0000b"`)), gateway.CheckSplit},
		{"M32 an ampersand in a name", pinned(HMAC), sealed(t, HMAC, told("3", `,"a&b":"1"`)), gateway.CheckSplit},
		{"M32 an equals sign in a name", pinned(HMAC), sealed(t, HMAC, told("3", `,"a=b":"1"`)), gateway.CheckSplit},
		{"an equals sign in a value splits nothing", pinned(HMAC), sealed(t, HMAC, told("3", `,"memo":"a=b"`)), gateway.CheckGood},
		{"M33 new fields are signed too", pinned(HMAC), sealed(t, HMAC, told("3", `,"new":"x","list":[1,{"b":null}]`)), gateway.CheckGood},
		{"M33 a new field nobody signed", pinned(HMAC), strings.Replace(right, `"fee":0`, `"fee":0,"new":"x"`, 1), gateway.CheckBad},
		{"M33 an empty field nobody signed", pinned(HMAC), strings.Replace(right, `"fee":0`, `"fee":0,"new":""`, 1), gateway.CheckGood},
		{"another merchant by our key", pinned(HMAC), sealed(t, HMAC, strings.Replace(told("3", ""), "PF0002", "PF9999", 1)), gateway.CheckOtherMerchant},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := notice(c.order, c.body)
			if got.Check != c.check {
				t.Errorf("check %q, want %q", got.Check, c.check)
			}
			if got.Check != gateway.CheckGood && got.Outcome != gateway.Unknown {
				t.Errorf("not believed and yet outcome %d", got.Outcome)
			}
		})
	}
}

func upperSign(t *testing.T, body string) string {
	sign, _ := object(t, body).Get("sign").Text()
	return strings.Replace(body, sign, strings.ToUpper(sign), 1)
}

func TestS12_NoHalfOfASignIsEnough(t *testing.T) {
	right := sealed(t, HMAC, told("3", ""))
	sign, _ := object(t, right).Get("sign").Text()
	raw, _ := hex.DecodeString(sign)
	for i := range raw {
		raw[i] ^= 1
		if got := notice(pinned(HMAC), strings.Replace(right, sign, hex.EncodeToString(raw), 1)); got.Check != gateway.CheckBad {
			t.Fatalf("byte %d: %s", i, got.Check)
		}
		raw[i] ^= 1
	}
}

func TestM34_WhatANoticeSays(t *testing.T) {
	for status, want := range map[string]gateway.Outcome{
		"0": gateway.Working, "1": gateway.Working, "2": gateway.Working, "3": gateway.Paid, `"3"`: gateway.Paid, "4": gateway.Failed,
		"5": gateway.Failed, "6": gateway.Unknown, `""`: gateway.Unknown, "null": gateway.Unknown, "3.0": gateway.Unknown, `"paid"`: gateway.Unknown,
		"[3]": gateway.Unknown, "-3": gateway.Unknown,
	} {
		if got := notice(pinned(HMAC), sealed(t, HMAC, told(status, ""))); got.Check != gateway.CheckGood || got.Outcome != want {
			t.Errorf("%s: %s, outcome %d", status, got.Check, got.Outcome)
		}
	}
}

func TestM29_ANoticeOfAnotherSumTellsIt(t *testing.T) {
	for body, want := range map[string]gateway.Problem{
		told("3", ""):                                                "",
		told("3", `,"real_amount":50000`):                            "",
		told("3", `,"real_amount":"49000"`):                          gateway.ProblemAmount,
		told("3", `,"real_amount":0`):                                gateway.ProblemAmount,
		told("4", `,"real_amount":0`):                                "",
		told("3", `,"currency":"TWD"`):                               "",
		told("3", `,"currency":"CNY"`):                               gateway.ProblemAmount,
		strings.Replace(told("3", ""), "50000", "5000", 1):           gateway.ProblemAmount,
		strings.Replace(told("3", ""), "50000", "500.00", 1):         gateway.ProblemAmount,
		strings.Replace(told("3", ""), "50000", "null", 1):           "",
		strings.Replace(told("3", ""), "DEVPOT00143538", "OTHER", 1): gateway.ProblemOtherOrder,
	} {
		got := notice(pinned(HMAC), sealed(t, HMAC, body))
		if differs := got.Facts.Differs(account(), order()); got.Check != gateway.CheckGood || differs != want {
			t.Errorf("%s: check %s, differs %q", body, got.Check, differs)
		}
	}
}

func TestI16_NoticesThatSayTheSame(t *testing.T) {
	digest := func(body string) [32]byte { return notice(pinned(HMAC), sealed(t, HMAC, body)).Same }
	first := digest(told("3", ""))
	if digest(strings.Replace(told("3", `,"nonce":"2"`), "1567614111", "1567614999", 1)) != first {
		t.Error("another time and nonce make another notice")
	}
	for _, other := range []string{
		told("4", ""), told("3", `,"real_amount":50000`), strings.Replace(told("3", ""), "50000", "50001", 1),
		strings.Replace(told("3", ""), `"fee":0`, `"fee":1`, 1), told("3", `,"error_msg":"x"`),
	} {
		if digest(other) == first {
			t.Errorf("the same as another: %s", other)
		}
	}
}

func TestTheLinesOfANotice(t *testing.T) {
	lines := notice(pinned(HMAC), sealed(t, HMAC, told("3", ""))).Lines()
	want := map[string]gateway.WireLine{
		"amount":      {Name: "amount", Value: "50000", Note: "500.00 TWD in cents", Mark: true},
		"update_time": {Name: "update_time", Value: "1567614111", Note: "5 Sep 00:21:51 Taipei"},
	}
	for _, line := range lines {
		if wanted, ok := want[line.Name]; ok && line != wanted {
			t.Errorf("%+v", line)
		}
		if line.Name == "sign" && len([]rune(line.Value)) != 12 {
			t.Errorf("the sign is not masked: %+v", line)
		}
	}
	if len(lines) != 9 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestAnAmountNeedsNoOrderToBeRead(t *testing.T) {
	got := notice(gateway.Order{}, sealed(t, HMAC, told("3", "")))
	if got.Facts.Amount != (models.Money{Minor: 50000, Currency: "TWD"}) {
		t.Errorf("%+v", got.Facts)
	}
}
