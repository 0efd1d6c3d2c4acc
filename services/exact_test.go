package services_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/servicestest"
)

// minorOf reads the sum that a create asks for with nothing of ours: apay writes
// hundredths as text, cashy whole units as a number.
func minorOf(t *testing.T, family string, body []byte) (minor, currency string) {
	t.Helper()
	wire := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&wire); err != nil {
		t.Fatal(err)
	}
	currency, _ = wire["currency"].(string)
	if family == "apay" {
		return fmt.Sprint(wire["amount"]), strings.ToUpper(currency)
	}
	sum, ok := new(big.Rat).SetString(wire["amount"].(json.Number).String())
	if !ok {
		t.Fatalf("the sum is %v", wire["amount"])
	}
	return sum.Mul(sum, big.NewRat(100, 1)).RatString(), currency
}

// I1: the bytes that leave decode to exactly the approved amount and currency.
func TestI01_TheBytesSentAreTheApprovedAmount(t *testing.T) {
	amounts := map[string][]string{
		"apay.unionpay": {"0.01", "0.10", "1.00", "100.05", "4,999,999.99"},
		"apay.alipay":   {"0.07", "19.99", "1,000,000.01"},
		"apay.taiwan":   {"0.01", "8.29", "35.41", "1,234,567.89", "99,999,999.99"},
		"cashy.peru":    {"10.00", "10.01", "19.90", "1,999.99", "2,000.00"},
	}
	for _, rail := range servicestest.Rails {
		town := servicestest.New(t)
		carry := town.Accounts.Exchange
		var body []byte
		town.Accounts.Exchange = func(ctx context.Context, a gateway.Account, r gateway.Request) gateway.Response {
			body = r.Body
			return carry(ctx, a, r)
		}
		for i, amount := range amounts[rail] {
			form := town.Form(rail, i)
			form.Amount = amount
			form.WarningReason, form.TwinReason = "it is right", "it is right"
			p := town.Sent(form)
			approved := strings.NewReplacer(",", "", ".", "").Replace(amount)
			minor, currency := minorOf(t, town.Account(rail).Family, body)
			if want := strings.TrimLeft(approved, "0"); minor != want || fmt.Sprint(p.AmountMinor) != want {
				t.Errorf("%s: approved %s, stored %d, sent %s", rail, amount, p.AmountMinor, minor)
			}
			if currency != "" && currency != p.Currency || currency == "" && rail == "cashy.peru" {
				t.Errorf("%s: approved %s, sent %q", rail, p.Currency, currency)
			}
		}
		town.Sound()
	}
}

// The known-bad variant: a total that is not that of its rows is found (I30).
func TestI30_VerifyFindsATotalThatIsNotThatOfItsRows(t *testing.T) {
	for _, wrong := range []string{
		"UPDATE payout_counts SET sum_minor = sum_minor + 1 WHERE stage = 'sent'",
		"UPDATE payout_counts SET orders = orders + 1 WHERE stage = 'sent'",
		"DELETE FROM payout_counts WHERE stage = 'sent'",
		"UPDATE payouts SET amount_minor = amount_minor + 1",
	} {
		town := servicestest.New(t)
		town.Sent(town.Form("apay.taiwan", 1))
		town.Sound()
		town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Exec(wrong).Error }))
		report, err := models.Verify(town.Store.Read(t.Context()))
		town.Must(err)
		found := false
		for _, f := range report.Findings {
			found = found || f.Check == "totals"
		}
		if !found {
			t.Errorf("%s: found %v", wrong, report.Findings)
		}
	}
}

// I24, over the whole of an order's life: no account number and no key lies open in
// the file.
func TestI24_NothingSealedLiesOpenAfterAWholeLife(t *testing.T) {
	for rail, field := range map[string]string{
		"apay.unionpay": "number", "apay.alipay": "alipay_account_name", "apay.taiwan": "number", "cashy.peru": "accountNo",
	} {
		town := servicestest.New(t)
		p := town.Sent(town.Form(rail, 1))
		town.Live(10*time.Minute, 10*time.Second)
		if _, err := town.Payouts.Reveal(t.Context(), town.Approver, p.OrderNo); err != nil {
			t.Fatal(err)
		}
		var tables []string
		town.Must(town.Store.Read(t.Context()).Raw("SELECT name FROM sqlite_master WHERE type = 'table'").Scan(&tables).Error)
		for _, table := range tables {
			var rows []map[string]any
			town.Must(town.Store.Read(t.Context()).Table(table).Find(&rows).Error)
			for _, row := range rows {
				for column, value := range row {
					for _, secret := range []string{servicestest.Answers[rail][field], "key-of-", "token-of-"} {
						if contains(textOf(value), secret) {
							t.Errorf("%s: %s.%s holds %s", rail, table, column, secret)
						}
					}
				}
			}
		}
	}
}
