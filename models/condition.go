package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Trigger is what makes a condition of the policy apply (features.md E3).
type Trigger string

// The triggers. Those that are facts of the order are frozen with its submission;
// the others follow from them and the policy.
const (
	NewAccount     Trigger = "new_account"     // nothing was ever paid to this account number
	ChangedDetails Trigger = "changed_details" // the payee's details changed, nothing was paid to the new ones yet
	TwinOverride   Trigger = "twin_override"   // much like another order; the maker gave a reason
	OddAnswer      Trigger = "odd_answer"      // an answer that is allowed and not usual; the maker gave a reason
	NoFile         Trigger = "no_file"         // nothing is attached
	Reissued       Trigger = "reissued"        // it takes the place of an order that failed
	OutOfHours     Trigger = "out_of_hours"    // submitted outside the policy's hours, or at the weekend
	ThroughGateway Trigger = "gateway"         // through this gateway account
	OnRail         Trigger = "rail"            // on this rail
)

// Triggers lists them all, in the order in which they are told.
var Triggers = []Trigger{
	NewAccount, ChangedDetails, TwinOverride, OddAnswer, NoFile, Reissued, OutOfHours, ThroughGateway, OnRail,
}

// Named says whether a condition with this trigger says of what.
func (t Trigger) Named() bool { return t == ThroughGateway || t == OnRail }

// Condition asks for more where its trigger applies: a further step, or what the
// next band asks for.
type Condition struct {
	When Trigger
	Of   string // the number of the gateway account, or the rail
	Add  Step
	Next bool // the next band; the highest stays
}

// NextBand is how a condition that asks for the next band is written.
const NextBand = "next band"

// Then is what follows, as it is written.
func (c Condition) Then() string {
	if c.Next {
		return NextBand
	}
	return c.Add.String()
}

type conditionText struct {
	When Trigger `json:"when"`
	Of   string  `json:"of,omitempty"`
	Then string  `json:"then"`
}

// MarshalJSON writes the condition.
func (c Condition) MarshalJSON() ([]byte, error) {
	return json.Marshal(conditionText{c.When, c.Of, c.Then()})
}

// UnmarshalJSON reads it back.
func (c *Condition) UnmarshalJSON(text []byte) error {
	var read conditionText
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*c = Condition{When: read.When, Of: read.Of, Next: read.Then == NextBand}
	if c.Next {
		return nil
	}
	var err error
	c.Add, err = ReadStep(read.Then)
	return err
}

// applies says whether the condition holds of an order with these facts.
func (c Condition) applies(r Rules, f Facts) bool {
	switch c.When {
	case OutOfHours:
		return r.Hours.Outside(f.At)
	case ThroughGateway:
		return c.Of == fmt.Sprint(f.Gateway)
	case OnRail:
		return c.Of == f.Rail
	}
	return f.Is(c.When)
}

func (c Condition) check() error {
	switch {
	case !slices.Contains(Triggers, c.When), c.When.Named() == (c.Of == ""):
		return Refuse(Invalid, "policy.condition")
	case !c.Next && (c.Add.Count < 1 || c.Add.Count > needMost):
		return Refuse(Invalid, "policy.condition_step")
	}
	return nil
}

// Hours are when people are expected at work. Without a zone there are none, and
// nothing is outside them.
type Hours struct {
	Zone   string `json:"zone,omitempty"`
	Opens  int    `json:"opens,omitempty"`  // the first hour of a working day
	Closes int    `json:"closes,omitempty"` // the first hour after it
}

// Outside says whether a moment is at night or at the weekend.
func (h Hours) Outside(at time.Time) bool {
	if h.Zone == "" {
		return false
	}
	at = at.In(zone(h.Zone))
	day, hour := at.Weekday(), at.Hour()
	return day == time.Saturday || day == time.Sunday || hour < h.Opens || hour >= h.Closes
}

func (h Hours) check() error {
	if h == (Hours{}) {
		return nil
	}
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" || h.Zone == "Local" {
		return Refuse(Invalid, "policy.zone").On("zone")
	}
	if h.Opens < 0 || h.Closes > 24 || h.Opens >= h.Closes {
		return Refuse(Invalid, "policy.hours").On("opens")
	}
	return nil
}
