package gateway

import (
	"bytes"
	"encoding/json"
	"math/big"
	"testing"

	"countersign/models"
)

// What the strict reader accepts the standard one accepts too, and both read the
// same: no member is lost, doubled or changed (S11).
func FuzzStrictJSON(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[{"c":"\u00e9"}],"d":null}`))
	f.Add([]byte(`{"a":1,"A":2}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		object, err := ReadObject(body)
		if err != nil {
			return
		}
		standard := json.NewDecoder(bytes.NewReader(body))
		standard.UseNumber()
		var read any
		if err := standard.Decode(&read); err != nil || !json.Valid(body) || len(body) > MaxBody {
			t.Fatalf("read what is no JSON: %q, %v", body, err)
		}
		if !sameValue(object.AsValue(), read, 1) {
			t.Fatalf("%q was read as %s", body, object.Encode())
		}
		checkWritten(t, object)
		_ = MaskedBody(body, []string{"a"})
	})
}

// sameValue compares what the two readers made of one value.
func sameValue(ours Value, standard any, depth int) bool {
	text, same := "", depth <= MaxDepth+1
	switch standard := standard.(type) {
	case map[string]any:
		same = same && ours.Shape() == ShapeObject && len(ours.Object().Members()) == len(standard)
		for name, value := range standard {
			same = same && sameValue(ours.Object().Get(name), value, depth+1)
		}
		return same
	case []any:
		same = same && ours.Shape() == ShapeArray && len(ours.Items()) == len(standard)
		for i := 0; same && i < len(standard); i++ {
			same = sameValue(ours.Items()[i], standard[i], depth+1)
		}
		return same
	case string:
		text, same = standard, ours.Shape() == ShapeString
	case json.Number:
		text, same = standard.String(), ours.Shape() == ShapeNumber
	case bool:
		text, same = map[bool]string{true: "true", false: "false"}[standard], ours.Shape() == ShapeBool
	case nil:
		same = ours.Shape() == ShapeNull
	}
	return same && ours.Scalar() == text
}

// checkWritten: what was read can be written, and reads back as the same.
func checkWritten(t *testing.T, object *Object) {
	t.Helper()
	written := object.Encode()
	again, err := ReadObject(written)
	if err != nil && len(written) <= MaxBody {
		t.Fatalf("cannot read what was written: %q: %v", written, err)
	}
	if err == nil && !bytes.Equal(again.Encode(), written) {
		t.Fatalf("%q became %q", written, again.Encode())
	}
}

// Both families' units: a sum that is read is exactly the number that was written,
// and the sum that is written reads back as the same (I1).
func FuzzUnits(f *testing.F) {
	for _, seed := range []string{"100", "100.0", "0.01", "1.5E9", "1e-2", "-3.50", "1,000", "99999999.99", "9999999999", "0x1p4", "1_0", "٣"} {
		f.Add(seed, "PEN", int64(48600000))
	}
	f.Add("150", "JPY", int64(500))
	f.Fuzz(func(t *testing.T, text, currency string, minor int64) {
		for unit, read := range map[int64]func(text, currency string) (models.Money, error){1: Units, 100: Cents} {
			if sum, err := read(text, currency); err == nil && !exactly(text, unit, sum) {
				t.Fatalf("%q in 1/%d %s became %d", text, unit, currency, sum.Minor)
			}
		}
		if d, err := ParseDecimal(text); err == nil {
			checkDecimal(t, text, d)
		}
		checkCents(t, models.Money{Minor: minor, Currency: currency})
	})
}

// exactly holds a sum against the number's text, in rational numbers.
func exactly(text string, unit int64, sum models.Money) bool {
	places, known := models.Scale(sum.Currency)
	want, ok := new(big.Rat).SetString(text)
	if !ok || !known {
		return false
	}
	got := big.NewRat(sum.Minor, 1)
	got.Quo(got, tens(places))
	return want.Quo(want, big.NewRat(unit, 1)).Cmp(got) == 0
}

func tens(places int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
}

// checkDecimal: what is shown of a number is the number.
func checkDecimal(t *testing.T, text string, d Decimal) {
	t.Helper()
	want, ok := new(big.Rat).SetString(text)
	got, shown := new(big.Rat).SetString(d.String())
	if !ok || !shown || want.Cmp(got) != 0 {
		t.Fatalf("%q is shown as %q", text, d)
	}
}

// checkCents: a sum that is written in cents is within what we carry, ten digits,
// and reads back.
func checkCents(t *testing.T, sum models.Money) {
	t.Helper()
	text, err := ToCents(sum)
	if err != nil {
		return
	}
	if back, err := Cents(text, sum.Currency); err != nil || back != sum || len(text) > 10 || sum.Minor <= 0 || sum.Minor > models.MaxMinor {
		t.Fatalf("%v was written as %q, which reads as %v, %v", sum, text, back, err)
	}
}
