package views

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

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
	Errors    Errors
}

// AuditSizes are the lengths that a page of the log may have.
var AuditSizes = []int{50, 200, 1000}

// Act is one event as an auditor reads it, with the order and the verdict that it
// is about.
type Act struct {
	models.Event
	Order   *models.Payout
	Verdict *models.Verdict
	Hidden  bool // the proposal is not for this reader's eyes yet
}

// Chain is the state of the log as a whole.
type Chain struct {
	Entries int64
	Head    string // hash of the last entry
	Checked models.Duty
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

// ActWords name an act; one that no catalogue knows is called as the log calls it.
func ActWords(ctx context.Context, verb string) string {
	if !slices.Contains(models.Acts(), verb) {
		return verb
	}
	return i18n.T(ctx, "act."+verb)
}

// who is the actor as they were called then; the parts of the machine have names.
func (a Act) who(ctx context.Context) string {
	if a.ActorID != 0 || a.Actor == "" {
		return a.Actor
	}
	return i18n.T(ctx, "audit.machine_part", "Part", a.Actor)
}

func (a Act) role(ctx context.Context) string {
	switch {
	case a.Role != "":
		return strings.ToLower(i18n.T(ctx, "role."+a.Role))
	case a.ActorID == 0 && a.Actor != "":
		return i18n.T(ctx, "audit.machine")
	}
	return ""
}

// what is the act; a refused one says what was tried.
func (a Act) what(ctx context.Context) string {
	switch {
	case a.Verb == "refused" && a.Subject == "person":
		return i18n.T(ctx, "audit.refused_to", "Deed", i18n.T(ctx, "verb."+a.Details["verb"]))
	case a.Verb == "verdict_proposed" && !a.Hidden:
		return i18n.T(ctx, "audit.proposed", "Said", saysWords(ctx, a.Details["said"]))
	case a.Verb == "verdict_disagreed":
		return i18n.T(ctx, "audit.disagreed", "Chose", saysWords(ctx, a.Details["chose"]))
	case a.Verb == "refused":
		return i18n.T(ctx, "audit.refused_by_gateway")
	}
	return ActWords(ctx, a.Verb)
}

// object is what the act is about, where that is no order.
func (a Act) object(ctx context.Context) string {
	name := a.Details["name"]
	switch {
	case a.Subject == "person" && name != "":
		return name
	case a.Subject == "person", a.Subject == "session":
		return i18n.T(ctx, "subject."+a.Subject)
	case a.Subject == "list":
		return i18n.T(ctx, "audit.list."+a.SubjectID)
	case a.Subject == "settings":
		return i18n.T(ctx, "audit.setting."+a.SubjectID)
	}
	return i18n.T(ctx, "subject."+a.Subject) + " " + a.SubjectID
}

// change is what the act made of its object, in two short texts; both are "" where
// it changed nothing.
func (a Act) change(ctx context.Context) (before, after string) {
	if a.After == "" {
		return a.Details["before"], a.Details["after"]
	}
	was, wrong := models.ReadState(a.Before)
	is, alsoWrong := models.ReadState(a.After)
	if wrong != nil || alsoWrong != nil {
		return a.Before, a.After
	}
	if a.Before != "" {
		before = StateWords(ctx, was)
	}
	if after = StateWords(ctx, is); after == before {
		return "", ""
	}
	return before, after
}

// reason is why, in somebody's own words or in ours.
func (a Act) reason(ctx context.Context) string {
	switch {
	case a.Hidden:
		return i18n.T(ctx, "audit.hidden")
	case a.Verdict != nil && a.Verb == "verdict_proposed":
		return a.Verdict.Reason
	case a.Verdict != nil:
		return a.Verdict.Answer
	}
	for _, name := range []string{"reason_text", "twin_reason", "warning_reason", "note", "text", "result"} {
		if text := a.Details[name]; text != "" {
			return text
		}
	}
	switch why := a.Details["why"]; {
	case why == "":
		return ""
	case a.Verb == "refused" && why == "role":
		return i18n.T(ctx, "audit.no_role")
	default:
		return i18n.T(ctx, why)
	}
}

// from is where it came from, or what it rests on.
func (a Act) from(ctx context.Context) string {
	for _, name := range []string{"address", "route", "filter"} {
		if text := a.Details[name]; text != "" {
			return text
		}
	}
	switch source, evidence := a.Details["source"], a.Details["evidence"]; {
	case source != "":
		return i18n.T(ctx, "source."+source)
	case evidence != "" && a.Verdict != nil:
		return i18n.T(ctx, "evidence."+evidence)
	}
	return ""
}

// detailNames are the names of all details, sorted.
func (a Act) detailNames() []string { return slices.Sorted(maps.Keys(a.Details)) }

// marked marks the entry that was jumped to.
func marked(sought bool) templ.Attributes {
	if sought {
		return templ.Attributes{"aria-selected": "true"}
	}
	return nil
}

func actID(seq int64) string { return "act-" + strconv.FormatInt(seq, 10) }

// Words of an act for a file: who in which role, what, before and after, why.
func (a Act) Words(ctx context.Context) (what, before, after, reason string) {
	before, after = a.change(ctx)
	return a.what(ctx), before, after, a.reason(ctx)
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
