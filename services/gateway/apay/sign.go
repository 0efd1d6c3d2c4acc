package apay

import (
	"crypto/hmac"
	"crypto/md5" // #nosec G501 -- the gateway's older scheme, only for orders pinned to it
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"countersign/services/gateway"
)

// The algorithms of sign_type. An order keeps the one it was created with, so
// that nobody can talk us down to the weaker.
const (
	HMAC = "HMAC-SHA256"
	MD5  = "MD5"
)

// Canonical is the text that a signature covers: every field that came but
// sign, sign_type and empty ones, sorted by name, joined with & and =
// (gateways.md 1.2).
func Canonical(o *gateway.Object) string { return canonical(signed(o)) }

func canonical(fields []gateway.Member) string {
	pairs := make([]string, len(fields))
	for i, field := range fields {
		pairs[i] = field.Name + "=" + text(field.Value)
	}
	return strings.Join(pairs, "&")
}

// signed are the fields that count, sorted by the bytes of their names. Sorting
// the joined pairs instead would put a=1 behind a-b=1.
func signed(o *gateway.Object) []gateway.Member {
	fields := make([]gateway.Member, 0, len(o.Members()))
	for _, field := range o.Members() {
		if field.Name != "sign" && field.Name != "sign_type" && field.Value.Carried() {
			fields = append(fields, field)
		}
	}
	slices.SortFunc(fields, func(a, b gateway.Member) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// text is how a value enters the canonical text.
func text(v gateway.Value) string {
	if shape := v.Shape(); shape == gateway.ShapeArray || shape == gateway.ShapeObject {
		return v.Compact()
	}
	return v.Scalar()
}

// Splits says whether the canonical text could be taken apart in another way
// than it was put together, so that its signature proves nothing (M32).
func Splits(o *gateway.Object) bool { return splits(signed(o)) }

func splits(fields []gateway.Member) bool {
	for _, field := range fields {
		if field.Name == "" || strings.ContainsFunc(field.Name, func(r rune) bool { return r == '=' || splitting(r) }) ||
			strings.ContainsFunc(text(field.Value), splitting) {
			return true
		}
	}
	return false
}

func splitting(r rune) bool {
	return r == '&' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}

// Sign signs a canonical text, in lower-case hex. With MD5 the key stands in the
// text, with HMAC it does not.
func Sign(canonical, key, algorithm string) (string, error) {
	if key == "" {
		return "", fmt.Errorf("%w: no key", gateway.ErrAccount)
	}
	switch algorithm {
	case HMAC:
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(canonical))
		return hex.EncodeToString(mac.Sum(nil)), nil
	case MD5:
		sum := md5.Sum([]byte(canonical + "&" + key)) // #nosec G401
		return hex.EncodeToString(sum[:]), nil
	}
	return "", fmt.Errorf("%w: signature algorithm %q", gateway.ErrAccount, algorithm)
}

// verify compares the sign that an object carries with the one it should have,
// by the algorithm pinned to its order.
func verify(o *gateway.Object, key, algorithm string) gateway.Check {
	sign := o.Get("sign")
	if !sign.Carried() {
		return gateway.CheckMissing
	}
	if kind := o.Get("sign_type"); kind.Carried() && kind.Scalar() != algorithm {
		return gateway.CheckAlgorithm
	}
	fields := signed(o)
	if splits(fields) {
		return gateway.CheckSplit
	}
	want, err := Sign(canonical(fields), key, algorithm)
	if err != nil {
		return gateway.CheckAlgorithm
	}
	return compare(sign, want)
}

// compare decodes both, so that the letter case of hex does not matter, and
// takes the same time wherever they differ.
func compare(sign gateway.Value, want string) gateway.Check {
	written, ok := sign.Text()
	got, err := hex.DecodeString(written)
	expected, _ := hex.DecodeString(want)
	switch {
	case !ok, err != nil:
		return gateway.CheckBad
	case len(got) != len(expected):
		return gateway.CheckAlgorithm
	case subtle.ConstantTimeCompare(got, expected) != 1:
		return gateway.CheckBad
	}
	return gateway.CheckGood
}
