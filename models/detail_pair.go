package models

// DetailPair is one answer of a payee before and after, for two eyes side by side (D2).
type DetailPair struct {
	Key      string // of its label
	Old, New []Digit
	Secret   bool
	Differs  int // in how many places
}

// Digit is one character of an answer. A masked one still shows that it differs.
type Digit struct {
	Text    string
	Differs bool
}

const (
	maskedDigit = "•" // stands for one that not everybody may see
	shownDigits = 4   // the last ones, which everybody may
)

// PairOf sets an answer before beside the one after.
func PairOf(key, old, now string, secret, whole bool) DetailPair {
	return DetailPair{
		Key: key, Secret: secret, Differs: Differing(old, now),
		Old: digitsOf(old, now, secret && !whole), New: digitsOf(now, old, secret && !whole),
	}
}

// digitsOf are the characters of an answer, set against another from their ends: that is
// what people know of a number.
func digitsOf(text, against string, masked bool) (all []Digit) {
	own, other := []rune(text), []rune(against)
	for i, r := range own {
		d := Digit{Text: string(r), Differs: true}
		if j := len(other) - len(own) + i; j >= 0 {
			d.Differs = other[j] != r
		}
		if masked && i < len(own)-shownDigits {
			d.Text = maskedDigit
		}
		all = append(all, d)
	}
	return all
}

// Differing counts the places in which two answers differ, from their ends.
func Differing(old, now string) (n int) {
	longer, shorter := old, now
	if len([]rune(now)) > len([]rune(old)) {
		longer, shorter = now, old
	}
	for _, d := range digitsOf(longer, shorter, false) {
		if d.Differs {
			n++
		}
	}
	return n
}
