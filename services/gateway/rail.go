package gateway

import (
	"time"

	"countersign/models"
)

// Rail is one way of paying at a gateway: its form, its checks and its preview
// are all made from this description (A2). Adding a rail adds no page.
type Rail struct {
	ID         string // "apay.unionpay": stored with every payout
	Family     string
	Key        string // catalogue key of its name: "rail.apay.unionpay"
	Title      string // its name on the wire preview: "Taiwan bank"
	Service    string // the gateway's own id: SVC0062, ""
	Currency   string
	Country    string // ISO 3166, for examples and sorting
	Min, Max   models.Money
	NormalTime time.Duration // usual time to a final word; three times that is overdue
	Fields     []Field
	NameField  string // which field holds the payee's name
	// AccountField holds the number that money goes to. It is encrypted, masked
	// and searched by keyed hash.
	AccountField string
	BankField    string // "" or the field that names the bank
	// Forbidden are the characters that the family's signed text cannot carry.
	Forbidden string
	// Rules are the checks that need more than one field, or the amount; nil
	// where there are none. Validate runs them after the checks of each field.
	Rules func(amount models.Money, values map[string]string) []FieldError
}

// Kind is how a field is asked for.
type Kind string

// The kinds of field.
const (
	KindText    Kind = "text"
	KindAccount Kind = "account" // monospace; spaces and hyphens are ignored
	KindChoice  Kind = "choice"  // few, shown as a list to choose from
	KindSearch  Kind = "search"  // many, found by code or name
)

// Field is one answer that a rail needs.
type Field struct {
	Name     string // on the wire and in the form
	Key      string // catalogue key of its label; Key+".hint" may exist
	Kind     Kind
	Required bool
	Payee    bool // belongs to the payee's version, not to this one order
	Local    bool // kept with us, not sent
	MaxLen   int  // in characters
	Width    int  // of the box, in characters
	Secret   bool // masked in previews: accounts, documents, phones
	Example  string
	Hint     bool // Key+".hint" is in the catalogue
	Choices  []Option
	// When says whether the field is asked for at all, given the other answers;
	// nil means always.
	When func(values map[string]string) bool
	// Vary gives another label for some answers: the account number of a small
	// Peruvian bank is asked for as CCI. nil means always Key.
	Vary func(values map[string]string) string
}

// KeyFor is the catalogue key of the field's label, given the other answers.
func (f Field) KeyFor(values map[string]string) string {
	if f.Vary != nil {
		return f.Vary(values)
	}
	return f.Key
}

// Asked says whether the field is asked for, given the other answers.
func (f Field) Asked(values map[string]string) bool {
	return f.When == nil || f.When(values)
}

// Option is one of a field's choices.
type Option struct {
	Value string
	Label string // a proper name; not translated
	Key   string // or a catalogue key
	Group string
}

// Word is a catalogue key that stands as a value in another sentence: a field's
// label in "{{.Field}} is missing". Views translate it before they fill it in.
type Word = models.Word

// FieldError is one thing wrong with an answer. Key is in the catalogue; Args
// are its names and values, in pairs. Field "amount" is the amount.
type FieldError struct {
	Field string
	Key   string
	Args  []any
	// Warning does not stop a submission: the maker gives a reason (2.8
	// "usually").
	Warning bool
}
