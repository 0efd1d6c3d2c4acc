package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Facts are all that the need of an order follows from, as it stood when the order
// was submitted (features.md E3, E6). The log keeps them with the submission; what
// becomes of the world afterwards changes no need.
type Facts struct {
	Sum       Money
	ToAccount int64 // minor units that this account number gets within 24 hours, this order included
	ByMaker   int64 // … that its maker asked for
	Gateway   AccountID
	Rail      string
	Marks     []Trigger // what else is true of it
	At        time.Time // of the submission
}

// SumsOver is how long sums to one account, and of one maker, count together.
const SumsOver = 24 * time.Hour

// Text is how the log keeps the facts; the time is that of the event.
func (f Facts) Text() string {
	words := []string{f.Sum.Currency, fmt.Sprint(f.Sum.Minor), "account", fmt.Sprint(f.ToAccount), "maker", fmt.Sprint(f.ByMaker),
		"gateway", fmt.Sprint(f.Gateway), "rail", f.Rail}
	for _, mark := range f.Marks {
		words = append(words, string(mark))
	}
	return strings.Join(words, " ")
}

// factWords is how many words a text of facts has without marks.
const factWords = 10

// ReadFacts reads the facts of a submission. Of orders submitted before facts were
// kept there are none: ok is false.
func ReadFacts(e Event) (f Facts, ok bool) { return readFacts(e.Details["facts"], e.At) }

func readFacts(text string, at time.Time) (f Facts, ok bool) {
	words := strings.Fields(text)
	if len(words) < factWords {
		return f, false
	}
	var wrong bool
	figure := func(word string) int64 {
		n, err := strconv.ParseInt(word, 10, 64)
		wrong = wrong || err != nil
		return n
	}
	f = Facts{
		Sum: Money{figure(words[1]), words[0]}, ToAccount: figure(words[3]), ByMaker: figure(words[5]),
		Gateway: AccountID(figure(words[7])), Rail: words[9], At: at,
	}
	for _, word := range words[factWords:] {
		f.Marks = append(f.Marks, Trigger(word))
	}
	return f, !wrong
}

// Is says whether a mark is among them.
func (f Facts) Is(mark Trigger) bool { return slices.Contains(f.Marks, mark) }
