package gateway

import (
	"strings"
	"testing"
)

func TestI24_SecretsAreMasked(t *testing.T) {
	for secret, want := range map[string]string{
		"":                 "",
		"12345":            "········",
		"123456":           "········56",
		"40887312":         "········7312",
		"4088748280272397": "········2397",
		"lihua@163.com":    "li***@163.com",
		"l@163.com":        "***@163.com",
		"@163.com":         "········.com",
		"一二三四五六七八九":        "········六七八九",
	} {
		if got := Mask(secret); got != want {
			t.Errorf("%q: %q, want %q", secret, got, want)
		}
	}
}

const account = "4088748280272397"

func TestI24_NoAccountNumberInRawText(t *testing.T) {
	secrets := []string{"number", "sign", "accountNo"}
	for name, body := range map[string]string{
		"a field":               `{"number":"` + account + `","amount":"50000"}`,
		"a number literal":      `{"number":` + account + `}`,
		"another letter case":   `{"Number":"` + account + `"}`,
		"further in":            `{"data":[{"number":"` + account + `"}]}`,
		"a list":                `{"number":["` + account + `"]}`,
		"an object":             `{"number":{"raw":"` + account + `"}}`,
		"a sentence":            `{"error_msg":"account ` + account + ` is closed"}`,
		"a sentence, grouped":   `{"error_msg":"account 4088 7482 8027 2397 is closed"}`,
		"broken JSON":           `{"number":"` + account + `","amo`,
		"cut within":            `{"amount":"1","number":"40887482802723`,
		"named twice":           `{"number":"1","number":"` + account + `"}`,
		"HTML":                  "<p>account " + account + "</p>",
		"escaped in broken":     `{"number":"4088\"748280272397", `,
		"not UTF-8":             "{\"number\":\"" + account + "\",\"x\":\"\xff\"}",
		"more than can be read": `{"number":"` + account + `","x":"` + strings.Repeat("y", MaxBody) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			got := MaskedBody([]byte(body), secrets)
			if flat := strings.NewReplacer(" ", "", `\"`, "").Replace(got); strings.Contains(flat, account[:12]) {
				t.Fatalf("not masked: %s", got)
			}
		})
	}
}

func TestRawTextKeepsItsOrder(t *testing.T) {
	got := MaskedBody([]byte(`{"z":1,"number":"4088748280272397","data":{"a":[],"b":[1,{"c":null}]},"o":{}}`), []string{"number"})
	want := `{
  "z": 1,
  "number": "········2397",
  "data": {
    "a": [],
    "b": [
      1,
      {
        "c": null
      }
    ]
  },
  "o": {}
}`
	if got != want {
		t.Fatalf("got %s", got)
	}
}
