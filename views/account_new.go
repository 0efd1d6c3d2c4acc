package views

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"countersign/views/ui"
)

// NewAccountPage is the form for one more merchant, as it was typed. Keys are
// never among what comes back.
type NewAccountPage struct {
	Shell      Shell
	Families   []string // to choose from
	Family     string
	Answers    AccountAnswers
	Rails      []RailChoice // that the family offers
	Algorithms []string
	Zones      []ui.Option
	Window     string   // how long the gateway's notices may come, in words
	MayBeHere  bool     // the gateway may be on this machine
	Stuck      []string // what nobody could sign through it
	Errors     Errors
}

// RailChoice is a way of paying, with the currency that it pays in.
type RailChoice struct{ ID, Currency string }

// AccountAnswers are the answers that may be shown again.
type AccountAnswers struct {
	Name, BaseURL, MerchantID, Algorithm, QueryShape string
	Zone, Timeout, Questions, VerdictWait, Verdicts  string
	NotFinal, Reason                                 string
	Rails                                            []string
	Here                                             bool
}

func (p NewAccountPage) isApay() bool { return p.Family == "apay" }

func (p NewAccountPage) chosen(rail string) bool { return slices.Contains(p.Answers.Rails, rail) }

// railID gives the first box the id that the error summary leads to.
func railID(i int) string {
	if i == 0 {
		return "rails"
	}
	return "rails-" + strconv.Itoa(i)
}

func familyPath(family string) templ.SafeURL { return templ.SafeURL("/gateways/new?family=" + family) }

func hereIf(here bool) templ.Attributes {
	if here {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func on(yes bool) string {
	if yes {
		return "on"
	}
	return ""
}

func asOptions(values []string) (options []ui.Option) {
	for _, value := range values {
		options = append(options, ui.Option{Value: value, Text: value})
	}
	return options
}
