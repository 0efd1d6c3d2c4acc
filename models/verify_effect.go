package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// carried are the beginnings of the names of what a move may carry.
var carried = []string{`"grade"`, `"need`, `"reason"`, `"room"`, `"wants"`}

// effectIn is what the move carried, as with kept it in the details of the event.
// Most carried nothing, and their details need not be read.
func effectIn(details string) (e Effect) {
	if !slices.ContainsFunc(carried, func(name string) bool { return strings.Contains(details, name) }) {
		return e
	}
	if eachPlain(details, e.set) {
		return e
	}
	e = Effect{} // half of it may have been read
	var d Details
	if json.Unmarshal([]byte(details), &d) != nil {
		return Effect{} // what it led to is compared all the same
	}
	for name, value := range d {
		e.set(name, value)
	}
	return e
}

// EffectOf is what the move of an event carried.
func EffectOf(e Event) Effect { return effectIn(e.Details.text()) }

func (e *Effect) set(name, value string) {
	switch name {
	case "grade":
		e.Grade = Grade(figure(value))
	case "needed":
		e.Needed = figure(value)
	case "need":
		e.Need = value
	case "wants":
		e.Wants = Role(value)
	case "reason":
		e.Reason = UnclearReason(value)
	case "room":
		e.Room = value
	}
}

// figure is a number in the details; nearly all have one digit.
func figure(text string) (n int) {
	if len(text) == 1 && '0' <= text[0] && text[0] <= '9' {
		return int(text[0] - '0')
	}
	fmt.Sscan(text, &n)
	return n
}

// eachPlain gives every name and value of details that are written as nearly all are:
// without a space between, and in ASCII without an escape. It is not plain where
// anything else is there; then only a real reader knows what it says.
func eachPlain(details string, tell func(name, value string)) (plain bool) {
	rest, open := strings.CutPrefix(details, "{")
	for open {
		var name, value string
		if name, rest, open = cutQuoted(rest, ":"); !open {
			return false
		}
		if value, rest, open = cutQuoted(rest, ""); !open {
			return false
		}
		tell(name, value)
		if rest == "}" {
			return true
		}
		rest, open = strings.CutPrefix(rest, ",")
	}
	return false
}

// cutQuoted cuts a quoted text, and the sign after it.
func cutQuoted(rest, after string) (text, left string, ok bool) {
	if rest, ok = strings.CutPrefix(rest, `"`); !ok {
		return "", "", false
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '"':
			left, ok = strings.CutPrefix(rest[i+1:], after)
			return rest[:i], left, ok
		case c < ' ' || c == '\\' || c > '~':
			return "", "", false
		}
	}
	return "", "", false
}
