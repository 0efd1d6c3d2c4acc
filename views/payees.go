package views

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PayeesPage is the book of everybody who gets paid.
type PayeesPage struct {
	Shell  Shell
	Filter models.PayeeFilter
	models.PayeePage
	Rails    []string
	Errors   Errors
	MayDraft bool
	MayEnter bool // ask for somebody to be entered
	MayFind  bool // see what details have in common
}

// PayeesPath is the address of the book with a filter.
func PayeesPath(f models.PayeeFilter) templ.SafeURL { return listPath("/payees", f.Values()) }

// PayeePath is the address of one payee.
func PayeePath(id models.PayeeID) templ.SafeURL { return templ.SafeURL("/payees/" + id.Value()) }

func (p PayeesPage) tabs(ctx context.Context) (tabs []ui.Tab) {
	for _, state := range models.PayeeStates {
		f := p.Filter
		f.State = state
		tabs = append(tabs, ui.Tab{Text: i18n.T(ctx, payeeStateKey(state)), Href: PayeesPath(f), Plain: true, Here: state == p.Filter.State})
	}
	return tabs
}

func payeeStateKey(state models.PayeeState) string {
	if state == models.PayeesAll {
		return "payees.tab.all"
	}
	return "payees.tab." + string(state)
}

// chips are all filters but the tab.
func (p PayeesPage) chips(ctx context.Context) (chips []Chip) {
	add := func(on bool, key, text string, drop func(*models.PayeeFilter)) {
		if on {
			without := p.Filter
			drop(&without)
			chips = append(chips, Chip{i18n.T(ctx, key), text, PayeesPath(without)})
		}
	}
	add(p.Filter.Search != "", "filter.search", p.Filter.Search, func(f *models.PayeeFilter) { f.Search = "" })
	add(p.Filter.Number != nil, "filter.number_chip", i18n.T(ctx, "filter.number_given"), func(f *models.PayeeFilter) { f.Number = nil })
	add(p.Filter.Rail != "", "filter.rail", i18n.T(ctx, "rail."+p.Filter.Rail), func(f *models.PayeeFilter) { f.Rail = "" })
	return chips
}

// filterWords are the tab and every filter at work, for paper.
func (p PayeesPage) filterWords(ctx context.Context) []string {
	words := tabHere(p.tabs(ctx))
	for _, chip := range p.chips(ctx) {
		words = append(words, chip.Name+" "+chip.Text)
	}
	return words
}

func (p PayeesPage) cleared() templ.SafeURL {
	return PayeesPath(models.PayeeFilter{State: p.Filter.State})
}

func (p PayeesPage) turn(name string, id models.PayeeID) templ.SafeURL {
	if id == 0 {
		return ""
	}
	values := p.Filter.Values()
	values.Set(name, id.Value())
	return listPath("/payees", values)
}

// span says how many stand here, and whether those are all.
func (p PayeesPage) span(ctx context.Context) string {
	if p.Back == 0 && p.On == 0 {
		return i18n.N(ctx, "payees.all", len(p.Lines))
	}
	return i18n.N(ctx, "payees.span", len(p.Lines))
}

// railOptions are the rails that payees are paid on.
func (p PayeesPage) railOptions(ctx context.Context) []ui.Option {
	return fixedOptions(ctx, i18n.T(ctx, "filter.any"), p.Rails, "rail.")
}

// bankOf names the bank: 822 CTBC Bank.
func bankOf(v models.PayeeVersion) string {
	return strings.TrimSpace(strings.Join([]string{shownCode(v.Bank), v.BankName}, " "))
}

// shownCode leaves out codes of one or two digits: those are a gateway's own and
// nobody knows them.
func shownCode(code string) string {
	if len(code) <= 2 {
		return ""
	}
	return code
}
