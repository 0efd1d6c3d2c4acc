package models

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// EventFilter is which acts the audit browser shows; it is the whole of its address.
type EventFilter struct {
	Question AuditQuestion
	Search   string // an order number, whole or the last six, or a part of a name
	Actor    PersonID
	Verb     string
	Subject  string
	Order    string // order number
	When     string // one of Presets, or ""
	From     time.Time
	Until    time.Time
	Zone     *time.Location
}

// Subjects are what acts are about.
var Subjects = []string{"payout", "notice", "person", "change", "session", "account", "policy", "limits", "settings", "list"}

// ParseEventFilter reads an address. What it cannot read it leaves out and names.
func ParseEventFilter(values url.Values, zone *time.Location, now time.Time) (EventFilter, Refusals) {
	q := newAddress(values)
	f := EventFilter{Zone: zone}
	f.Question = AuditQuestion(q.oneOf("question", questionNames()))
	f.Search = ReadSearch(q.text("q")).Text
	f.Actor = PersonID(q.number("actor"))
	f.Verb = q.oneOf("verb", Acts())
	f.Subject = q.oneOf("subject", Subjects)
	f.Order = strings.ToUpper(q.text("order"))
	f.When, f.From, f.Until = q.span(zone, now)
	return f, q.refusals("before", "after", "size", "at")
}

func questionNames() (names []string) {
	for _, question := range AuditQuestions {
		names = append(names, string(question))
	}
	return names
}

// Values is the address of the filter, without the page in it.
func (f EventFilter) Values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("question", string(f.Question))
	set("q", f.Search)
	set("verb", f.Verb)
	set("subject", f.Subject)
	set("order", f.Order)
	set("when", f.When)
	if f.Actor != 0 {
		set("actor", strconv.FormatInt(int64(f.Actor), 10))
	}
	if f.When == "" {
		set("from", dayText(f.From, f.Zone, 0))
		set("to", dayText(f.Until, f.Zone, -1))
	}
	return values
}

// Asking is the same span of time with a saved question and nothing else.
func (f EventFilter) Asking(question AuditQuestion) EventFilter {
	return EventFilter{Question: question, When: f.When, From: f.From, Until: f.Until, Zone: f.Zone}
}

// Narrowed says whether anything leaves acts out.
func (f EventFilter) Narrowed() bool { return len(f.Values()) > 0 }

// verbs are the acts that the filter leaves; nil is every act.
func (f EventFilter) verbs() []string {
	if f.Verb != "" {
		return []string{f.Verb}
	}
	return questionVerbs[f.Question]
}
