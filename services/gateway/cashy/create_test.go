package cashy

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

const testKey = "TestApiKey0123456789abcdefABCDEF"

var (
	lima = time.FixedZone("America/Lima", -5*60*60)
	at   = time.Date(2026, 11, 13, 18, 2, 11, 0, time.UTC)
)

func account() gateway.Account {
	return gateway.Account{
		Name: "CASHY Lima", MerchantID: "100001", Currency: "PEN", BaseURL: "https://gateway.example/stage-api/", Key: testKey,
		Algorithm: MD5, NotifyURL: "https://merchant.example/webhooks/payout", Zone: lima,
	}
}

func order() gateway.Order {
	return gateway.Order{
		OrderNo: "P123456", Rail: peru, Amount: models.Money{Minor: 100_00, Currency: "PEN"},
		Fields: map[string]string{
			"accountName": "John", "accountNo": "0037651234", "accountType": "1", "bankId": "4", "idType": "1", "idCard": "12345678", "remark": "remark",
		},
	}
}

const vectorB3 = `{"accountName":"John","accountNo":"0037651234","accountType":1,"currency":"PEN","amount":100.00,"bankId":4,"mchOrderNo":"P123456","notifyUrl":"https://merchant.example/webhooks/payout","nonceStr":"1628381288000","idType":"1","idCard":"12345678","remark":"remark"}`

const vectorB4 = `{"orderStatus":"SUCCESS","amount":100.0,"fee":0,"mchOrderNo":"2a6421c4-3758-4d1a-b47e-f7d0e7133f9e","merchantId":"100001","orderNo":"PAYOUT8388679728902370944","completionTime":"2022-08-08 08:08:08","resultDesc":"SUCCESS"}`

func TestThePublicVectors(t *testing.T) {
	for body, want := range map[string]string{
		`{"nonceStr":"4190026990"}`:                                  "391a4d16f42e965facba9cde47a7cc21",
		`{"mchOrderNo":"M1656756338536","nonceStr":"1628381288000"}`: "70808a93a634f927fec25c320b2832f5",
		vectorB3: "c179e78f2a84c030cfa243def316b518",
		vectorB4: "d34aeed3c03fa79614a7a7c2dfce3793",
	} {
		if got, err := Sign([]byte(body), testKey); err != nil || got != want {
			t.Errorf("%s: %s, %v", body, got, err)
		}
	}
	if _, err := Sign([]byte("{}"), ""); err == nil {
		t.Error("signed without a key")
	}
}

func TestI01_TheBytesOfEachCall(t *testing.T) {
	asked := order()
	asked.OrderNo = "M1656756338536"
	known := asked
	known.GatewayNo = "PAYOUT1"
	for _, c := range []struct {
		name            string
		make            func() (gateway.Request, error)
		path, body, sum string
	}{
		{"B-1", func() (gateway.Request, error) { return New().Balance(account(), at, "4190026990") },
			"/api/getBalance", `{"nonceStr":"4190026990"}`, "391a4d16f42e965facba9cde47a7cc21"},
		{"B-2", func() (gateway.Request, error) { return New().Query(account(), asked, at, "1628381288000") },
			"/api/payOutQuery", `{"mchOrderNo":"M1656756338536","nonceStr":"1628381288000"}`, "70808a93a634f927fec25c320b2832f5"},
		{"B-3", func() (gateway.Request, error) { return New().Create(account(), order(), at, "1628381288000") },
			"/api/payOut", vectorB3, "c179e78f2a84c030cfa243def316b518"},
		{"both numbers", func() (gateway.Request, error) { return New().Query(account(), known, at, "1") },
			"/api/payOutQuery", `{"orderNo":"PAYOUT1","mchOrderNo":"M1656756338536","nonceStr":"1"}`, ""},
		{"bank list", func() (gateway.Request, error) { return BankList(account(), "4190026990") },
			"/api/bankListQuery", `{"nonceStr":"4190026990"}`, "391a4d16f42e965facba9cde47a7cc21"},
	} {
		request, err := c.make()
		if err != nil || request.Method != "POST" || request.URL != "https://gateway.example/stage-api"+c.path || string(request.Body) != c.body {
			t.Errorf("%s: %v %s %s\n%s", c.name, err, request.Method, request.URL, request.Body)
		}
		sign := request.Header.Get("Sign")
		if c.sum != "" && sign != c.sum || len(sign) != 32 || request.Header.Get("MerchantId") != "100001" ||
			request.Header.Get("Content-Type") != "application/json" || len(request.Header) != 3 {
			t.Errorf("%s: headers %v", c.name, request.Header)
		}
	}
}

func TestTheCCIStandsInBothPlaces(t *testing.T) {
	o := order()
	o.Fields["bankId"], o.Fields["accountNo"] = "13", "01806800406877529073"
	o.Fields["phone"], o.Fields["email"] = "+51987654321", "rosa@example.com"
	o.Fields["accountName"] = `Rosa "Ña" <Núñez>`
	request, err := New().Create(account(), o, at, "1")
	want := `{"accountName":"Rosa \"Ña\" <Núñez>","accountNo":"01806800406877529073","cciAccountNo":"01806800406877529073","accountType":1,` +
		`"currency":"PEN","amount":100.00,"bankId":13,"mchOrderNo":"P123456","notifyUrl":"https://merchant.example/webhooks/payout","nonceStr":"1",` +
		`"idType":"1","idCard":"12345678","phone":"+51987654321","email":"rosa@example.com","remark":"remark"}`
	if err != nil || string(request.Body) != want {
		t.Errorf("%v\n%s", err, request.Body)
	}
}

func TestThePreviewIsTheRequestMasked(t *testing.T) {
	o := order()
	o.Fields["bankId"], o.Fields["accountNo"], o.Fields["email"] = "13", "01806800406877529073", "rosa@example.com"
	request, err := New().Create(account(), o, at, "1")
	if err != nil {
		t.Fatal(err)
	}
	body, err := gateway.ReadObject(request.Body)
	if err != nil {
		t.Fatal(err)
	}
	lines := request.Lines[2:] // the two headers
	for i, member := range body.Members() {
		if lines[i].Name != member.Name {
			t.Errorf("line %d is %s, field is %s", i, lines[i].Name, member.Name)
		}
	}
	want := map[string]gateway.WireLine{
		"accountNo":    {Value: "········9073"},
		"cciAccountNo": {Value: "········9073"},
		"accountType":  {Value: "1", Note: "Ahorro"},
		"amount":       {Value: "100.00", Note: "100.00 PEN", Mark: true},
		"bankId":       {Value: "13", Note: "Banco de la Nacion"},
		"idType":       {Value: "1", Note: "DNI"},
		"idCard":       {Value: "········5678"},
		"email":        {Value: "ro***@example.com"},
		"Sign":         {Value: gateway.Mask(request.Header.Get("Sign")), Note: "header"},
	}
	for _, line := range request.Lines {
		wanted, ok := want[line.Name]
		if wanted.Name = line.Name; ok && line != wanted {
			t.Errorf("%+v, want %+v", line, wanted)
		}
	}
}

func TestS12_WhatTheWireCannotCarryIsNotSent(t *testing.T) {
	for name, spoil := range map[string]func(*gateway.Account, *gateway.Order){
		"a line break":         func(_ *gateway.Account, o *gateway.Order) { o.Fields["accountName"] = "A\nB" },
		"a long name":          func(_ *gateway.Account, o *gateway.Order) { o.Fields["accountName"] = strings.Repeat("A", 33) },
		"a bank of letters":    func(_ *gateway.Account, o *gateway.Order) { o.Fields["bankId"] = "4}" },
		"no account kind":      func(_ *gateway.Account, o *gateway.Order) { delete(o.Fields, "accountType") },
		"too much":             func(_ *gateway.Account, o *gateway.Order) { o.Amount.Minor = 2_000_01 },
		"too little":           func(_ *gateway.Account, o *gateway.Order) { o.Amount.Minor = 9_99 },
		"another currency":     func(_ *gateway.Account, o *gateway.Order) { o.Amount.Currency = "USD" },
		"a long order number":  func(_ *gateway.Account, o *gateway.Order) { o.OrderNo = strings.Repeat("A", 33) },
		"another family's":     func(_ *gateway.Account, o *gateway.Order) { o.Rail = "apay.taiwan" },
		"no address":           func(a *gateway.Account, _ *gateway.Order) { a.NotifyURL = "" },
		"an address of itself": func(a *gateway.Account, _ *gateway.Order) { a.NotifyURL = "/webhooks" },
		"a bare address":       func(a *gateway.Account, _ *gateway.Order) { a.NotifyURL = "https://203.0.113.7/webhooks" },
		"no key":               func(a *gateway.Account, _ *gateway.Order) { a.Key = "" },
		"no merchant":          func(a *gateway.Account, _ *gateway.Order) { a.MerchantID = "" },
		"a merchant's header":  func(a *gateway.Account, _ *gateway.Order) { a.MerchantID = "1\r\nX: y" },
		"another algorithm":    func(_ *gateway.Account, o *gateway.Order) { o.Algorithm = "HMAC-SHA256" },
	} {
		a, o := account(), order()
		o.Fields = maps.Clone(o.Fields)
		spoil(&a, &o)
		request, err := New().Create(a, o, at, "1")
		if !errors.Is(err, gateway.ErrCannotCarry) && !errors.Is(err, gateway.ErrAccount) || request.Body != nil {
			t.Errorf("%s: %v, %s", name, err, request.Body)
		}
		if err != nil && strings.Contains(err.Error(), "00376") {
			t.Errorf("%s: the error tells the account: %v", name, err)
		}
	}
	for _, nonce := range []string{"", strings.Repeat("1", 33), "a b", `"`} {
		if _, err := New().Create(account(), order(), at, nonce); !errors.Is(err, gateway.ErrCannotCarry) {
			t.Errorf("nonce %q: %v", nonce, err)
		}
	}
}
