package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/apay"
	"countersign/services/gateway/cashy"
	"countersign/services/gateway/sandbox"
)

func TestTheOrdersInTheDocumentsAreAccepted(t *testing.T) {
	t.Parallel()
	s := play(t)
	a := s.do(http.MethodPost, "/gateway/api/v2/payouts", `{"amount":"50000","name":"test_name","notify_url":"https://xxx.xx/notification",
		"number":"test","payout_cl_id":"DEVPOT00143538","platform_id":"PF0002","request_time":"1595504997","service_id":"SVC0062",
		"sign":"b24b2462c0409d33117e1c485cdb9b5d"}`)
	s.wants("A-2", a.body, `{"error_code":"0000","data":{"payout_id":"POT00000001"}}`)

	b := s.do(http.MethodPost, "/stage-api/api/payOut", `{"accountName":"John","accountNo":"0037651234","accountType":1,"currency":"PEN","amount":100.00,"bankId":4,"mchOrderNo":"P123456","notifyUrl":"https://merchant.example/webhooks/payout","nonceStr":"1628381288000","idType":"1","idCard":"12345678","remark":"remark"}`,
		"Content-Type", "application/json", "MerchantId", "100001", "Sign", "c179e78f2a84c030cfa243def316b518")
	s.wants("B-3", b.body, `{"msg":"SUCCESS","code":200,"data":{"merchantId":"100001","mchOrderNo":"P123456","orderNo":"PAYOUT8`)
	s.wants("B-3", b.body, `"amount":100.0,"fee":0,"orderStatus":"PROCESSING"}}`)

	balance := s.do(http.MethodPost, "/stage-api/api/getBalance", `{"nonceStr":"4190026990"}`,
		"Content-Type", "application/json", "MerchantId", "100001", "Sign", "391a4d16f42e965facba9cde47a7cc21")
	s.wants("B-1", balance.body, `"data":{"mchId":"100001","balance":999898.5,"unBalance":101.5}`)
	query := s.do(http.MethodPost, "/stage-api/api/payOutQuery", `{"mchOrderNo":"M1656756338536","nonceStr":"1628381288000"}`,
		"Content-Type", "application/json", "MerchantId", "100001", "Sign", "70808a93a634f927fec25c320b2832f5")
	s.wants("B-2", query.body, `{"msg":"Order_not_exist","code":500}`)
}

// taiwan is a create call that the second apay merchant may make.
func taiwan() *gateway.Object {
	return (&gateway.Object{}).
		Add("platform_id", "PF0014").Add("service_id", "SVC0004").Add("payout_cl_id", "TW1").Add("currency", "twd").
		Add("amount", "10000").Add("bank_code", "822").Add("number", "4088748280272397").Add("request_time", "1595504997")
}

func with(o *gateway.Object, name, text string) *gateway.Object {
	changed := &gateway.Object{}
	for _, m := range o.Members() {
		if m.Name == name {
			m.Value = gateway.StringValue(text)
		}
		changed.AddValue(m.Name, m.Value)
	}
	return changed
}

func TestApayRefusesWhatIsNotInOrder(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, code     string
		body           *gateway.Object
		key, algorithm string
	}{
		{"in order", "0000", taiwan(), "k14", apay.HMAC},
		{"another key", "0004", taiwan(), "k41", apay.HMAC},
		{"MD5 after its end", "0004", taiwan(), "k14", apay.MD5},
		{"an unknown merchant", "0004", with(taiwan(), "platform_id", "PF9999"), "k14", apay.HMAC},
		{"no account", "0002", with(taiwan(), "number", ""), "k14", apay.HMAC},
		{"too long an order number", "0002", with(taiwan(), "payout_cl_id", strings.Repeat("x", 65)), "k14", apay.HMAC},
		{"cents with a point", "0002", with(taiwan(), "amount", "100.0"), "k14", apay.HMAC},
		{"eleven digits", "0002", with(taiwan(), "amount", "99999999999"), "k14", apay.HMAC},
		{"another service", "0003", with(taiwan(), "service_id", "SVC0062"), "k14", apay.HMAC},
		{"another currency", "0003", with(taiwan(), "currency", "TWD"), "k14", apay.HMAC},
		{"an unknown bank", "0012", with(taiwan(), "bank_code", "999"), "k14", apay.HMAC},
		{"more than there is", "0018", with(taiwan(), "amount", "50100"), "k14", apay.HMAC},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := play(t)
			s.wants("answer", s.sendApay(c.body, c.key, c.algorithm).body, `{"error_code":"`+c.code+`"`)
			order, _ := s.Order(c.body.Get("payout_cl_id").Scalar())
			if order.Exists != (c.code == "0000") || len(order.Deliveries) != 1 {
				t.Errorf("exists: %v, deliveries: %d", order.Exists, len(order.Deliveries))
			}
			if want := map[bool]string{true: "accepted", false: c.code}[c.code == "0000"]; order.Deliveries[0].Answer != want {
				t.Errorf("noted as %q, want %q", order.Deliveries[0].Answer, want)
			}
		})
	}
}

func TestCashyRefusesWhatIsNotInOrder(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, msg string
		cents     int64
		change    map[string]string
	}{
		{"in order", "SUCCESS", 100_00, nil},
		{"no name", "Params_accountName_Required", 100_00, map[string]string{"accountName": ""}},
		{"an empty name", "Params_accountName_Required", 100_00, map[string]string{"accountName": `""`}},
		{"too long a name", "Params_accountName_error", 100_00, map[string]string{"accountName": `"` + strings.Repeat("x", 33) + `"`}},
		{"less than ten", "Params_amount_error", 9_99, nil},
		{"more than two thousand", "Params_amount_error", 2000_01, nil},
		{"three decimals", "Params_amount_error", 100_00, map[string]string{"amount": "100.001"}},
		{"another currency", "Params_currency_error", 100_00, map[string]string{"currency": `"MXN"`}},
		{"a bank that does not exist", "Params_bankId_error", 100_00, map[string]string{"bankId": "15"}},
		{"nine digits at Scotiabank", "Params_accountNo_error", 100_00, map[string]string{"accountNo": `"003765123"`}},
		{"a savings number at BCP's current accounts", "Params_accountNo_error", 100_00, map[string]string{"bankId": "3", "accountType": "0", "accountNo": `"12345678901234"`}},
		{"a small bank without CCI", "Params_cciAccountNo_Required", 100_00, map[string]string{"bankId": "6", "accountNo": `"00219300153895206813"`}},
		{"a small bank with CCI", "SUCCESS", 100_00, map[string]string{"bankId": "6", "accountNo": `"00219300153895206813"`, "cciAccountNo": `"00219300153895206813"`}},
		{"nine whole units", "Params_amount_error", 0, map[string]string{"amount": "9"}},
		{"ten whole units", "SUCCESS", 0, map[string]string{"amount": `"10"`}},
		{"no remark", "Params_remark_Required", 100_00, map[string]string{"remark": ""}},
		{"no nonce", "Params_nonceStr_Required", 100_00, map[string]string{"nonceStr": ""}},
		{"an unknown document", "Params_idType_error", 100_00, map[string]string{"idType": `"5"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := play(t)
			s.wants("answer", s.peru("P1", c.cents, c.change).body, `{"msg":"`+c.msg+`"`)
			if order, _ := s.Order("P1"); order.Exists != (c.msg == "SUCCESS") || s.Deliveries("P1") != 1 {
				t.Errorf("exists: %v, deliveries: %d", order.Exists, s.Deliveries("P1"))
			}
		})
	}
}

func TestCashyRefusesCallers(t *testing.T) {
	t.Parallel()
	s := play(t)
	body := `{"nonceStr":"4190026990"}`
	good := "391a4d16f42e965facba9cde47a7cc21"
	cases := []struct {
		name, msg, method, body string
		header                  []string
	}{
		{"GET", "RequestMethod_not_post", "GET", "", nil},
		{"a form", "RequestContentType_not_json", "POST", body, []string{"Content-Type", "text/plain"}},
		{"nothing", "RequestBody_is_null", "POST", "", []string{"Content-Type", "application/json"}},
		{"no JSON", "Params_jsonFormat_error", "POST", "{", []string{"Content-Type", "application/json"}},
		{"nobody", "MerchantId_is_null", "POST", body, []string{"Content-Type", "application/json"}},
		{"a name", "MerchantId_not_Number", "POST", body, []string{"Content-Type", "application/json", "MerchantId", "x"}},
		{"a stranger", "MerchantId_is_error", "POST", body, []string{"Content-Type", "application/json", "MerchantId", "7"}},
		{"no sign", "Sign_verify_error", "POST", body, []string{"Content-Type", "application/json", "MerchantId", "100001"}},
		{"another body's sign", "Sign_verify_error", "POST", `{"nonceStr": "4190026990"}`, []string{"Content-Type", "application/json", "MerchantId", "100001", "Sign", good}},
	}
	for _, c := range cases {
		s.wants(c.name, s.do(c.method, "/stage-api/api/getBalance", c.body, c.header...).body, `{"msg":"`+c.msg+`","code":500}`)
	}
}

func TestTheSameNumberIsRefusedAndCounted(t *testing.T) {
	t.Parallel()
	for _, family := range families {
		s := play(t)
		s.wants("first", s.create(family, "N1", 0).body, accepted(family))
		again := map[string]string{sandbox.Apay: `{"error_code":"0019"`, sandbox.Cashy: `{"msg":"Order_already_exists"`}
		s.wants("second", s.create(family, "N1", 0).body, again[family])
		if s.Deliveries("N1") != 2 || len(s.Orders()) != 1 {
			t.Errorf("%s: %d deliveries, %d orders", family, s.Deliveries("N1"), len(s.Orders()))
		}
	}
}

func TestAListIsSignedRowByRow(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 50000)
	s.unionpay("N2", 60000)
	body := s.query(sandbox.Apay, "N1")
	object, err := gateway.ReadObject([]byte(body))
	if err != nil || len(object.Get("data").Items()) != 1 || object.Get("total").Scalar() != "1" {
		t.Fatalf("%v in %s", err, body)
	}
	row := object.Get("data").Items()[0].Object()
	want, _ := apay.Sign(apay.Canonical(row), apayKey, apay.HMAC)
	if sign, _ := row.Get("sign").Text(); sign != want || row.Get("payout_cl_id").Scalar() != "N1" || row.Get("status").Scalar() != "1" || row.Get("update_time").Scalar() != "0" {
		t.Errorf("row %s", body)
	}
	all := s.do(http.MethodGet, "/gateway/api/v2/payouts?limit=1&offset=1", "", "Authorization", token).body
	s.wants("second page", all, `"payout_cl_id":"N1"`)
	s.wants("second page", all, `"total":2`)
	s.wants("unknown", s.query(sandbox.Apay, "N9"), `{"error_code":"0000","data":[],"total":0}`)
}

func TestTheSingleFormNamesOneOrder(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.sendApay(taiwan(), "k14", apay.HMAC)
	ask := func(path, token string) reply { return s.do(http.MethodGet, path, "", "Authorization", token) }
	s.wants("known", ask("/gateway/api/v2/payouts/TW1", "t14").body, `{"error_code":"0000","data":{"payout_id":"POT00000001","payout_cl_id":"TW1","amount":10000,"fee":0,"status":1,`)
	s.wants("unknown", ask("/gateway/api/v2/payouts/TW2", "t14").body, `{"error_code":"0050"`)
	s.wants("bad token", ask("/gateway/api/v2/payouts/TW1", "t41").body, `{"error_code":"0006"`)
	s.wants("another's order", ask("/gateway/api/v2/payouts?payout_cl_id=TW1", token).body, `"data":[]`)
	if r := ask("/gateway/api/v2/payouts?payout_cl_id=TW1", "t14"); r.status != http.StatusNotFound {
		t.Errorf("the other form answers %d", r.status)
	}
}

func TestABalanceFollowsTheOrders(t *testing.T) {
	t.Parallel()
	s := play(t)
	read := func() string {
		return s.do(http.MethodGet, "/gateway/api/v2/platforms/balance", "", "Authorization", token).body
	}
	s.wants("bad token", s.do(http.MethodGet, "/gateway/api/v2/platforms/balance", "").body, `{"error_code":"0006"`)
	s.unionpay("N1", 500_00)
	s.wants("held", read(), `"data":{"platform_id":"PF0002","total_balance":100000000,"total_frozen_balance":50200}`)
	s.pass(2 * time.Minute)
	s.wants("paid", read(), `"total_balance":99949800,"total_frozen_balance":0`)
	if err := s.Push("N1", sandbox.PushReversed); err != nil {
		t.Fatal(err)
	}
	s.wants("returned", read(), `"total_balance":100000000,"total_frozen_balance":0`)
	if moves := s.Movements("PF0002"); len(moves) != 3 || moves[1].Total != (models.Money{Minor: 999_498_00, Currency: "CNY"}) {
		t.Errorf("movements: %v", moves)
	}
}

func TestTheBankListIsThatOfPeru(t *testing.T) {
	t.Parallel()
	s := play(t)
	got := s.cashy("bankListQuery", `{"nonceStr":"1"}`).body
	s.wants("a big one", got, `{"bankId":3,"bankCode":"BCP Banco de Crédito de Perú","bankName":"BCP Banco de Crédito de Perú"}`)
	if n := strings.Count(got, "bankId"); n != 26 {
		t.Errorf("%d banks", n)
	}
}

func TestCashyNoticesAreWrittenAsTheyWereSeen(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.peru("P1", 100_00, nil)
	s.pass(2 * time.Minute)
	got := s.inbox.messages()
	if len(got) != 1 {
		t.Fatalf("%d notices", len(got))
	}
	order, _ := s.Order("P1")
	want := `{"amount":100.0,"completionTime":"2026-11-19 07:02:00","fee":1.5,"mchOrderNo":"P1","merchantId":"100001","nonceStr":"1795089720000","orderNo":"` + order.GatewayNo + `","orderStatus":"SUCCESS","payType":"BANK","resultDesc":"SUCCESS"}`
	sign, _ := cashy.Sign([]byte(want), cashyKey)
	if got[0].body != want || got[0].header.Get("Sign") != sign || got[0].header.Get("MerchantId") != "100001" {
		t.Errorf("got %s %v, want %s %s", got[0].body, got[0].header, want, sign)
	}
}

func TestApayNoticesAreSignedAsTheOrderWas(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.unionpay("N1", 500_00)
	s.pass(2 * time.Minute)
	got := s.inbox.messages()
	if len(got) != 1 {
		t.Fatalf("%d notices", len(got))
	}
	object, err := gateway.ReadObject([]byte(got[0].body))
	if err != nil {
		t.Fatal(err)
	}
	sign, _ := apay.Sign(apay.Canonical(object), apayKey, apay.HMAC)
	s.wants("notice", got[0].body, `{"payout_id":"POT00000001","payout_cl_id":"N1","platform_id":"PF0002","amount":50000,"real_amount":50000,"fee":200,"status":3,"error_msg":"","create_time":1795089600,"update_time":1795089720,"sign_type":"HMAC-SHA256","sign":"`+sign+`"}`)
}
