package bundle

import (
	"fmt"
	"strconv"

	"countersign/models"
)

func number(id int64) string { return strconv.FormatInt(id, 10) }

// saying is the answer of a verdict, as its people chose it.
func saying(says string) string {
	words := map[string]string{"paid": "“paid”", "not_paid": "“not paid”", "returned": "“paid and returned”", "look_again": "“look again later”"}
	if known := words[says]; known != "" {
		return known
	}
	return strconv.Quote(says)
}

// sentence says how an act was signed, and what that is worth.
func (s SignedBy) sentence() string {
	who := s.Person + " " + s.Did + " "
	switch s.Method {
	case models.FactorPasskey:
		line := fmt.Sprintf("%swith the passkey “%s”, unlocked on %s: its signature over %s holds with the public key that they put on record in event %d.",
			who, s.Key.Details["passkey"], s.Origin, s.Over, s.Key.Seq)
		if s.Masked {
			line += " A number in the text of the proposal is masked here: the signature is over the digest of the whole text, and that the text is this one is the word of the installation."
		}
		return line
	case models.FactorCode:
		return who + "with a one-time code, as the log says; only the installation can have checked it."
	case models.FactorPassword:
		return who + "with a password, as the log says; only the installation can have checked it."
	case models.FactorDemo:
		return who + "by a click in a demonstration, which proves nothing of who clicked."
	}
	if s.Change != "" {
		return who + "by carrying out change " + s.Change + " of two people. They signed that change, and the bundle of an order does not carry those signatures."
	}
	return who + "without a signature: the log names none, as before proofs were kept."
}

// Proofs say how each act was signed: the approvals, then everything else.
func (f *Found) Proofs() (lines []string) {
	for _, signed := range [][]SignedBy{f.Signed, f.Deeds} {
		for _, s := range signed {
			lines = append(lines, s.sentence())
		}
	}
	return lines
}

// ways are how acts were signed, what proves most first.
var ways = []struct {
	kind models.FactorKind
	how  string
}{
	{models.FactorPasskey, "with a passkey: its signature over exactly that holds with a key that its owner had put on record before."},
	{models.FactorCode, "with a one-time code, as the log says; only the installation can have checked it."},
	{models.FactorPassword, "with a password, as the log says; only the installation can have checked it."},
	{models.FactorDemo, "by a click in a demonstration, which proves nothing of who clicked."},
	{"", "without a signature of its own: before proofs were kept, or as part of a change that two people signed."},
}

// heldWays count the acts of a period by how they were signed.
func heldWays(one, many string, counts map[models.FactorKind]int) (lines []string) {
	for _, way := range ways {
		if n := counts[way.kind]; n > 0 {
			lines = append(lines, plural(n, one, many)+" "+way.how)
		}
	}
	return lines
}
