package sandbox

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the protocols' own algorithm
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"countersign/services/gateway"
)

// The algorithms of family apay, as sign_type names them.
const (
	MD5  = "MD5"
	HMAC = "HMAC-SHA256"
)

// canonical is the text that an apay signature covers (gateways.md 1.2).
func canonical(f fields) string {
	var lines []string
	for _, one := range f.sorted() {
		empty := one.text == "" || !one.quoted && one.text == "null"
		if empty || one.name == "sign" || one.name == "sign_type" {
			continue
		}
		lines = append(lines, one.name+"="+one.text)
	}
	return strings.Join(lines, "&")
}

// received is what came as fields, for canonical.
func received(object *gateway.Object) fields {
	var f fields
	for _, member := range object.Members() {
		text, quoted := member.Value.Text()
		if !quoted {
			text = member.Value.Compact()
		}
		f = append(f, field{name: member.Name, text: text, quoted: quoted})
	}
	return f
}

// signApay is the signature of family apay.
func signApay(text, algorithm, key string) string {
	if algorithm == HMAC {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		return hex.EncodeToString(mac.Sum(nil))
	}
	return md5Hex([]byte(text + "&" + key))
}

// signCashy is the signature of family cashy: over the bytes, followed by the key.
func signCashy(body []byte, key string) string {
	return md5Hex(slices.Concat(body, []byte(key)))
}

func md5Hex(text []byte) string {
	sum := md5.Sum(text) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// same compares without telling by its time where the difference is.
func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
