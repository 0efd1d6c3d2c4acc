package views

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
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
	Counts   []TabCount
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

// TabCount is how many orders a tab of the filter holds. Capped says that they
// are that many or more.
type TabCount struct {
	Tab    models.Tab
	Orders int64
	Capped bool
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

func (p PayoutsPage) here() TabCount {
	at := slices.IndexFunc(p.Counts, func(c TabCount) bool { return c.Tab == p.Filter.Tab })
	if at < 0 {
		return TabCount{Tab: p.Filter.Tab}
	}
	return p.Counts[at]
}

func (p PayoutsPage) tabs(ctx context.Context) (tabs []ui.Tab) {
	for _, c := range p.Counts {
		tab := ui.Tab{
			Text: tabWords(ctx, c.Tab), Href: PayoutsPath(p.Filter.InTab(c.Tab)), Count: int(c.Orders), Capped: c.Capped, Here: c.Tab == p.Filter.Tab,
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

// Chip is one filter at work, in words, and the list without it.
type Chip struct {
	Name, Text string
	Without    templ.SafeURL
}

// chips are all filters but the tab.
func (p PayoutsPage) chips(ctx context.Context) (chips []Chip) {
	f := p.Filter
	add := func(on bool, key, text string, drop func(*models.PayoutFilter)) {
		if on {
			without := f
			drop(&without)
			chips = append(chips, Chip{i18n.T(ctx, key), text, PayoutsPath(without)})
		}
	}
	add(f.Search.Text != "", "filter.search", f.Search.Text, func(f *models.PayoutFilter) { f.Search = models.Search{} })
	add(f.Number != nil, "filter.number_chip", i18n.T(ctx, "filter.number_given"), func(f *models.PayoutFilter) { f.Number = nil })
	add(!f.From.IsZero() || !f.Until.IsZero(), "filter.created", spanWords(ctx, f.When, f.From, f.Until, f.Zone), func(f *models.PayoutFilter) {
		f.When, f.From, f.Until = "", time.Time{}, time.Time{}
	})
	add(f.Currency != "", "filter.currency_name", f.Currency, func(f *models.PayoutFilter) { f.Currency = "" })
	add(f.Account != 0, "filter.account", p.accountName(f.Account), func(f *models.PayoutFilter) { f.Account = 0 })
	add(f.Rail != "", "filter.rail", i18n.T(ctx, "rail."+f.Rail), func(f *models.PayoutFilter) { f.Rail = "" })
	add(f.Least > 0 || f.Most > 0, "filter.amount_name", amountsWords(ctx, f), func(f *models.PayoutFilter) { f.Least, f.Most = 0, 0 })
	add(f.Reason != "", "filter.reason", i18n.T(ctx, "reason."+string(f.Reason)), func(f *models.PayoutFilter) { f.Reason = "" })
	add(f.Grade != models.AnyGrade, "filter.grade", gradeWords(ctx, f.Grade), func(f *models.PayoutFilter) { f.Grade = models.AnyGrade })
	add(f.Maker != 0, "filter.maker", p.makerName(f.Maker), func(f *models.PayoutFilter) { f.Maker = 0 })
	add(f.Contradicted, "filter.only", i18n.T(ctx, "filter.contradiction"), func(f *models.PayoutFilter) { f.Contradicted = false })
	add(f.Held, "filter.only", i18n.T(ctx, "filter.held"), func(f *models.PayoutFilter) { f.Held = false })
	add(f.ByHand, "filter.only", i18n.T(ctx, "filter.by_hand"), func(f *models.PayoutFilter) { f.ByHand = false })
	add(f.Reserved, "filter.only", i18n.T(ctx, "filter.reserved"), func(f *models.PayoutFilter) { f.Reserved = false })
	add(f.Blocked, "filter.only", i18n.T(ctx, "filter.blocked"), func(f *models.PayoutFilter) { f.Blocked = false })
	return chips
}

func (p PayoutsPage) accountName(id models.AccountID) string {
	for _, a := range p.Accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return strconv.FormatInt(int64(id), 10)
}

func (p PayoutsPage) makerName(id models.PersonID) string {
	for _, m := range p.Makers {
		if m.ID == id {
			return m.Name
		}
	}
	return strconv.FormatInt(int64(id), 10)
}

func gradeWords(ctx context.Context, grade models.Grade) string {
	return i18n.T(ctx, "filter.grade_is", "Grade", int(grade), "Words", i18n.T(ctx, gradeKey(int(grade))))
}

func amountsWords(ctx context.Context, f models.PayoutFilter) string {
	from, to := plainAmount(f.Least), plainAmount(f.Most)
	switch {
	case f.Most == 0:
		return i18n.T(ctx, "filter.from", "From", from)
	case f.Least == 0:
		return i18n.T(ctx, "filter.up_to", "To", to)
	}
	return i18n.T(ctx, "filter.between", "From", from, "To", to)
}

// plainAmount is an amount without its currency, as the filter has it.
func plainAmount(minor int64) string {
	whole, fraction := models.Money{Minor: minor, Currency: "CNY"}.Grouped()
	return whole + "." + fraction
}

// spanWords say from when to when, and by whose calendar.
func spanWords(ctx context.Context, preset string, from, until time.Time, zone *time.Location) string {
	city := i18n.City(zone)
	if preset != "" {
		return i18n.T(ctx, "filter.when."+preset) + ", " + city
	}
	first, last := i18n.FullDay(ctx, from), i18n.FullDay(ctx, until.Add(-time.Second))
	switch {
	case from.IsZero():
		return i18n.T(ctx, "filter.up_to", "To", last) + ", " + city
	case until.IsZero():
		return i18n.T(ctx, "filter.from", "From", first) + ", " + city
	case first == last:
		return first + ", " + city
	}
	return i18n.T(ctx, "filter.between", "From", first, "To", last) + ", " + city
}

// FilterWords are the tab and every filter at work, for a file that has no chips.
func (p PayoutsPage) FilterWords(ctx context.Context) []string {
	words := []string{tabWords(ctx, p.Filter.Tab)}
	for _, chip := range p.chips(ctx) {
		words = append(words, chip.Name+" "+chip.Text)
	}
	return words
}

// StateWords are a state in one line of plain text.
func StateWords(ctx context.Context, s models.State) string {
	badge := s.Badge(models.Flags{})
	words := i18n.T(ctx, badge.Key)
	if badge.Detail != "" {
		words += ": " + i18n.T(ctx, badge.Detail)
	}
	if badge.Count != "" {
		words += " " + badge.Count
	}
	if s.ByHand {
		words += ", " + i18n.T(ctx, "state.by_hand")
	}
	if s.Clash {
		words += ", " + i18n.T(ctx, "state.contradicted")
	}
	return words
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

func dayValue(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zone).Format(time.DateOnly)
}

func idValue(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func amountValue(minor int64) string {
	if minor == 0 {
		return ""
	}
	return models.Money{Minor: minor, Currency: "CNY"}.Decimal()
}

func gradeValue(grade models.Grade) string {
	if grade == models.AnyGrade {
		return ""
	}
	return strconv.Itoa(int(grade))
}

// PayoutsUpdate is what has changed since a list was drawn.
type PayoutsUpdate struct {
	Counts Counts
	Rows   []PayoutRow
	Newer  int64 // orders of the filter above the first row
	Show   templ.SafeURL
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
