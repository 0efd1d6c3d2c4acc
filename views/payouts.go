package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PayoutsPage is a list of orders: what the address says, all of it.
type PayoutsPage struct {
	Shell    Shell
	Filter   models.PayoutFilter
	Counts   []models.TabCount
	Rows     []PayoutRow
	Newer    bool
	Older    bool
	Above    int64 // orders of the filter above the first row
	Sums     []models.Money
	Accounts []models.GatewayAccount
	Makers   []models.Person
	Errors   Errors     // what of the address cannot be read; then nothing is listed
	Typed    url.Values // the address, for the form that comes back

	MayDraft   bool
	MayExport  bool
	OwnExports bool // exports hold the reader's own orders only
}

// PayoutRow is an order as a list shows it.
type PayoutRow struct {
	models.Payout
	Badge   models.Badge
	Bank    string
	Account string
	Maker   string
}

// PayoutsPath is the address of a list. The page begins anew.
func PayoutsPath(f models.PayoutFilter) templ.SafeURL { return listPath("/payouts", f.Values()) }

func listPath(path string, values url.Values) templ.SafeURL {
	if len(values) == 0 {
		return templ.SafeURL(path)
	}
	return templ.SafeURL(path + "?" + values.Encode())
}

// typed is an answer of the form: as it was typed, where it could not be read.
func (p PayoutsPage) typed(name, read string) string {
	if p.Errors.At(name) != "" {
		return p.Typed.Get(name)
	}
	return read
}

// turn is the address of a neighbouring page, "" where there is none.
func (p PayoutsPage) turn(there bool, name string, row int) templ.SafeURL {
	if !there || len(p.Rows) == 0 {
		return ""
	}
	values := p.Filter.Values()
	values.Set(name, strconv.FormatInt(int64(p.Rows[row].ID), 10))
	return listPath("/payouts", values)
}

func (p PayoutsPage) newer() templ.SafeURL { return p.turn(p.Newer, "after", 0) }

func (p PayoutsPage) older() templ.SafeURL { return p.turn(p.Older, "before", len(p.Rows)-1) }

func (p PayoutsPage) csv() templ.SafeURL { return listPath("/payouts.csv", p.Filter.Values()) }

func (p PayoutsPage) here() models.TabCount {
	at := slices.IndexFunc(p.Counts, func(c models.TabCount) bool { return c.Tab == p.Filter.Tab })
	if at < 0 {
		return models.TabCount{Tab: p.Filter.Tab}
	}
	return p.Counts[at]
}

func (p PayoutsPage) tabs(ctx context.Context) (tabs []ui.Tab) {
	for _, c := range p.Counts {
		tab := ui.Tab{
			Text: tabWords(ctx, c.Tab), Href: listPath("/payouts", p.Filter.TabValues(c.Tab)), Count: int(c.Orders), Capped: c.Capped, Here: c.Tab == p.Filter.Tab,
		}
		if c.Tab == models.TabUnclear && c.Orders > 0 {
			tab.Tone = "violet"
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

func tabWords(ctx context.Context, tab models.Tab) string {
	if tab == models.TabAll {
		return i18n.T(ctx, "payouts.tab.all")
	}
	return i18n.T(ctx, "payouts.tab."+string(tab))
}

// span says which rows of the list these are.
func (p PayoutsPage) span(ctx context.Context) string {
	c, first := p.here(), int(p.Above)+1
	key := "payouts.span"
	switch {
	case c.Capped && p.Above >= models.Capped:
		key = "payouts.span_far"
	case c.Capped:
		key = "payouts.span_capped"
	}
	return i18n.T(ctx, key, "First", i18n.Number(first), "Last", i18n.Number(first+len(p.Rows)-1), "Rows", i18n.Number(len(p.Rows)),
		"Orders", i18n.Number(int(c.Orders)))
}

// cleared is the tab without filters; widened is the list over 90 days, "" where
// that is no wider.
func (p PayoutsPage) cleared() templ.SafeURL {
	return PayoutsPath(models.Everything(p.Filter.Reader).InTab(p.Filter.Tab))
}

func (p PayoutsPage) widened() templ.SafeURL {
	f := p.Filter
	if f.From.IsZero() && f.Until.IsZero() || f.When == "90d" {
		return ""
	}
	f.When = "90d"
	return PayoutsPath(f)
}

// sumsNote says why there are no sums under a very long list.
func (p PayoutsPage) sumsNote(ctx context.Context) string {
	if !p.here().Capped {
		return ""
	}
	return i18n.T(ctx, "payouts.no_sums", "Most", i18n.Number(models.Capped))
}

// currencies are those of the accounts, for the filter.
func (p PayoutsPage) currencies() (found []string) {
	for _, a := range p.Accounts {
		if !slices.Contains(found, a.Currency) {
			found = append(found, a.Currency)
		}
	}
	slices.Sort(found)
	return found
}

func (p PayoutsPage) rails() (found []string) {
	for _, a := range p.Accounts {
		for _, rail := range a.RailIDs() {
			if !slices.Contains(found, rail) {
				found = append(found, rail)
			}
		}
	}
	slices.Sort(found)
	return found
}

// PayoutsUpdate is what has changed since a list was drawn.
type PayoutsUpdate struct {
	Shell Shell // its counts
	Rows  []PayoutRow
	Newer int64 // orders of the filter above the first row
	Show  templ.SafeURL
}

// gatewayNoWords shorten the gateway's number to its ends: POT…008841.
func gatewayNoWords(ctx context.Context, no string) string {
	switch {
	case no == "":
		return i18n.T(ctx, "payouts.no_number_yet")
	case len(no) <= 12:
		return no
	}
	return no[:3] + "…" + no[len(no)-6:]
}

// twoNames parts a person's name where its Chinese form follows: Chen Wei-han and
// 陳偉涵, one under the other.
func twoNames(name string) (first, second string) {
	at := strings.IndexFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	if at <= 0 {
		return name, ""
	}
	return strings.TrimSpace(name[:at]), name[at:]
}
