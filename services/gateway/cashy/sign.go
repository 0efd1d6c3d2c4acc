package cashy

import (
	"crypto/md5" // #nosec G501 -- the gateway knows no other scheme
	"crypto/subtle"
	"encoding/hex"
	"fmt"

	"countersign/services/gateway"
)

// MD5 is the only algorithm of this gateway.
const MD5 = "MD5"

// Sign signs a body exactly as it stands, in lower-case hex: the bytes and then
// the key, nothing between. One blank more or 100 for 100.0 is another sign.
func Sign(body []byte, key string) (string, error) {
	if key == "" {
		return "", fmt.Errorf("%w: no key", gateway.ErrAccount)
	}
	sum := md5.Sum(append(append([]byte{}, body...), key...)) // #nosec G401
	return hex.EncodeToString(sum[:]), nil
}

// verify compares the sign of what came. The letter case of hex is not defined
// anywhere, so it does not matter.
func verify(body []byte, signs []string, key string) gateway.Check {
	if len(signs) == 0 || signs[0] == "" {
		return gateway.CheckMissing
	}
	want, err := Sign(body, key)
	if err != nil {
		return gateway.CheckBad
	}
	got, err := hex.DecodeString(signs[0])
	expected, _ := hex.DecodeString(want)
	switch {
	case err != nil, len(signs) > 1:
		return gateway.CheckBad
	case len(got) != len(expected):
		return gateway.CheckAlgorithm
	case subtle.ConstantTimeCompare(got, expected) != 1:
		return gateway.CheckBad
	}
	return gateway.CheckGood
}
