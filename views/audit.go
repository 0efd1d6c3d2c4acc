package views

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// AuditPage is the whole log, narrowed by its address.
type AuditPage struct {
	Shell     Shell
	Filter    models.EventFilter
	Size      int
	At        int64 // the entry that was jumped to, 0 for none
	Acts      []Act
	Newer     bool
	Older     bool
	Found     int64
	Capped    bool
	Questions []Exception
	People    []models.Person
	Chain     Chain
	Heads     Heads
	Errors    Errors
}

// AuditSizes are the lengths that a page of the log may have.
var AuditSizes = []int{50, 200, 1000}

// Chain is the state of the log as a whole.
type Chain struct {
	Entries int64
	Head    string // hash of the last entry
	Checked models.Duty
}

// Heads is what is known of the signed heads of the log: the last one, where it went,
// and what could not leave.
type Heads struct {
	Last     models.SignedHead // the newest that was signed
	Left     models.SignedHead // the newest that has left
	Way      models.Departure  // how
	Waiting  int64             // ways out still to be gone
	Stuck    models.Departure  // the oldest of them that was tried
	Verifier string
}

func (h Heads) tone() string {
	switch {
	case h.Last.ID == 0, h.Waiting > 0:
		return "amber"
	}
	return "green"
}

func (h Heads) title(ctx context.Context) string {
	switch {
	case h.Last.ID == 0:
		return i18n.T(ctx, "audit.head_none")
	case h.Waiting > 0:
		return i18n.N(ctx, "audit.head_waits", int(h.Waiting))
	}
	return i18n.T(ctx, "audit.head_kept")
}

// AuditPath is the address of a list of acts.
func AuditPath(f models.EventFilter) templ.SafeURL { return listPath("/audit", f.Values()) }

func (p AuditPage) path(change func(*models.EventFilter)) templ.SafeURL {
	f := p.Filter
	change(&f)
	return p.sized(f, "", 0)
}

// sized keeps the length of the page in the address where it is not the usual one.
func (p AuditPage) sized(f models.EventFilter, name string, value int64) templ.SafeURL {
	values := f.Values()
	if p.Size != AuditSizes[0] {
		values.Set("size", strconv.Itoa(p.Size))
	}
	if value > 0 {
		values.Set(name, strconv.FormatInt(value, 10))
	}
	return listPath("/audit", values)
}

func (p AuditPage) turn(there bool, name string, row int) templ.SafeURL {
	if !there || len(p.Acts) == 0 {
		return ""
	}
	return p.sized(p.Filter, name, p.Acts[row].Seq)
}

func (p AuditPage) csv() templ.SafeURL { return listPath("/audit.csv", p.Filter.Values()) }

func (p AuditPage) resized(size int) templ.SafeURL {
	p.Size = size
	return p.sized(p.Filter, "", 0)
}

func (p AuditPage) span(ctx context.Context) string {
	found := i18n.Number(int(p.Found)) + either(p.Capped, "+", "")
	return i18n.N(ctx, "audit.span", len(p.Acts), "Found", found)
}

// chips are the filters at work; a saved question is marked in its list instead.
func (p AuditPage) chips(ctx context.Context) (chips []Chip) {
	f := p.Filter
	add := func(on bool, key, text string, drop func(*models.EventFilter)) {
		if on {
			chips = append(chips, Chip{i18n.T(ctx, key), text, p.path(drop)})
		}
	}
	add(f.Search != "", "filter.search", f.Search, func(f *models.EventFilter) { f.Search = "" })
	add(f.Order != "", "audit.order", f.Order, func(f *models.EventFilter) { f.Order = "" })
	add(!f.From.IsZero() || !f.Until.IsZero(), "audit.time", spanWords(ctx, f.When, f.From, f.Until, f.Zone), func(f *models.EventFilter) {
		*f = models.EventFilter{Question: f.Question, Search: f.Search, Actor: f.Actor, Verb: f.Verb, Subject: f.Subject, Order: f.Order, Zone: f.Zone}
	})
	add(f.Actor != 0, "audit.who", p.personName(f.Actor), func(f *models.EventFilter) { f.Actor = 0 })
	add(f.Verb != "", "audit.what", ActWords(ctx, f.Verb), func(f *models.EventFilter) { f.Verb = "" })
	add(f.Subject != "", "audit.about", i18n.T(ctx, "subject."+f.Subject), func(f *models.EventFilter) { f.Subject = "" })
	return chips
}

// FilterWords are the question and every filter, for a file.
func (p AuditPage) FilterWords(ctx context.Context) (words []string) {
	if p.Filter.Question != "" {
		words = append(words, i18n.T(ctx, "audit.question."+string(p.Filter.Question)))
	}
	for _, chip := range p.chips(ctx) {
		words = append(words, chip.Name+" "+chip.Text)
	}
	if len(words) == 0 {
		return []string{i18n.T(ctx, "audit.everything")}
	}
	return words
}

func (p AuditPage) personName(id models.PersonID) string {
	for _, person := range p.People {
		if person.ID == id {
			return person.Name
		}
	}
	return strconv.FormatInt(int64(id), 10)
}

func (c Chain) tone() string {
	switch {
	case c.Checked.At.IsZero():
		return "amber"
	case !c.Checked.OK:
		return "red"
	}
	return "green"
}

func (c Chain) title(ctx context.Context) string {
	return i18n.T(ctx, map[string]string{"amber": "audit.chain_unchecked", "red": "audit.chain_broken", "green": "audit.chain_whole"}[c.tone()])
}

func verbOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "audit.any_act")}}
	for _, verb := range models.Acts() {
		options = append(options, ui.Option{Value: verb, Text: ActWords(ctx, verb)})
	}
	return options
}

func (p AuditPage) personOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "filter.anybody")}}
	for _, person := range p.People {
		options = append(options, ui.Option{Value: idValue(int64(person.ID)), Text: person.Name})
	}
	return options
}
