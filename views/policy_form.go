package views

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PolicyForm is the policy to be changed.
type PolicyForm struct {
	Shell      Shell
	Fields     PolicyFields
	Currencies []ui.Option
	Abouts     []ui.Option // what a condition on a gateway or a rail is about
	Waits      *Change     // one that waits already
	Errors     Errors
}

// PolicyFields are its answers as typed.
type PolicyFields struct {
	Ways                []WayRow
	Conditions          []ConditionRow
	ToAccount, ByMaker  bool
	Zone, Opens, Closes string
}

// WayRow is one way to sign sums of a band.
type WayRow struct{ Currency, From, Anyone, Approver, Controller string }

// Of is the answer for a role.
func (r *WayRow) Of(role models.Role) *string {
	switch role {
	case models.Approver:
		return &r.Approver
	case models.Controller:
		return &r.Controller
	}
	return &r.Anyone
}

// ConditionRow is one condition.
type ConditionRow struct{ When, Of, Then string }

// PolicyLook is a policy before it is proposed.
type PolicyLook struct {
	Shell   Shell
	Content string // what is proposed
	Lines   []ChangeLine
	Stuck   []string // what nobody could sign
	Reason  string
	Errors  Errors
}

// countOptions are how many of a role a way asks for.
func countOptions() (options []ui.Option) {
	options = []ui.Option{{Value: "", Text: "0"}}
	for n := 1; n <= 5; n++ {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Text: strconv.Itoa(n)})
	}
	return options
}

func triggerOptions(ctx context.Context) (options []ui.Option) {
	for _, t := range models.Triggers {
		options = append(options, ui.Option{Value: string(t), Text: i18n.T(ctx, "condition.choose."+string(t))})
	}
	return options
}

// thenOptions are what a condition may ask for.
func thenOptions(ctx context.Context) (options []ui.Option) {
	options = []ui.Option{{Value: models.NextBand, Text: capital(i18n.T(ctx, "condition.next_band"))}}
	for _, role := range []models.Role{models.Anyone, models.Approver, models.Controller} {
		for n := 1; n <= 2; n++ {
			c := models.Condition{Add: models.Step{Count: n, Role: role}}
			options = append(options, ui.Option{Value: c.Then(), Text: capital(MoreWords(ctx, c))})
		}
	}
	return options
}

func hourOptions() (options []ui.Option) {
	options = []ui.Option{{}}
	for hour := range 25 {
		options = append(options, ui.Option{Value: strconv.Itoa(hour), Text: clockHour(hour)})
	}
	return options
}

func rowName(kind string, i int, field string) string { return fmt.Sprintf("%s.%d.%s", kind, i, field) }

// BandList is the bands of a currency in words, for what changes.
func BandList(ctx context.Context, bands models.Bands) string {
	var all []string
	for _, currency := range bands.Currencies() {
		all = append(all, bandsInWords(ctx, currency, bands.For(currency)))
	}
	return strings.Join(all, "; ")
}

// SumsWords say what counts together.
func SumsWords(ctx context.Context, sums []models.Cumulation) string {
	words := ""
	for i, by := range sums {
		if i > 0 {
			words += " " + i18n.T(ctx, "need.and") + " "
		}
		words += i18n.T(ctx, "policy.sums_of."+string(by))
	}
	return words
}

// ConditionWords say when a condition holds and what it asks for.
func ConditionWords(ctx context.Context, c models.Condition, of string) string {
	return i18n.T(ctx, "condition.when."+string(c.When), "Of", of) + ": " + MoreWords(ctx, c)
}

// HoursWords say which hours are those of work.
func HoursWords(ctx context.Context, h models.Hours) string {
	return i18n.T(ctx, "policy.hours_words", "Opens", clockHour(h.Opens), "Closes", clockHour(h.Closes), "Zone", h.Zone)
}

// yes is the value of a checkbox.
func yes(on bool) string {
	if on {
		return "on"
	}
	return ""
}
