package apay

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
)

var taipei = time.FixedZone("Asia/Taipei", 8*60*60)

// at is the request_time of the seeds.
var at = time.Unix(1595504997, 0)

func account() gateway.Account {
	return gateway.Account{
		Name: "APAY Taipei", MerchantID: "PF0002", Currency: "TWD", BaseURL: "https://gateway.example/", Key: testKey,
		Authorization: "token-of-the-platform", Algorithm: HMAC, QueryShape: QueryList,
		NotifyURL: "https://xxx.xx/notification", Zone: taipei,
	}
}

func order() gateway.Order {
	return gateway.Order{
		OrderNo: "DEVPOT00143538", Rail: taiwan, Amount: models.Money{Minor: 50000, Currency: "TWD"},
		Fields: map[string]string{"bank_code": "812", "number": "4088748280272397", "name": "test_name"},
	}
}

func create(t *testing.T, a gateway.Account, o gateway.Order) gateway.Request {
	t.Helper()
	request, err := New().Create(a, o, at, "")
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestI01_TheBytesOfACreate(t *testing.T) {
	request := create(t, account(), order())
	want := `{"platform_id":"PF0002","service_id":"SVC0004","payout_cl_id":"DEVPOT00143538","amount":"50000","currency":"twd",` +
		`"bank_code":"812","number":"4088748280272397","name":"test_name","notify_url":"https://xxx.xx/notification",` +
		`"request_time":"1595504997","sign_type":"HMAC-SHA256","sign":"77e994f29fc3ff923b6e7964b31eda4e9a5376440c7fd53a818eeec3e6885b60"}`
	if string(request.Body) != want {
		t.Errorf("body\n%s\n%s", request.Body, want)
	}
	if request.Method != "POST" || request.URL != "https://gateway.example/gateway/api/v2/payouts" {
		t.Errorf("%s %s", request.Method, request.URL)
	}
	if len(request.Header) != 1 || request.Header.Get("Content-Type") != "application/json;charset=utf-8" {
		t.Errorf("headers %v", request.Header)
	}
}

func TestMD5OrdersDoNotNameTheirAlgorithm(t *testing.T) {
	o := order()
	o.Algorithm = MD5 // pinned, though the account signs new orders by HMAC
	body := string(create(t, account(), o).Body)
	if strings.Contains(body, "sign_type") || !strings.HasSuffix(body, `"sign":"bffadbad374da3490d719a61f296d0cb"}`) {
		t.Error(body)
	}
}

func TestTheOtherRails(t *testing.T) {
	a := account()
	a.NotifyURL = ""
	for rail, want := range map[string]string{
		unionPay: `{"platform_id":"PF0002","service_id":"SVC0062","payout_cl_id":"DEVPOT00143538","amount":"50000","name":"王建国","number":"6222021234567899036","request_time":"1595504997","sign_type":"HMAC-SHA256","sign":"`,
		alipay:   `{"platform_id":"PF0002","service_id":"SVC0033","payout_cl_id":"DEVPOT00143538","amount":"50000","alipay_account_name":"li@163.com","alipay_surname":"周","request_time":"1595504997","sign_type":"HMAC-SHA256","sign":"`,
	} {
		o := order()
		o.Rail, o.Amount.Currency = rail, "CNY"
		o.Fields = map[string]string{
			"name": "王建国", "number": "6222021234567899036", "payee_name": "周丽", "alipay_account_name": "li@163.com", "alipay_surname": "周",
		}
		if body := string(create(t, a, o).Body); !strings.HasPrefix(body, want) || len(body) != len(want)+66 {
			t.Errorf("%s: %s", rail, body)
		}
	}
}

func TestThePreviewIsTheRequestMasked(t *testing.T) {
	request := create(t, account(), order())
	body := object(t, string(request.Body))
	if len(request.Lines) != len(body.Members()) {
		t.Fatalf("%d lines for %d fields", len(request.Lines), len(body.Members()))
	}
	for i, member := range body.Members() {
		if request.Lines[i].Name != member.Name {
			t.Errorf("line %d is %s, field is %s", i, request.Lines[i].Name, member.Name)
		}
	}
	want := map[string]gateway.WireLine{
		"service_id":   {Value: "SVC0004", Note: "Taiwan bank"},
		"amount":       {Value: "50000", Note: "500.00 TWD in cents", Mark: true},
		"bank_code":    {Value: "812", Note: "Taishin"},
		"number":       {Value: "········2397"},
		"name":         {Value: "test_name"},
		"request_time": {Value: "1595504997", Note: "23 Jul 19:49:57 Taipei", Mark: true},
		"sign":         {Value: "········5b60"},
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
		"an ampersand":          func(_ *gateway.Account, o *gateway.Order) { o.Fields["name"] = "A&B" },
		"an equals sign":        func(_ *gateway.Account, o *gateway.Order) { o.Fields["name"] = "A=B" },
		"a line break":          func(_ *gateway.Account, o *gateway.Order) { o.Fields["name"] = "A\nB" },
		"no text":               func(_ *gateway.Account, o *gateway.Order) { o.Fields["name"] = "\xff" },
		"no name":               func(_ *gateway.Account, o *gateway.Order) { delete(o.Fields, "name") },
		"eleven digits":         func(_ *gateway.Account, o *gateway.Order) { o.Amount.Minor = 10_000_000_000 },
		"nothing":               func(_ *gateway.Account, o *gateway.Order) { o.Amount.Minor = 0 },
		"another currency":      func(_ *gateway.Account, o *gateway.Order) { o.Amount.Currency = "CNY" },
		"no order number":       func(_ *gateway.Account, o *gateway.Order) { o.OrderNo = "" },
		"a long order number":   func(_ *gateway.Account, o *gateway.Order) { o.OrderNo = strings.Repeat("A", 33) },
		"a hyphen in it":        func(_ *gateway.Account, o *gateway.Order) { o.OrderNo = "2a6421c4-3758" },
		"another family's rail": func(_ *gateway.Account, o *gateway.Order) { o.Rail = "cashy.peru" },
		"a query in notify_url": func(a *gateway.Account, _ *gateway.Order) { a.NotifyURL = "https://xxx.xx/?a=1&b=2" },
		"= in notify_url":       func(a *gateway.Account, _ *gateway.Order) { a.NotifyURL = "https://xxx.xx/a=1" },
		"= in the merchant":     func(a *gateway.Account, _ *gateway.Order) { a.MerchantID = "PF=2" },
	} {
		a, o := account(), order()
		o.Fields = maps.Clone(o.Fields)
		spoil(&a, &o)
		request, err := New().Create(a, o, at, "")
		if !errors.Is(err, gateway.ErrCannotCarry) || request.Body != nil {
			t.Errorf("%s: %v, %s", name, err, request.Body)
		}
		if err != nil && strings.Contains(err.Error(), "4088") {
			t.Errorf("%s: the error tells the account: %v", name, err)
		}
	}
	a := account()
	a.Key = ""
	if _, err := New().Create(a, order(), at, ""); !errors.Is(err, gateway.ErrAccount) {
		t.Errorf("no key: %v", err)
	}
	a = account()
	a.NotifyURL = "https://xxx.xx/" + strings.Repeat("a", 257)
	if _, err := New().Create(a, order(), at, ""); !errors.Is(err, gateway.ErrAccount) {
		t.Errorf("a long address for notices: %v", err)
	}
	o := order()
	o.Algorithm = "SHA1"
	if _, err := New().Create(account(), o, at, ""); !errors.Is(err, gateway.ErrAccount) {
		t.Errorf("another algorithm: %v", err)
	}
}

func TestQuestions(t *testing.T) {
	single := account()
	single.QueryShape = QuerySingle
	for want, ask := range map[string]func() (gateway.Request, error){
		"https://gateway.example/gateway/api/v2/payouts?payout_cl_id=DEVPOT00143538": func() (gateway.Request, error) { return New().Query(account(), order(), at, "") },
		"https://gateway.example/gateway/api/v2/payouts/DEVPOT00143538":              func() (gateway.Request, error) { return New().Query(single, order(), at, "") },
		"https://gateway.example/gateway/api/v2/platforms/balance":                   func() (gateway.Request, error) { return New().Balance(account(), at, "") },
	} {
		request, err := ask()
		if err != nil || request.Method != http.MethodGet || request.URL != want || request.Body != nil {
			t.Errorf("%s %s %q, %v", request.Method, request.URL, request.Body, err)
		}
		if len(request.Header) != 1 || request.Header.Get("Authorization") != "token-of-the-platform" {
			t.Errorf("headers %v", request.Header)
		}
		for _, line := range request.Lines {
			if strings.Contains(line.Value, "token-of") {
				t.Errorf("the token stands in the preview: %+v", line)
			}
		}
	}
	none := account()
	none.Authorization = ""
	if _, err := New().Query(none, order(), at, ""); !errors.Is(err, gateway.ErrAccount) {
		t.Errorf("asked without a token: %v", err)
	}
}
