package views

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
)

// Stop is why nothing is being sent; the zero value sends.
type Stop struct {
	Why  string // in words
	More bool   // the page of the sends says more, and the reader may open it

	Asked *Awaited // somebody has asked to let it go on
}

// Awaited says who has asked a second person for something, and where it waits.
type Awaited struct {
	Words string
	Href  templ.SafeURL // "" for readers who may not see it
}

// Finding is how this database fits the journal of sends, where it did not.
type Finding struct {
	models.RestoreFound
	Kind   string // restored, journal_gap, journal_missing, journal_damaged
	Open   int    // sends without an order here that nobody has closed
	Unsent int    // orders that have not left here
}

// KindOf names what was found, as the guard weighs it: the worst first.
func KindOf(r models.RestoreFound) string {
	switch {
	case !r.BegunAt.IsZero():
		return "journal_gap"
	case r.Sends > 0:
		return "restored"
	case r.Damaged > 0:
		return "journal_damaged"
	}
	return "journal_missing"
}

// Findings are the stops that come from a finding.
var findings = []string{"stop.restored", "stop.journal_gap", "stop.journal_missing", "stop.journal_damaged"}

// IsFinding says whether a stop comes from the journal of sends.
func IsFinding(stop string) bool { return slices.Contains(findings, stop) }

// StopWords say in one line what happened, what it means for the money, and what to do.
func (f Finding) StopWords(ctx context.Context) string {
	words := f.happened(ctx) + " " + f.means(ctx)
	if f.Kind != "restored" {
		words += " " + i18n.N(ctx, "found.look_up", f.Unsent)
	}
	return words + " " + f.open(ctx)
}

func (f Finding) happened(ctx context.Context) string {
	ends := ClockWords(ctx, f.EndsAt)
	switch f.Kind {
	case "restored":
		return i18n.N(ctx, "found.restored", f.Sends, "Ends", ends)
	case "journal_gap":
		return i18n.T(ctx, "found.journal_gap", "Ends", ends, "Begun", ClockWords(ctx, f.BegunAt))
	case "journal_damaged":
		return i18n.N(ctx, "found.journal_damaged", f.Damaged)
	}
	return i18n.T(ctx, "found.journal_missing")
}

func (f Finding) means(ctx context.Context) string { return i18n.T(ctx, "found."+f.Kind+"_means") }

func (f Finding) open(ctx context.Context) string {
	if f.Open == 0 {
		return i18n.T(ctx, either(f.Sends > 0, "found.all_closed", "found.then"))
	}
	return i18n.N(ctx, "found.open", f.Open)
}
