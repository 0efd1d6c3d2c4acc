package views

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// SandboxForm chooses what the gateways of the sandbox do next, as it was filled in.
type SandboxForm struct {
	Accounts []ui.Option // by account id
	Counts   []ui.Option
	Speeds   []ui.Option
	Groups   []ScenarioGroup
	Account  string
	Count    string
	Speed    string
	Scenario string
	Standing []StandingChoice
	Rules    []AmountRule
	Whole    bool // all scenarios, on the sandbox's own page
	Errors   Errors
}

// ScenarioGroup is a part of the list of scenarios.
type ScenarioGroup struct {
	Key       string // catalogue key of its title
	Scenarios []Scenario
}

// Scenario is one way to treat an order.
type Scenario struct{ ID, Key, HintKey string }

// StandingChoice is what was chosen for an account's next orders.
type StandingChoice struct {
	Account string
	Key     string // of the scenario
	Left    int    // orders
}

// AmountRule is a scenario that an amount chooses by its cents.
type AmountRule struct {
	Cents int64
	Key   string
}

// SandboxPage is what the sandbox is told to do, and what it knows.
type SandboxPage struct {
	Shell  Shell
	Form   SandboxForm
	Orders []SandboxOrder
	Pushes []ui.Option // what it can be made to say
	MaySee bool        // orders have pages for this person
}

// SandboxOrder is one order from both sides: what we have on record, and what the
// gateway's ledger knows.
type SandboxOrder struct {
	Payout     models.Payout
	Account    string
	Exists     bool   // it came to exist there
	Word       string // of the sandbox
	Paid       models.Money
	Deliveries int
	Queries    int
	Notices    int
	LastAnswer int    // HTTP status with which we answered the last notice; 0 is none
	Scenario   string // catalogue key
}

// counted is a figure of the sandbox's ledger; of an order that was told to it
// after a restart it never counted anything.
func (o SandboxOrder) counted(n int) string {
	if o.Exists && o.Deliveries == 0 {
		return "–"
	}
	return i18n.Number(n)
}

// Agreement compares the two sides: whether we know, and whether we are right.
func (o SandboxOrder) Agreement() string {
	paid, over := o.Word == "paid", !o.Exists || o.Word == "failed" || o.Word == "cancelled" || o.Word == "reversed"
	switch o.Payout.Outcome {
	case models.Paid:
		return agreed(paid && o.Paid == o.Payout.Amount())
	case models.Failed:
		return agreed(over)
	case models.Returned:
		return agreed(o.Word == "reversed")
	}
	return "open"
}

func agreed(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// truth is the word of the sandbox's ledger.
func (o SandboxOrder) truth(ctx context.Context) string {
	if !o.Exists {
		return i18n.T(ctx, "theirs.never")
	}
	return i18n.T(ctx, "theirs."+o.Word)
}

// short says that the payee got another sum than ordered.
func (o SandboxOrder) short() bool { return o.Word == "paid" && o.Paid != o.Payout.Amount() }

func (o SandboxOrder) pushPath() templ.SafeURL {
	return templ.SafeURL("/gateways/sandbox/" + o.Payout.OrderNo + "/push")
}

func (f SandboxForm) choices(ctx context.Context, g ScenarioGroup) (choices []ui.ChoiceArgs) {
	for _, s := range g.Scenarios {
		choices = append(choices, ui.ChoiceArgs{
			Value: s.ID, Title: i18n.T(ctx, s.Key), Text: i18n.T(ctx, s.HintKey), Checked: s.ID == f.Scenario,
		})
	}
	return choices
}

// holds says whether the chosen scenario is in the group, which is then unfolded.
func (f SandboxForm) holds(g ScenarioGroup) bool {
	for _, s := range g.Scenarios {
		if s.ID == f.Scenario {
			return true
		}
	}
	return false
}

// byAmount says which cents choose which scenario: .01 Refuses, .02 Silent.
func (f SandboxForm) byAmount(ctx context.Context) string {
	var parts []string
	for _, rule := range f.Rules {
		cents := strconv.FormatInt(rule.Cents, 10)
		parts = append(parts, "."+strings.Repeat("0", max(2-len(cents), 0))+cents+" "+lowerFirst(i18n.T(ctx, rule.Key)))
	}
	return i18n.T(ctx, "control.by_amount", "Rules", strings.Join(parts, ", "))
}

func lowerFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}
