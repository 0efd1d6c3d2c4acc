package models

// Kind sorts refusals by the answer that a page gives.
type Kind int

// The kinds of refusal.
const (
	Invalid   Kind = iota + 1 // 422: the form comes back as it was typed
	Forbidden                 // 403: somebody else may
	Missing                   // 404: not there, or not for these eyes
	Conflict                  // 409: it changed meanwhile
	TooOften                  // 429: wait
	Stopped                   // 503: we cannot write safely
)

// Refusal is a "no" that a person may read, as a catalogue key. Every other
// error is a fault of ours: logged in full, shown as nothing but a reference.
type Refusal struct {
	Kind  Kind
	Key   string
	Field string // the form field at fault, if one is
	Args  []any  // names and values for the catalogue
}

func (r Refusal) Error() string { return r.Key }

// Refuse makes a Refusal; args are names and values for the catalogue.
func Refuse(kind Kind, key string, args ...any) Refusal {
	return Refusal{Kind: kind, Key: key, Args: args}
}

// On names the form field at fault.
func (r Refusal) On(field string) Refusal {
	r.Field = field
	return r
}

// Refusals are several at once, so that a form shows every error.
type Refusals []Refusal

func (r Refusals) Error() string {
	if len(r) == 0 {
		return "no refusals"
	}
	return r[0].Key
}

// Word is a catalogue key among the values of a refusal or of a change.
type Word string

// RailList are rails by their ids, comma separated, among the values of a change.
type RailList string
