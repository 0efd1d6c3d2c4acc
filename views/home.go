package views

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// HomePage is what waits, where the money is, and what keeps watch. Parts that the
// reader may not see are nil.
type HomePage struct {
	Shell      Shell
	Work       *WorkFigures
	Balances   []BalanceRow
	Charts     *HomeCharts
	Guards     *Guards
	Exceptions []Exception // an auditor's
	First      []ui.Step   // a new installation's next steps, instead of charts
	Drafts     int64       // the reader's own, not submitted
	MayDraft   bool
	MayGateway bool // the page of the gateways is open to the reader
}

// WorkFigures is what waits for people, each figure with the sums of its orders.
type WorkFigures struct {
	MaySign       bool // then Approvals are the reader's own, else everybody's
	Approvals     Waiting
	Unclear       models.UnclearFigures
	Contradiction Waiting
	ClashSince    time.Time
	Held          Waiting
	HeldWhy       []string // catalogue keys, the most frequent first
	Blocked       Waiting
}

// Waiting is so many orders of so much.
type Waiting struct {
	Orders int64
	Sums   []models.Money
}

// BalanceRow is one gateway account and the money in it.
type BalanceRow struct {
	AccountCard
	Balance, Reserved, Unclear models.Money
}

// Available is what is left once all that was promised, and all that is in doubt,
// has gone (J2).
func (r BalanceRow) Available() models.Money {
	return models.Money{Minor: r.Balance.Minor - r.Reserved.Minor - r.Unclear.Minor, Currency: r.Balance.Currency}
}

// Guards are the duties that protect the evidence.
type Guards struct {
	Now     time.Time
	Sweeper models.Duty
	Verify  models.Duty
	Backup  models.Duty
	Entries int64
}

// Exception is a saved question of the audit and how many acts answer it.
type Exception struct {
	Filter models.EventFilter
	Acts   int64
	Capped bool
}

// longDay is the present day with its names in full: Thursday 19 November.
func longDay(ctx context.Context) string {
	now := i18n.Now(ctx).In(i18n.Zone(ctx))
	days, months := strings.Fields(i18n.T(ctx, "home.weekdays")), strings.Fields(i18n.T(ctx, "home.months"))
	if len(days) != 7 || len(months) != 12 {
		return i18n.FullDay(ctx, now)
	}
	return i18n.T(ctx, "home.day", "Weekday", days[now.Weekday()], "Day", now.Day(), "Month", months[now.Month()-1])
}

// lead is the one sentence of the page: the most urgent of what is the reader's.
func (p HomePage) lead(ctx context.Context) string {
	w := p.Work
	switch {
	case w == nil:
		return i18n.T(ctx, "home.no_money")
	case w.Contradiction.Orders > 0:
		return i18n.N(ctx, "home.lead.contradictions", int(w.Contradiction.Orders))
	case w.MaySign && w.Approvals.Orders > 0:
		return i18n.N(ctx, "home.lead.signatures", int(w.Approvals.Orders))
	case w.Unclear.Cases > 0:
		return i18n.N(ctx, "home.lead.unclear", w.Unclear.Cases, "Age", i18n.Span(ctx, i18n.Now(ctx).Sub(w.Unclear.Oldest)))
	case p.Drafts > 0:
		return i18n.N(ctx, "home.lead.drafts", int(p.Drafts))
	}
	return i18n.T(ctx, "home.lead.nothing")
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
	return item
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

// accountList is the list of an account's orders with one flag, or in one tab.
func accountList(row BalanceRow, change func(*models.PayoutFilter)) templ.SafeURL {
	f := models.PayoutFilter{Account: row.Account.ID, Grade: models.AnyGrade}
	change(&f)
	return PayoutsPath(f)
}

func reservedOrders(f *models.PayoutFilter) { f.Reserved = true }
func unclearOrders(f *models.PayoutFilter)  { f.Tab = models.TabUnclear }

// How late a duty may be before its light turns.
const (
	sweeperLate = 2 * time.Minute
	verifyLate  = 36 * time.Hour
	backupLate  = 26 * time.Hour
)

// watched are the duties with their lights and ages.
func (g Guards) watched(ctx context.Context) []ui.Watched {
	all := []ui.Watched{
		g.duty(ctx, g.Sweeper, "home.sweeper", sweeperLate, ui.Say("home.sweeper_ran", "Ago", ui.Ago(g.Sweeper.At), "Planned", g.Sweeper.Note)),
		g.duty(ctx, g.Verify, "home.chain", verifyLate, ui.Say("home.chain_checked", "Entries", i18n.Number(int(g.Entries)), "At", ui.Time(g.Verify.At))),
		g.duty(ctx, g.Backup, "home.backup", backupLate, ui.Ago(g.Backup.At)),
	}
	if !g.Verify.OK && !g.Verify.At.IsZero() {
		all[1].State = ui.Say("home.chain_broken", "At", ui.Time(g.Verify.At), "Note", g.Verify.Note)
	}
	return all
}

func (g Guards) duty(ctx context.Context, d models.Duty, name string, late time.Duration, state templ.Component) ui.Watched {
	w := ui.Watched{Tone: "green", Name: i18n.T(ctx, name), State: state}
	switch {
	case d.At.IsZero():
		w.Tone, w.State = "amber", ui.Text(i18n.T(ctx, name+"_never"))
	case !d.OK:
		w.Tone = "red"
	case g.Now.Sub(d.At) > late:
		w.Tone = either(name == "home.sweeper", "red", "amber")
	}
	return w
}

// open counts the first steps that are not done.
func openSteps(steps []ui.Step) bool {
	return slices.ContainsFunc(steps, func(s ui.Step) bool { return s.State != "done" })
}
