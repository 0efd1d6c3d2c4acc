package sandbox

import (
	"slices"
	"time"
)

// Scenario is how the platform treats one order: what becomes of the create
// call, of the money, of questions and of notices. The zero value accepts,
// keeps the order waiting for ever, and answers the truth.
type Scenario struct {
	ID       string
	Key      string   // catalogue key of its title
	HintKey  string   // and of the line beneath
	Group    Group    // where the control page lists it
	Families []string // which can play it; nil means both
	Rows     []int    // the rows of invariants.md §2 that it plays: 2 for M2

	Create Create
	Fate   []Turn
	Query  []Phase
	// Tell are the notices; nil means one series at each final turn, true and
	// well signed.
	Tell  []Tell
	Quiet bool // no notices at all
}

// books says whether the order comes to exist.
func (c Scenario) books() bool { return !c.Create.Lost && c.Create.Refuse == Refusal{} }

// Group is a part of the list of scenarios.
type Group string

// The groups, as the control page shows them.
const (
	Usual   Group = "usual" // the ten or so worth a demonstration
	Replies Group = "replies"
	Queries Group = "queries"
	Notices Group = "notices"
)

// Key is the catalogue key of the group's title.
func (g Group) Key() string { return "scenario.group." + string(g) }

// PlayedBy says whether a family can play the scenario.
func (c Scenario) PlayedBy(family string) bool {
	return c.Families == nil || slices.Contains(c.Families, family)
}

// Create is what becomes of the create call.
type Create struct {
	Refuse Refusal // not booked, and answered so
	Lost   bool    // not booked, whatever the answer says
	Reply  Reply   // nil answers as it should be
}

// Refusal is a code of each family.
type Refusal struct{ Apay, Cashy string }

func (r Refusal) code(family string) string {
	if family == Apay {
		return r.Apay
	}
	return r.Cashy
}

// Turn is a change of the order's fate.
type Turn struct {
	After time.Duration // from the booking, on the platform's clock
	Word  Word
	Less  bool // the payee gets a tenth less than ordered
	// Reason explains a failure in the gateway's words: "" is the usual one.
	Reason string
}

// Phase is how questions about the order are answered for a time. After the last
// phase the truth is told.
type Phase struct {
	Until  time.Duration // from the booking, on the platform's clock; 0 for ever
	Hidden bool          // not found
	Say    Word          // instead of the truth
	Alter  Alter         // what is wrong with the answer
	Reply  Reply         // how it travels
}

// Tell is one notice, with its tries.
type Tell struct {
	First    bool          // before the create call is answered (M19)
	After    time.Duration // from the booking, on the platform's clock
	Say      Word          // instead of the truth at that time
	Alter    Alter         // what is wrong with it
	Times    int           // posts of the same bytes at each try; 0 is 1
	Together bool          // at once, not one after another
	Once     bool          // no further try, whatever the answer
}

// phase is how the question about an order is to be answered now.
func (c Scenario) phase(age time.Duration) Phase {
	for _, p := range c.Query {
		if p.Until == 0 || age < p.Until {
			return p
		}
	}
	return Phase{}
}
