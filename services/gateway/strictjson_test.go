package gateway

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestS11_WhatTheStrictReaderRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                      "",
		"blanks":                       "  \n",
		"no object":                    `[{"a":1}]`,
		"a string":                     `"a"`,
		"HTML":                         "<html><body>502 Bad Gateway</body></html>",
		"half an object":               `{"error_code":"0000","data":{"payout_id":"POT0`,
		"trailing data":                `{"a":1} {"a":2}`,
		"a trailing bracket":           `{"a":1}}`,
		"a trailing comma":             `{"a":1,}`,
		"a byte order mark":            "\ufeff" + `{"a":1}`,
		"Latin-1":                      "{\"a\":\"\xe9\"}",
		"one name twice":               `{"a":1,"a":1}`,
		"one name in two letter cases": `{"amount":1,"Amount":2}`,
		"the Kelvin sign for k":        `{"key":1,"Key":2}`,
		"twice by an escape":           `{"a":1,"\u0061":2}`,
		"twice further in":             `{"data":{"a":1,"a":2}}`,
		"twice in a list":              `{"data":[{"a":1,"A":2}]}`,
		"nine deep":                    strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1),
		"nine deep in lists":           `{"a":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth) + `}`,
		"half a surrogate":             `{"a":"\ud800"}`,
		"the wrong half first":         `{"a":"\udc00\ud800"}`,
		"half a surrogate and more":    `{"a":"\ud800\u0041"}`,
		"leading zeros":                `{"a":0100}`,
		"NaN":                          `{"a":NaN}`,
		"a line break in a string":     "{\"a\":\"x\ny\"}",
		"more than 64 KiB":             `{"a":"` + strings.Repeat("x", MaxBody) + `"}`,
		"gzip":                         "\x1f\x8b\x08\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			if object, err := ReadObject([]byte(body)); err == nil {
				t.Fatalf("read as %s", object.Encode())
			}
		})
	}
}

func TestS11_WhichErrorARepeatedNameGives(t *testing.T) {
	_, err := ReadObject([]byte(`{"error_code":"0000","Error_Code":"0004"}`))
	var twice *RepeatedName
	if !errors.As(err, &twice) || twice.Name != "Error_Code" {
		t.Fatalf("got %v", err)
	}
}

func TestS11_WhatTheStrictReaderKeeps(t *testing.T) {
	for _, body := range []string{
		`{}`,
		`{"z":1,"a":2,"m":{"y":null,"b":[]}}`,
		`{"amount":100.00,"e":1e5,"big":123456789012345678901234567890,"n":-0.0}`,
		`{"name":"鴻達<&>=\"\\\/","emoji":"\ud83d\ude00","tab":"\t"}`,
		`{"no":null,"yes":true,"not":false,"empty":""}`,
		strings.Repeat(`{"a":`, MaxDepth) + "1" + strings.Repeat("}", MaxDepth),
	} {
		object, err := ReadObject([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		again, err := ReadObject(object.Encode())
		if err != nil || !bytes.Equal(again.Encode(), object.Encode()) {
			t.Fatalf("%s: not the same after writing: %s, %v", body, object.Encode(), err)
		}
	}
}

func TestM31_LiteralsStayAsTheyCame(t *testing.T) {
	object, err := ReadObject([]byte(`{"a":100.00,"b":"100.00","c":1e5,"d":null,"e":true,"f":[1.0,"x"],"g":{"b":1,"a":null},"h":""}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		shape   Shape
		scalar  string
		compact string
		carried bool
	}{
		"a": {ShapeNumber, "100.00", "100.00", true},
		"b": {ShapeString, "100.00", `"100.00"`, true},
		"c": {ShapeNumber, "1e5", "1e5", true},
		"d": {ShapeNull, "", "null", false},
		"e": {ShapeBool, "true", "true", true},
		"f": {ShapeArray, "", `[1.0,"x"]`, true},
		"g": {ShapeObject, "", `{"b":1,"a":null}`, true},
		"h": {ShapeString, "", `""`, false},
		"A": {ShapeAbsent, "", "null", false},
	} {
		got := object.Get(name)
		if got.Shape() != want.shape || got.Scalar() != want.scalar || got.Compact() != want.compact || got.Carried() != want.carried {
			t.Errorf("%s: %v %q %q %v", name, got.Shape(), got.Scalar(), got.Compact(), got.Carried())
		}
	}
	if _, ok := object.Get("b").Literal(); ok {
		t.Error("a string passed for a number")
	}
	if _, ok := object.Get("a").Text(); ok {
		t.Error("a number passed for a string")
	}
}

func TestQuoteEscapesOnlyWhatItMust(t *testing.T) {
	if got := Quote("<a>&\u2028é\"\\\n\x01/"); got != "\"<a>&\u2028é\\\"\\\\\\n\\u0001/\"" {
		t.Fatal(got)
	}
}
