package models

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Tab sorts orders by who must act.
type Tab string

// The tabs of the list.
const (
	TabAll           Tab = ""
	TabMine          Tab = "mine"
	TabNeedsApproval Tab = "needs_approval"
	TabUnclear       Tab = "unclear"
	TabWithGateway   Tab = "with_gateway"
	TabDone          Tab = "done"
)

// allTabs is the word for TabAll in an address, which no address needs.
const allTabs = "all"

// Tabs lists them in the order of the page.
var Tabs = []Tab{TabMine, TabNeedsApproval, TabUnclear, TabWithGateway, TabDone, TabAll}

// Presets are the spans of days that a list offers, counted in the reader's zone.
var Presets = []string{"today", "yesterday", "7d", "30d", "90d", "this_month", "last_month"}

// AnyGrade is the filter that looks at no grade.
const AnyGrade Grade = -1

// PayoutFilter is which orders a list shows. It is the whole of the address: what
// the page shows, counts, sums up and exports comes from one filter.
type PayoutFilter struct {
	Tab      Tab
	Search   Search
	Number   []byte // keyed hash of a whole account number
	When     string // one of Presets, or "" for dates of one's own
	From     time.Time
	Until    time.Time // the first moment after the span; zero bounds are open
	Currency string
	Account  AccountID
	Rail     string
	Least    int64 // minor units of two decimal places, which all our currencies have; 0 is open
	Most     int64
	Reason   UnclearReason
	Rejected RejectionReason // what it was rejected for
	Grade    Grade
	Maker    PersonID
	Payee    PayeeID

	Contradicted bool
	Held         bool
	ByHand       bool
	Reserved     bool // approved or on the way: money that is promised (J2)
	Blocked      bool // nobody is left who may sign
	AtRisk       bool // unclear, contradicted, or sent to replace such a one (X2)

	Reader Person         // whose work the tab Mine is
	Own    bool           // the reader's own orders alone; no address says so
	Zone   *time.Location // in which the days were counted
}

// flags are the filters that are on or off, by their names in the address.
func (f *PayoutFilter) flags() map[string]*bool {
	return map[string]*bool{
		"contradiction": &f.Contradicted, "held": &f.Held, "by_hand": &f.ByHand, "reserved": &f.Reserved, "blocked": &f.Blocked, "risk": &f.AtRisk,
	}
}

// Everything is the filter that leaves nothing out.
func Everything(reader Person) PayoutFilter {
	return PayoutFilter{Grade: AnyGrade, Reader: reader, Zone: reader.Location()}
}

// ParsePayoutFilter reads an address. What it cannot read it leaves out and names.
func ParsePayoutFilter(values url.Values, reader Person, now time.Time) (PayoutFilter, Refusals) {
	q := newAddress(values)
	f := Everything(reader)
	if tab := q.oneOf("tab", tabNames()); tab != allTabs {
		f.Tab = Tab(tab)
	}
	f.Search = ReadSearch(q.text("q"))
	f.Number = q.digest("number")
	f.When, f.From, f.Until = q.span(f.Zone, now)
	if f.Currency = q.text("currency"); f.Currency != "" {
		if _, known := Scale(f.Currency); !known {
			q.wrong("currency", "filter.currency")
		}
	}
	f.Account, f.Maker = AccountID(q.number("account")), PersonID(q.number("maker"))
	f.Rail, f.Payee = q.text("rail"), PayeeID(q.number("payee"))
	f.Least, f.Most = q.amount("least"), q.amount("most")
	if f.Most > 0 && f.Least > f.Most {
		q.wrong("most", "filter.amounts_crossed")
	}
	f.Reason = UnclearReason(q.oneOf("reason", reasonNames()))
	f.Rejected = RejectionReason(q.oneOf("rejected", rejectionNames()))
	if text := q.oneOf("grade", []string{"0", "1", "2", "3", "4"}); text != "" {
		grade, _ := strconv.Atoi(text) // one of the five
		f.Grade = Grade(grade)
	}
	for name, flag := range f.flags() {
		*flag = q.oneOf(name, []string{"on"}) == "on"
	}
	return f, q.refusals("before", "after")
}

// Values is the address of the filter, without the page in it.
func (f PayoutFilter) Values() url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	set("tab", string(f.Tab))
	set("q", f.Search.Text)
	set("number", hexText(f.Number))
	set("when", f.When)
	if f.When == "" {
		set("from", dayText(f.From, f.Zone, 0))
		set("to", dayText(f.Until, f.Zone, -1))
	}
	set("currency", f.Currency)
	set("account", strconv.FormatInt(int64(f.Account), 10))
	set("rail", f.Rail)
	set("least", amountText(f.Least))
	set("most", amountText(f.Most))
	set("reason", string(f.Reason))
	set("rejected", string(f.Rejected))
	set("payee", f.Payee.Value())
	set("maker", strconv.FormatInt(int64(f.Maker), 10))
	if f.Grade != AnyGrade {
		values.Set("grade", strconv.Itoa(int(f.Grade)))
	}
	for name, flag := range f.flags() {
		if *flag {
			values.Set(name, "on")
		}
	}
	return values
}

// Narrowed says whether anything but the tab leaves orders out.
func (f PayoutFilter) Narrowed() bool {
	values := f.Values()
	values.Del("tab")
	return len(values) > 0
}

// InTab is the same filter in another tab.
func (f PayoutFilter) InTab(tab Tab) PayoutFilter {
	f.Tab = tab
	return f
}

func tabNames() []string {
	names := []string{allTabs}
	for _, tab := range Tabs {
		names = append(names, string(tab))
	}
	return names
}

// TabValues is the address of the filter in a tab, which it names also where it is all.
func (f PayoutFilter) TabValues(tab Tab) url.Values {
	values := f.InTab(tab).Values()
	if tab == TabAll {
		values.Set("tab", allTabs)
	}
	return values
}

func reasonNames() (names []string) {
	for _, reason := range UnclearReasons {
		names = append(names, string(reason))
	}
	return names
}

// span is the days of a preset, in the zone of now.
func span(preset string, now time.Time) (from, until time.Time) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	tomorrow := today.AddDate(0, 0, 1)
	switch preset {
	case "today":
		return today, tomorrow
	case "yesterday":
		return today.AddDate(0, 0, -1), today
	case "this_month":
		return month, tomorrow
	case "last_month":
		return month.AddDate(0, -1, 0), month
	}
	days := map[string]int{"7d": 7, "30d": 30, "90d": 90}[preset]
	return tomorrow.AddDate(0, 0, -days), tomorrow
}

// places are the states that the filter leaves; nil is every state.
func (f PayoutFilter) places() []place {
	left := tabPlaces[f.Tab]
	keep := func(on bool, here ...place) {
		if !on {
			return
		}
		if left == nil {
			left = here
			return
		}
		left = slices.DeleteFunc(slices.Clone(left), func(p place) bool { return !slices.Contains(here, p) })
	}
	keep(f.Held, place{Held, None})
	keep(f.Reserved, reserved...)
	keep(f.Blocked, place{AwaitingApproval, None})
	keep(f.Reason != ReasonNone, place{Sent, Unclear})
	keep(f.Rejected != "", place{Rejected, None})
	return left
}

// tabPlaces are the states in each tab.
var tabPlaces = map[Tab][]place{
	TabMine:          {{Draft, None}, {AwaitingApproval, None}, {Sent, Unclear}},
	TabNeedsApproval: {{AwaitingApproval, None}},
	TabUnclear:       {{Sent, Unclear}},
	TabWithGateway:   {{Sending, Pending}, {Sent, Pending}},
	TabDone:          {{Sent, Paid}, {Sent, Failed}, {Sent, Returned}, {Rejected, None}, {Withdrawn, None}},
}

// reserved are the states in which money is promised and not known to have gone.
var reserved = []place{{Approved, None}, {Sending, Pending}, {Sent, Pending}}
