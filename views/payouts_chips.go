package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

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
	add(f.Rejected != "", "filter.rejected", RejectionWords(ctx, f.Rejected), func(f *models.PayoutFilter) { f.Rejected = "" })
	add(f.Grade != models.AnyGrade, "filter.grade", gradeWords(ctx, f.Grade), func(f *models.PayoutFilter) { f.Grade = models.AnyGrade })
	add(f.Maker != 0, "filter.maker", p.makerName(f.Maker), func(f *models.PayoutFilter) { f.Maker = 0 })
	add(f.Payee != 0, "filter.payee", p.payeeName(f.Payee), func(f *models.PayoutFilter) { f.Payee = 0 })
	add(f.Contradicted, "filter.only", i18n.T(ctx, "filter.contradiction"), func(f *models.PayoutFilter) { f.Contradicted = false })
	add(f.Held, "filter.only", i18n.T(ctx, "filter.held"), func(f *models.PayoutFilter) { f.Held = false })
	add(f.ByHand, "filter.only", i18n.T(ctx, "filter.by_hand"), func(f *models.PayoutFilter) { f.ByHand = false })
	add(f.Reserved, "filter.only", i18n.T(ctx, "filter.reserved"), func(f *models.PayoutFilter) { f.Reserved = false })
	add(f.Blocked, "filter.only", i18n.T(ctx, "filter.blocked"), func(f *models.PayoutFilter) { f.Blocked = false })
	add(f.AtRisk, "filter.only", i18n.T(ctx, "filter.risk"), func(f *models.PayoutFilter) { f.AtRisk = false })
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

// payeeName is the name on the rows: all of them are to this payee.
func (p PayoutsPage) payeeName(id models.PayeeID) string {
	if len(p.Rows) > 0 {
		return p.Rows[0].PayeeName
	}
	return id.Value()
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

// printedFilter stands on paper where the chips are on the screen.
func printedFilter(ctx context.Context, words []string) string {
	return i18n.T(ctx, "filter.printed", "Filter", strings.Join(words, "; "))
}

// tabHere is the name of the list that is shown.
func tabHere(tabs []ui.Tab) (words []string) {
	for _, tab := range tabs {
		if tab.Here {
			words = append(words, tab.Text)
		}
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
