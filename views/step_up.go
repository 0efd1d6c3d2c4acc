package views

// StepUp is how the reader of a page proves that they are there, for the act that the
// page offers (E12): by what they have, and by nothing less.
type StepUp struct {
	Asked    bool   // false on a page whose act is not signed
	Stamp    string // of the question to the passkey
	Question PasskeyQuestion
	By       string // the field whose answer decides which of the questions is put
	Passkeys bool   // they have one that signs
	Code     bool
	Password bool // they have no factor
	Click    bool // somebody of a demonstration
	AddAgain bool // only passkeys that let in and sign nothing
}

// stepUpButton is the button of the act.
type stepUpButton struct{ Words, Icon, Kind string }

// second is a button that stands beside the passkey's.
func (p StepUp) second(b stepUpButton) string {
	if p.Question == "" {
		return b.Kind
	}
	return ""
}
