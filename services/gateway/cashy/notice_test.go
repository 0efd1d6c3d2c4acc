package cashy

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

func headers(body, key string) http.Header {
	sign, _ := Sign([]byte(body), key)
	h := http.Header{}
	h.Set("MerchantId", "100001")
	h.Set("Sign", sign)
	return h
}

func TestTheNoticeVector(t *testing.T) {
	h := http.Header{}
	h.Set("sign", "D34AEED3C03FA79614A7A7C2DFCE3793") // the samples print capitals
	o := order()
	o.OrderNo = "2a6421c4-3758-4d1a-b47e-f7d0e7133f9e"
	got := New().ReadNotice(account(), o, h, []byte(vectorB4))
	want := gateway.Facts{
		OrderNo: o.OrderNo, GatewayNo: "PAYOUT8388679728902370944", MerchantID: "100001", Amount: models.Money{Minor: 10000, Currency: "PEN"},
		Fee: "0", Word: "SUCCESS", Result: "SUCCESS", At: time.Date(2022, 8, 8, 13, 8, 8, 0, time.UTC), AtText: "2022-08-08 08:08:08",
	}
	if got.Check != gateway.CheckGood || got.Outcome != gateway.Paid || got.Facts != want || got.Facts.Differs(account(), o) != "" {
		t.Errorf("%+v", got)
	}
	if New().Peek([]byte(vectorB4)) != o.OrderNo {
		t.Error("peeked at another order")
	}
}

func TestM30_WhichNoticesAreBelieved(t *testing.T) {
	body := state("SUCCESS", "")
	right := headers(body, testKey)
	change := func(name string, values ...string) http.Header {
		h := right.Clone()
		h.Del(name)
		for _, value := range values {
			h.Add(name, value)
		}
		return h
	}
	captured := `{"amount":100.0,"fee":3.0,"mchOrderNo":"P123456","merchantId":"100001","nonceStr":1722405268136,"orderNo":"PAYOUT1","orderStatus":"SUCCESS","payType":null}`
	broken := `{"orderStatus":"SUCCESS"`
	twice := `{"mchOrderNo":"P123456","orderStatus":"FAIL","orderStatus":"SUCCESS"}`
	cases := strings.Replace(body, "orderStatus", "OrderStatus", 1)
	stranger := strings.Replace(body, "100001", "100002", 1)
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		check  gateway.Check
	}{
		{"right", right, body, gateway.CheckGood},
		{"capitals", change("Sign", strings.ToUpper(right.Get("Sign"))), body, gateway.CheckGood},
		{"without the header of the merchant", change("MerchantId"), body, gateway.CheckGood},
		{"M33 as captured, with new fields and without others", headers(captured, testKey), captured, gateway.CheckGood},
		{"no sign", change("Sign"), body, gateway.CheckMissing},
		{"an empty sign", change("Sign", ""), body, gateway.CheckMissing},
		{"two signs", change("Sign", right.Get("Sign"), right.Get("Sign")), body, gateway.CheckBad},
		{"no hex", change("Sign", strings.Repeat("z", 32)), body, gateway.CheckBad},
		{"half a sign", change("Sign", right.Get("Sign")[:16]), body, gateway.CheckAlgorithm},
		{"by another key", headers(body, "another key"), body, gateway.CheckBad},
		{"of another body", right, state("FAIL", ""), gateway.CheckBad},
		{"one blank more", right, body + " ", gateway.CheckBad},
		{"100 for 100.0", right, strings.Replace(body, "100.0", "100", 1), gateway.CheckBad},
		{"another merchant's header, which nobody signs", change("MerchantId", "100002"), body, gateway.CheckOtherMerchant},
		{"another merchant's body by our key", headers(stranger, testKey), stranger, gateway.CheckOtherMerchant},
		{"M31 broken", headers(broken, testKey), broken, gateway.CheckUnreadable},
		{"M31 a field twice", headers(twice, testKey), twice, gateway.CheckUnreadable},
		{"broken and not signed", http.Header{}, broken, gateway.CheckMissing},
		{"M31 the status in another letter case", headers(cases, testKey), cases, gateway.CheckGood}, // and says nothing, see below
	} {
		t.Run(c.name, func(t *testing.T) {
			got := New().ReadNotice(account(), order(), c.header, []byte(c.body))
			if got.Check != c.check {
				t.Errorf("check %q, want %q", got.Check, c.check)
			}
			if believed := c.check == gateway.CheckGood && c.body != cases; believed != (got.Outcome == gateway.Paid) {
				t.Errorf("outcome %d", got.Outcome)
			}
		})
	}
	o := order()
	o.Algorithm = "HMAC-SHA256"
	if got := New().ReadNotice(account(), o, right, []byte(body)); got.Check != gateway.CheckAlgorithm {
		t.Errorf("an order that is not by MD5: %s", got.Check)
	}
}

func TestM34_WhatANoticeSays(t *testing.T) {
	for text, want := range map[string]gateway.Outcome{
		state("SUCCESS", ""): gateway.Paid,
		state("FAIL", `,"resultDesc":"ACCOUNT_NOT_EXIST"`): gateway.Failed,
		state("CANCEL", ""):                                   gateway.Failed,
		state("PAYING", `,"resultDesc":"SUCCESS"`):            gateway.Working,
		state("SUCCESS", `,"resultDesc":"PAYMENT_OFFSET"`):    gateway.Reversed,
		state("REFUNDED", ""):                                 gateway.Unknown,
		state("SUCCESS ", ""):                                 gateway.Unknown,
		strings.Replace(state("", ""), `""`, "null", 1):       gateway.Unknown,
		strings.Replace(state("", ""), `""`, "true", 1):       gateway.Unknown,
		strings.Replace(state("", ""), `""`, "[\"FAIL\"]", 1): gateway.Unknown,
	} {
		got := New().ReadNotice(account(), order(), headers(text, testKey), []byte(text))
		if got.Check != gateway.CheckGood || got.Outcome != want {
			t.Errorf("%s: %s, outcome %d", text, got.Check, got.Outcome)
		}
	}
}

func TestI16_NoticesThatSayTheSame(t *testing.T) {
	digest := func(text string) [32]byte {
		return New().ReadNotice(account(), order(), headers(text, testKey), []byte(text)).Same
	}
	first := digest(state("SUCCESS", `,"nonceStr":"1"`))
	if digest(state("SUCCESS", `,"nonceStr":"2","completionTime":"2026-11-13 13:00:00"`)) != first {
		t.Error("another time and nonce make another notice")
	}
	for _, other := range []string{state("FAIL", ""), strings.Replace(state("SUCCESS", ""), "100.0", "100.5", 1), state("SUCCESS", `,"resultDesc":"SUCCESS"`)} {
		if digest(other) == first {
			t.Errorf("the same as another: %s", other)
		}
	}
}

func TestATimeWithoutAZoneIsKeptAsText(t *testing.T) {
	a := account()
	text := state("SUCCESS", `,"completionTime":"2022-08-08 08:08:08"`)
	for zone, want := range map[*time.Location]time.Time{lima: time.Date(2022, 8, 8, 13, 8, 8, 0, time.UTC), nil: {}} {
		a.Zone = zone
		got := New().ReadNotice(a, order(), headers(text, testKey), []byte(text)).Facts
		if !got.At.Equal(want) || got.AtText != "2022-08-08 08:08:08" {
			t.Errorf("%v: %v, %q", zone, got.At, got.AtText)
		}
	}
}

func TestAcknowledgement(t *testing.T) {
	if got := New().Acknowledge(); got.Body != "SUCCESS" || got.ContentType != "text/plain; charset=utf-8" {
		t.Errorf("%+v", got)
	}
}
