package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is read from a gateway (S11).
const (
	MaxBody  = 64 << 10
	MaxDepth = 8
)

// Errors of ReadObject. A repeated name is a *RepeatedName.
var (
	ErrTooLarge  = errors.New("json: more than 64 KiB")
	ErrTooDeep   = errors.New("json: nested more than 8 deep")
	ErrCharset   = errors.New("json: not UTF-8")
	ErrMalformed = errors.New("json: not one JSON object")
)

// RepeatedName is the refusal of an object that names a member twice, also
// when the names differ only in letter case: two readers would then see two
// different messages under one signature.
type RepeatedName struct{ Name string }

func (e *RepeatedName) Error() string { return fmt.Sprintf("json: %q is named twice", e.Name) }

// ReadObject reads the one JSON object that body must be, keeping the order of
// its members and the literals of its numbers.
func ReadObject(body []byte) (*Object, error) {
	switch {
	case len(body) > MaxBody:
		return nil, ErrTooLarge
	case !utf8.Valid(body):
		return nil, ErrCharset
	case deeperThan(body, MaxDepth):
		return nil, ErrTooDeep
	case !json.Valid(body), !pairedSurrogates(body):
		return nil, ErrMalformed
	}
	read := reader{text: body}
	value, err := read.value()
	if err != nil {
		return nil, err
	}
	if value.shape != ShapeObject {
		return nil, ErrMalformed
	}
	return value.object, nil
}

// fold makes names equal that differ only in letter case, also outside ASCII.
func fold(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return strings.ToLower(strings.ToUpper(name))
		}
	}
	return strings.ToLower(name)
}

// deeperThan counts brackets outside strings, before any parser recurses.
func deeperThan(body []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// pairedSurrogates refuses \ud800 without its other half: the standard decoder
// silently turns it into another character.
func pairedSurrogates(body []byte) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		switch half := unicodeEscape(body[i:]); {
		case half < 0:
		case half >= 0xDC00 && half <= 0xDFFF:
			return false
		case half >= 0xD800 && half <= 0xDBFF:
			rest := body[i+5:]
			if len(rest) == 0 || rest[0] != '\\' {
				return false
			}
			if low := unicodeEscape(rest[1:]); low < 0xDC00 || low > 0xDFFF {
				return false
			}
			i += 10
		default:
			i += 4
		}
	}
	return true
}

// unicodeEscape reads u12ab, the part of an escape after its backslash; -1 if
// it is another escape.
func unicodeEscape(text []byte) int64 {
	if len(text) < 5 || text[0] != 'u' {
		return -1
	}
	code, err := strconv.ParseInt(string(text[1:5]), 16, 32)
	if err != nil {
		return -1
	}
	return code
}
