package sandbox

import "time"

// protocol is how one family spells what the platform knows.
type protocol interface {
	names() names
	contentType() string                  // of notices
	amount(cents int64) string            // as a JSON literal
	cents(literal string) int64           // of a literal that is in order
	duplicate() string                    // the code for a number that is taken
	poor() string                         // the code for too low a balance
	refusal(code string) []byte           // a whole answer
	envelope(data fields) []byte          // a whole answer
	accepted(r *record) fields            // the data of a create call's answer
	notice(r *record, word Word) fields   // without signature
	stamp(f fields, now time.Time) fields // what differs at each try
	seal(l *letter)                       // fields → signed body and headers
	content(body []byte) bool             // the exact good answer to a notice
}

// names are the wire names of what both families call differently.
type names struct{ number, merchant string }

func speaks(family string) protocol {
	if family == Apay {
		return apay{}
	}
	return cashy{}
}

// less is a tenth less, and never the same.
func less(cents int64) int64 { return cents - cents/10 - 1 }

// another is an order number like the given one that nobody has.
func another(number string) string {
	if number == "" {
		return "0"
	}
	last := number[len(number)-1]
	if last == '0' {
		return number[:len(number)-1] + "1"
	}
	return number[:len(number)-1] + "0"
}
