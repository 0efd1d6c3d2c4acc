package apay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

// row is a row of the list, with another status or amount if wanted.
func row(t *testing.T, orderNo, amount, status string) string {
	return sealed(t, HMAC, fmt.Sprintf(`{"amount":%s,"fee":3200,"payout_id":"POT00000001","payout_cl_id":"%s","platform_id":"PF0002","platform_channel_id":null,"status":%s,"memo":"","create_time":1595504997,"update_time":1595505111}`, amount, orderNo, status))
}

func list(rows ...string) string {
	return fmt.Sprintf(`{"error_code":"0000","data":[%s],"total":%d}`, strings.Join(rows, ","), len(rows))
}

func TestI09_WhatAQueryProves(t *testing.T) {
	const ours = "DEVPOT00143538"
	single := func(fields string) string { return `{"error_code":"0000","data":{` + fields + `}}` }
	forged := strings.Replace(row(t, ours, "50000", "1"), `"status":1`, `"status":3`, 1)
	for _, c := range []struct {
		name    string
		reply   gateway.Response
		outcome gateway.Outcome
		problem gateway.Problem
		trusted bool
		alarm   string
	}{
		{"M36 paid", answer(200, list(row(t, ours, "50000", "3"))), gateway.Paid, "", true, ""},
		{"M36 paid, strings", answer(200, list(row(t, ours, `"50000"`, `"3"`))), gateway.Paid, "", true, ""},
		{"M36 failed 4", answer(200, list(row(t, ours, "50000", "4"))), gateway.Failed, "", true, ""},
		{"M36 failed 5", answer(200, list(row(t, ours, "50000", "5"))), gateway.Failed, "", true, ""},
		{"M36 single, paid", answer(200, single(`"payout_id":"P","payout_cl_id":"`+ours+`","amount":50000,"fee":0,"status":3,"error_msg":"","create_time":1,"success_time":1595505111`)), gateway.Paid, "", true, ""},
		{"M34 status 2 is not final", answer(200, list(row(t, ours, "50000", "2"))), gateway.Working, "", true, ""},
		{"M34 status 0", answer(200, list(row(t, ours, "50000", "0"))), gateway.Working, "", true, ""},
		{"M34 status 1", answer(200, list(row(t, ours, "50000", "1"))), gateway.Working, "", true, ""},
		{"M34 status 6", answer(200, list(row(t, ours, "50000", "6"))), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M34 status 03", answer(200, list(row(t, ours, "50000", `"03"`))), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M34 no status", answer(200, list(row(t, ours, "50000", `null`))), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M34 an empty status is no 4 and no 5", answer(200, list(row(t, ours, "50000", `""`))), gateway.Unknown, "unmapped_code", true, "unmapped_code"},
		{"M35 empty list", answer(200, list()), gateway.NotFound, "", false, ""},
		{"M35 0050", answer(200, `{"error_code":"0050","error_msg":"Order not found"}`), gateway.NotFound, "", false, ""},
		{"M35 0050 with 404", answer(404, `{"error_code":"0050"}`), gateway.NotFound, "", false, ""},
		{"M35 404 alone", answer(404, "not found"), gateway.Unknown, "http_404", false, ""},
		{"M35 another order's row", answer(200, list(row(t, "OTHER", "50000", "4"))), gateway.Unknown, "other_order", false, "other_order"},
		{"M35 another order, single", answer(200, single(`"payout_cl_id":"OTHER","amount":50000,"status":4`)), gateway.Unknown, "other_order", false, "other_order"},
		{"M35 nobody's row", answer(200, single(`"amount":50000,"status":4`)), gateway.Unknown, "other_order", false, "other_order"},
		{"M35 ours among others", answer(200, list(row(t, "OTHER", "1", "4"), row(t, ours, "50000", "3"), row(t, "OTHER2", "1", "4"))), gateway.Paid, "", true, ""},
		{"M35 ours twice", answer(200, list(row(t, ours, "50000", "3"), row(t, ours, "50000", "4"))), gateway.Unknown, "other_order", false, "other_order"},
		{"M35 another merchant", answer(200, single(`"payout_cl_id":"`+ours+`","platform_id":"PF9999","amount":50000,"status":4`)), gateway.Unknown, "other_order", true, "other_order"},
		{"M35 another number of theirs", answer(200, single(`"payout_cl_id":"`+ours+`","payout_id":"POT9","amount":50000,"status":4`)), gateway.Unknown, "other_order", true, "other_order"},
		{"M35 502", answer(502, "x"), gateway.Unknown, "http_502", false, ""},
		{"M35 500 with a row", answer(500, list(row(t, ours, "50000", "4"))), gateway.Unknown, "http_500", false, ""},
		{"M35 no answer", fault(gateway.FaultTimeout, "deadline"), gateway.Unknown, "timeout", false, ""},
		{"M35 cut", fault(gateway.FaultCut, "reset"), gateway.Unknown, "cut", false, ""},
		{"M35 did not leave us", fault(gateway.FaultNotSent, "refused"), gateway.Unknown, "not_sent", false, ""},
		{"M35 empty", answer(200, ""), gateway.Unknown, "empty", false, ""},
		{"M35 redirect", answer(302, ""), gateway.Unknown, "redirect", false, "redirect"},
		{"M35 HTML", answer(200, "<html>"), gateway.Unknown, "unreadable", false, ""},
		{"M35 no data", answer(200, `{"error_code":"0000"}`), gateway.Unknown, "unreadable", false, ""},
		{"bad token", answer(401, `{"error_code":"0006"}`), gateway.Unknown, "bad_token", false, ""},
		{"0004 says nothing of the order", answer(200, `{"error_code":"0004"}`), gateway.Unknown, "unmapped_code", false, "unmapped_code"},
		{"0018 says nothing of the order", answer(200, `{"error_code":"0018"}`), gateway.Unknown, "unmapped_code", false, "unmapped_code"},
		{"a forged row", answer(200, list(forged)), gateway.Unknown, "bad_signature", false, ""},
		{"M29 another amount", answer(200, list(row(t, ours, "500", "3"))), gateway.Paid, "amount", true, ""},
		{"M29 another amount, failed", answer(200, list(row(t, ours, "500", "4"))), gateway.Failed, "amount", true, ""},
		{"M31 1e5", answer(200, single(`"payout_cl_id":"`+ours+`","amount":5e4,"status":3`)), gateway.Paid, "amount", true, ""},
		{"M31 100.0", answer(200, single(`"payout_cl_id":"`+ours+`","amount":50000.0,"status":3`)), gateway.Paid, "amount", true, ""},
		{"M31 zero", answer(200, single(`"payout_cl_id":"`+ours+`","amount":0,"status":3`)), gateway.Paid, "amount", true, ""},
		{"M29 less arrived", answer(200, single(`"payout_cl_id":"`+ours+`","amount":50000,"real_amount":49000,"status":3`)), gateway.Paid, "amount", true, ""},
		{"real_amount 0 while pending", answer(200, single(`"payout_cl_id":"`+ours+`","amount":50000,"real_amount":0,"status":1`)), gateway.Working, "", true, ""},
		{"a list for the merchant", answer(200, single(`"payout_cl_id":"`+ours+`","platform_id":["PF9999"],"amount":50000,"status":4`)), gateway.Unknown, "other_order", true, "other_order"},
		{"another currency", answer(200, single(`"payout_cl_id":"`+ours+`","amount":50000,"currency":"cny","status":3`)), gateway.Paid, "amount", true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := order()
			if strings.Contains(c.name, "of theirs") {
				o.GatewayNo = "POT00000001"
			}
			got := New().ReadQuery(account(), o, c.reply)
			if got.Outcome != c.outcome || got.Problem != c.problem || got.Authentic != c.trusted || got.Alarm != c.alarm {
				t.Errorf("outcome %d, problem %q, authentic %v, alarm %q", got.Outcome, got.Problem, got.Authentic, got.Alarm)
			}
		})
	}
}

func TestTheFactsOfARow(t *testing.T) {
	got := New().ReadQuery(account(), order(), answer(200, list(row(t, "DEVPOT00143538", "50000", "3")))).Facts
	want := gateway.Facts{
		OrderNo: "DEVPOT00143538", GatewayNo: "POT00000001", MerchantID: "PF0002", Amount: models.Money{Minor: 50000, Currency: "TWD"},
		Fee: "32.00", Word: "3", At: time.Unix(1595505111, 0).UTC(), AtText: "1595505111",
	}
	if got != want {
		t.Errorf("got %+v", got)
	}
}

func TestBalance(t *testing.T) {
	got, err := New().ReadBalance(account(), answer(200, `{"error_code":"0000","data":{"platform_id":"PF0002","total_balance":"123456","total_frozen_balance":0}}`))
	want := gateway.Balance{Total: models.Money{Minor: 123456, Currency: "TWD"}, Frozen: models.Money{Currency: "TWD"}, At: at.Add(time.Second)}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for name, reply := range map[string]gateway.Response{
		"bad token":        answer(200, `{"error_code":"0006"}`),
		"another merchant": answer(200, `{"error_code":"0000","data":{"platform_id":"PF9","total_balance":1,"total_frozen_balance":0}}`),
		"nothing":          answer(200, `{"error_code":"0000","data":{}}`),
		"half":             answer(200, `{"error_code":"0000","data":{"total_balance":1}}`),
		"no sum":           answer(200, `{"error_code":"0000","data":{"total_balance":"a","total_frozen_balance":0}}`),
		"502":              answer(502, ""),
		"no answer":        fault(gateway.FaultTimeout, "deadline"),
		"not sent":         fault(gateway.FaultNotSent, "refused"),
	} {
		if got, err := New().ReadBalance(account(), reply); err == nil || got != (gateway.Balance{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// A sign around the answer counts as much as one in its row (M18).
func TestM18_AnAnswerSignedWronglyIsNoInformation(t *testing.T) {
	row := `{"payout_cl_id":"DEVPOT00143538","payout_id":"POT1","amount":50000,"status":3}`
	for _, body := range []string{
		`{"error_code":"0000","data":[` + row + `],"total":1,"sign":"` + strings.Repeat("0", 64) + `"}`,
		`{"error_code":"0000","data":` + row + `,"sign":"00"}`,
	} {
		got := New().ReadQuery(account(), order(), gateway.Response{Status: 200, Body: []byte(body)})
		if got.Problem != gateway.ProblemSign || got.Authentic || got.Outcome != gateway.Unknown {
			t.Errorf("%s: %+v", body, got)
		}
	}
}
