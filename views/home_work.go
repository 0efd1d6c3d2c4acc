package views

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// WorkFigures is what waits for people, each figure with the sums of its orders.
type WorkFigures struct {
	MaySign       bool // then Approvals are the reader's own, else everybody's
	Approvals     Waiting
	CutOff        models.CutOff  // the next of what waits for the reader; of any account if nothing does
	AtCutOff      int64          // so many orders have that one
	ForOthers     int            // orders that wait for others, where none waits for the reader
	CutOffs       models.CutOffs // of all accounts that the reader sees
	Unclear       models.UnclearFigures
	Contradiction Waiting
	ClashSince    time.Time
	Held          Waiting
	HeldWhy       []string // catalogue keys, the most frequent first
	Blocked       Waiting
	Denied        Waiting         // contradictions of a verdict that the reader signed
	Loose         int             // sends without an order that are the reader's to look at
	Escalated     Waiting         // cases that are the reader's, a controller's
	EscalatedAt   templ.SafeURL   // their queue
	Changes       int             // that wait for the reader's decision
	Finds         int             // of payees' details that have something in common, for the reader to look at
	Leaving       []models.Payout // released, and can still be called back
	Expiring      []ExpiringLine  // waits for signatures, and not much longer
	WithYou       []models.Payout // the reader was reminded of them
	WithNobody    []models.Payout // nobody who was reminded decides: a controller's
	NoRoom        Waiting         // signed, and without room under the limits
	Resets        []ResetLine     // of lost factors, that the reader may decide
}

// ExpiringLine is an order that goes back to its maker unless it is signed by then.
type ExpiringLine struct {
	Payout models.Payout
	At     time.Time
}

// ResetLine is a person whose lost factor is to be taken away.
type ResetLine struct {
	Name string
	Path templ.SafeURL
}

// Waiting is so many orders of so much.
type Waiting struct {
	Orders int64
	Sums   []models.Money
}

func (w WorkFigures) items(ctx context.Context) []ui.WorkItem {
	return []ui.WorkItem{
		w.approvals(ctx), w.unclear(ctx), w.contradictions(ctx),
		{
			Tone: "amber", Shape: "pause", Label: i18n.T(ctx, "home.held"), Href: listOf("held"), Count: int(w.Held.Orders),
			Lines: append(sumLines(w.Held.Sums, ""), heldLine(ctx, w)...),
		},
		{
			Tone: "amber", Shape: "barred", Label: i18n.T(ctx, "home.blocked"), Href: listOf("blocked"), Count: int(w.Blocked.Orders),
			Lines: blockedLines(ctx, w),
		},
	}
}

// listOf is the list of a flag.
func listOf(flag string) templ.SafeURL { return templ.SafeURL("/payouts?" + flag + "=on") }

func (w WorkFigures) approvals(ctx context.Context) ui.WorkItem {
	item := ui.WorkItem{
		Tone: "blue", Shape: "half", Label: i18n.T(ctx, "home.my_approvals"), Href: "/approvals", Count: int(w.Approvals.Orders),
		Lines: sumLines(w.Approvals.Sums, ""),
	}
	if !w.MaySign {
		item.Label, item.Href = i18n.T(ctx, "home.approvals"), PayoutsPath(models.PayoutFilter{Tab: models.TabNeedsApproval, Grade: models.AnyGrade})
	}
	if w.Approvals.Orders == 0 {
		item.Lines = []templ.Component{ui.Text(i18n.T(ctx, either(w.MaySign, "home.nothing_to_sign", "home.nothing_waits")))}
	}
	item.Lines = append(item.Lines, w.cutOffLine()...)
	return item
}

// cutOffLine is the next cut-off, with how many orders it is about: the reader's own, or, where
// there are none, those that wait for others.
func (w WorkFigures) cutOffLine() []templ.Component {
	switch {
	case w.CutOff.None():
		return nil
	case w.Approvals.Orders > 0:
		return []templ.Component{ui.SayCount("cutoff.of_yours", int(w.AtCutOff), "At", cutOffClock(w.CutOff))}
	}
	return []templ.Component{ui.SayCount("cutoff.of_others", w.ForOthers, "At", cutOffClock(w.CutOff))}
}

func (w WorkFigures) unclear(ctx context.Context) ui.WorkItem {
	item := ui.WorkItem{Tone: "violet", Shape: "unclear", Label: i18n.T(ctx, "home.unclear"), Href: "/unclear", Count: w.Unclear.Cases}
	if w.Unclear.Cases == 0 {
		item.Lines = []templ.Component{ui.Text(i18n.T(ctx, "home.no_doubt"))}
		return item
	}
	item.Lines = append(sumLines(w.Unclear.Risk, i18n.T(ctx, "home.at_risk")), ui.Say("home.oldest", "Age", ui.Age(w.Unclear.Oldest)))
	return item
}

func (w WorkFigures) contradictions(ctx context.Context) ui.WorkItem {
	item := ui.WorkItem{
		Tone: "red", Shape: "both", Label: i18n.T(ctx, "home.contradictions"), Href: "/contradictions", Count: int(w.Contradiction.Orders),
	}
	if w.Contradiction.Orders == 0 {
		item.Lines = []templ.Component{ui.Text(i18n.T(ctx, "home.no_contradiction"))}
		return item
	}
	item.Lines = append(sumLines(w.Contradiction.Sums, ""), ui.Text(i18n.T(ctx, "home.controller_decides")), ui.Say("home.since", "At", ui.Time(w.ClashSince)))
	return item
}

func heldLine(ctx context.Context, w WorkFigures) []templ.Component {
	if w.Held.Orders == 0 {
		return []templ.Component{ui.Text(i18n.T(ctx, "home.nothing_held"))}
	}
	var words []string
	for _, key := range w.HeldWhy {
		words = append(words, i18n.T(ctx, key))
	}
	return []templ.Component{ui.Text(capital(strings.Join(words, ", ")))}
}

func blockedLines(ctx context.Context, w WorkFigures) []templ.Component {
	if w.Blocked.Orders == 0 {
		return []templ.Component{ui.Text(i18n.T(ctx, "home.nobody_blocked"))}
	}
	return append(sumLines(w.Blocked.Sums, ""), ui.Text(i18n.T(ctx, "home.blocked_means")))
}

// sumLines write the first sum on one line and all others on the next.
func sumLines(sums []models.Money, before string) (lines []templ.Component) {
	if len(sums) > 0 {
		lines = append(lines, workSums(before, sums[:1]))
	}
	if len(sums) > 1 {
		lines = append(lines, workSums("", sums[1:]))
	}
	return lines
}

func grouped(m models.Money) string {
	whole, fraction := m.Grouped()
	if fraction != "" {
		whole += "." + fraction
	}
	return whole
}
