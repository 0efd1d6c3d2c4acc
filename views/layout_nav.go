package views

import (
	"strconv"

	"github.com/a-h/templ"
)

// place is a page that the rail leads to.
type place struct {
	key  string
	href templ.SafeURL
	icon string
	tone string // of its count
}

// places are the groups of the rail, in its order. The first has no heading.
var places = []struct {
	heading string
	pages   []place
}{
	{"", []place{home, approvals, unclear}},
	{"layout.money", []place{payouts, payees, notices}},
	{"layout.proof", []place{audit}},
	{"layout.set_up", []place{gateways, policy, limits, people, changes}},
}

var (
	home      = place{"home", "/", "home", ""}
	approvals = place{"approvals", "/approvals", "signature", "blue"}
	unclear   = place{"unclear", "/unclear", "status/unclear", "violet"}
	payouts   = place{"payouts", "/payouts", "send", ""}
	payees    = place{"payees", "/payees", "address-book", "amber"}
	notices   = place{"notices", "/notices", "inbox", "amber"}
	audit     = place{"audit", "/audit", "history", ""}
	gateways  = place{"gateways", "/gateways", "plug-connected", ""}
	policy    = place{"policy", "/policy", "scale", ""}
	limits    = place{"limits", "/limits", "chart-bar", ""}
	people    = place{"people", "/people", "users", ""}
	changes   = place{"changes", "/changes", "list-check", "blue"}
)

// thumbPlaces are the pages for a thumb, the most used first.
var thumbPlaces = []place{home, approvals, unclear, payouts, gateways, payees, notices, people, changes, audit, policy, limits}

// thumbReach is how many of them have room.
const thumbReach = 4

// underThumb are the first that this person may open.
func (s Shell) underThumb() []place {
	open := s.open(thumbPlaces)
	return open[:min(len(open), thumbReach)]
}

// open leaves out what this person may not open.
func (s Shell) open(pages []place) (found []place) {
	for _, p := range pages {
		if s.may(p.key) {
			found = append(found, p)
		}
	}
	return found
}

// openPlaces is every page this person may open, without headings.
func (s Shell) openPlaces() (found []place) {
	for _, group := range places {
		found = append(found, s.open(group.pages)...)
	}
	return found
}

// of is the count that stands beside a page, and whether that page has one.
func (c Counts) of(page string) (int, bool) {
	switch page {
	case "approvals":
		return c.Approvals, true
	case "unclear":
		return c.Unclear, true
	case "notices":
		return c.Quarantine, true
	case "changes":
		return c.Changes, true
	case "payees":
		return c.Finds, true
	}
	return 0, false
}

// countAttributes mark the count of a page; nothing waiting shows nothing.
func countAttributes(p place, n int, where string) templ.Attributes {
	found := templ.Attributes{"id": where + "-count-" + p.key, "data-tone": p.tone}
	if n == 0 {
		found["hidden"] = true
	}
	return found
}

func counted(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

// here marks the page one is on.
func here(s Shell, p place) templ.Attributes {
	if s.Here == p.key {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}
