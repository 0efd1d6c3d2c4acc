package apay

import (
	"testing"

	"countersign/services/gateway"
)

const testKey = "ThisIsYourSecretKey123"

func object(t testing.TB, body string) *gateway.Object {
	t.Helper()
	read, err := gateway.ReadObject([]byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return read
}

// The public vectors of gateways.md 1.2, as bodies in the order of the
// documents.
var vectors = []struct{ name, body, canonical, md5, hmac string }{
	{
		"A-1 deposit example",
		`{"platform_id":"PF0002","service_id":"SVC0001","payment_cl_id":"DEVPM00014581","amount":"50000","notify_url":"https://your-domain.com/callback","request_time":"1595504136"}`,
		"amount=50000&notify_url=https://your-domain.com/callback&payment_cl_id=DEVPM00014581&platform_id=PF0002&request_time=1595504136&service_id=SVC0001",
		"49be5fa304b5f536c6e2ea89435e211a",
		"d8857715eece9c4b52b5e128ba541ee918effdc052c1152f6d1db0be7f1db509",
	},
	{
		"A-2 UnionPay",
		`{"amount":"50000","name":"test_name","notify_url":"https://xxx.xx/notification","number":"test","payout_cl_id":"DEVPOT00143538","platform_id":"PF0002","request_time":"1595504997","service_id":"SVC0062","sign":"8ac38fb87c2bcce4cf36627d4f8aa747"}`,
		"amount=50000&name=test_name&notify_url=https://xxx.xx/notification&number=test&payout_cl_id=DEVPOT00143538&platform_id=PF0002&request_time=1595504997&service_id=SVC0062",
		"b24b2462c0409d33117e1c485cdb9b5d",
		"4440aa131650fb01ef2e83347af4461cce784a9929e6e22f96f319f0e7f54275",
	},
	{
		"A-3 Taiwan",
		`{"amount":"50000","bank_code":"812","name":"test_name","notify_url":"https://xxx.xx/notification","number":"4088748280272397","payout_cl_id":"DEVPOT00143538","platform_id":"PF0002","currency":"twd","request_time":"1595504997","service_id":"SVC0004","sign":"8ac38fb87c2bcce4cf36627d4f8aa747"}`,
		"amount=50000&bank_code=812&currency=twd&name=test_name&notify_url=https://xxx.xx/notification&number=4088748280272397&payout_cl_id=DEVPOT00143538&platform_id=PF0002&request_time=1595504997&service_id=SVC0004",
		"bffadbad374da3490d719a61f296d0cb",
		"77e994f29fc3ff923b6e7964b31eda4e9a5376440c7fd53a818eeec3e6885b60",
	},
	{
		"A-4 array",
		`{"platform_id":"PF0002","service_id":"SVC0001","payment_cl_id":"DEVPM00014582","amount":"50000","last_numbers":["12345","67890"],"request_time":"1595504136"}`,
		`amount=50000&last_numbers=["12345","67890"]&payment_cl_id=DEVPM00014582&platform_id=PF0002&request_time=1595504136&service_id=SVC0001`,
		"d83314a437f7d4f1d294dafe43b348b3",
		"002a464fa31e48b267d46cc96054235db5f04001543d30962313d465bcaba579",
	},
	{
		"A-5 notification",
		`{"payout_id":"POT00000102","payout_cl_id":"97a968b4a9db497c8c03198e395a38c6","platform_id":"PF0014","amount":400000,"fee":0,"error_msg":"","status":3,"create_time":1567614049,"update_time":1567614111,"sign_type":"HMAC-SHA256","sign":"6d15b7720d747ef63df5f8c41baae7ee39c2d8c82d9f7841a667c97069d2dd85"}`,
		"amount=400000&create_time=1567614049&fee=0&payout_cl_id=97a968b4a9db497c8c03198e395a38c6&payout_id=POT00000102&platform_id=PF0014&status=3&update_time=1567614111",
		"",
		"6d15b7720d747ef63df5f8c41baae7ee39c2d8c82d9f7841a667c97069d2dd85",
	},
}

func TestThePublicVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			canonical := Canonical(object(t, v.body))
			if canonical != v.canonical {
				t.Fatalf("canonical text\n%s\n%s", canonical, v.canonical)
			}
			for algorithm, want := range map[string]string{MD5: v.md5, HMAC: v.hmac} {
				if got, err := Sign(canonical, testKey, algorithm); want != "" && (got != want || err != nil) {
					t.Errorf("%s: %s, %v", algorithm, got, err)
				}
			}
		})
	}
}

func TestWhatEntersTheCanonicalText(t *testing.T) {
	for name, c := range map[string][2]string{
		"null and empty go, zero and false stay": {`{"a":null,"b":"","c":0,"d":"0","e":false}`, `c=0&d=0&e=false`},
		"a blank stays":                          {`{"a":" "}`, `a= `},
		"number and string are the same":         {`{"a":50000,"b":"50000"}`, `a=50000&b=50000`},
		"literals are kept":                      {`{"a":1.50,"b":1e5,"c":12345678901234567890}`, `a=1.50&b=1e5&c=12345678901234567890`},
		"bytes sort, capitals first":             {`{"b":1,"a":1,"Z":1,"_":1}`, `Z=1&_=1&a=1&b=1`},
		"names sort, not pairs":                  {`{"a-b":1,"a":1}`, `a=1&a-b=1`},
		"objects keep their order":               {`{"a":{"z":1,"b":null,"c":[]}}`, `a={"z":1,"b":null,"c":[]}`},
		"lists are compact":                      {`{"a":[ 1, "x" ]}`, `a=[1,"x"]`},
		"empty lists stay":                       {`{"a":[],"b":{}}`, `a=[]&b={}`},
		"nothing is escaped":                     {`{"a":["<鴻>\u0026"],"b":"<é>"}`, `a=["<鴻>&"]&b=<é>`},
		"escapes of strings are taken off":       {`{"a":"\u00e9\/\""}`, `a=é/"`},
		"only the outer sign goes":               {`{"a":{"sign":"x"},"sign":"y","sign_type":"MD5"}`, `a={"sign":"x"}`},
	} {
		if got := Canonical(object(t, c[0])); got != c[1] {
			t.Errorf("%s: %s, want %s", name, got, c[1])
		}
	}
}

func TestS12_OtherAlgorithmsAreRefused(t *testing.T) {
	for _, algorithm := range []string{"", "SHA1", "hmac-sha256", "none"} {
		if sign, err := Sign("a=1", testKey, algorithm); err == nil {
			t.Errorf("%q signed %s", algorithm, sign)
		}
	}
	if _, err := Sign("a=1", "", HMAC); err == nil {
		t.Error("signed without a key")
	}
}
