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
	Risk       *RiskPage
	Balances   []AccountCard
	Charts     *HomeCharts
	Guards     *Guards
	Exceptions []Exception // an auditor's
	Stuck      []string    // a controller's: what nobody could sign
	ForGood    []string    // a controller's: that a stop of all sending could not be ended
	First      []ui.Step   // a new installation's next steps, instead of charts
	Drafts     int         // the reader's own, not submitted
	MayDraft   bool
	MayGateway bool // the page of the gateways is open to the reader
}

// Guards are the duties that protect the evidence.
type Guards struct {
	Now     time.Time
	Sweeper models.Duty
	Verify  models.Duty
	Backup  models.Duty
	Heads   models.Duty // of signing the log and letting that leave
	Left    time.Time   // when a head last left
	Unleft  int64       // heads that could not leave yet
	Restore models.Duty // the last check that a backup can be restored
	Entries int64
	Away    models.Away // when nothing of ours last ran
	Missed  int         // orders that were asked about because of it
	Silent  []models.GatewayAccount
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
	months := strings.Fields(i18n.T(ctx, "home.months"))
	if len(months) != 12 {
		return i18n.FullDay(ctx, now)
	}
	return i18n.T(ctx, "home.day", "Weekday", i18n.LongWeekday(ctx, now.Weekday()), "Day", now.Day(), "Month", months[now.Month()-1])
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
		return i18n.N(ctx, "home.lead.drafts", p.Drafts)
	}
	return i18n.T(ctx, "home.lead.nothing")
}

// accountList is the list of an account's orders with one flag, or in one tab.
func accountList(row AccountCard, change func(*models.PayoutFilter)) templ.SafeURL {
	f := models.PayoutFilter{Account: row.Account.ID, Grade: models.AnyGrade}
	change(&f)
	return PayoutsPath(f)
}

func reservedOrders(f *models.PayoutFilter) { f.Reserved = true }
func unclearOrders(f *models.PayoutFilter)  { f.Tab = models.TabUnclear }
func awaitingOrders(f *models.PayoutFilter) { f.Tab = models.TabNeedsApproval }

// How late a duty may be before its light turns.
const (
	sweeperLate = 2 * time.Minute
	verifyLate  = 36 * time.Hour
	backupLate  = 26 * time.Hour
	awayShown   = 24 * time.Hour // so long an outage of ours stays on the page
	restoreLate = 32 * 24 * time.Hour
	headsLate   = 70 * time.Minute
)

// watched are the duties with their lights and ages.
func (g Guards) watched(ctx context.Context) []ui.Watched {
	all := []ui.Watched{
		g.duty(ctx, g.Sweeper, "home.sweeper", sweeperLate, ui.Say("home.sweeper_ran", "Ago", ui.Ago(g.Sweeper.At), "Planned", g.Sweeper.Note)),
		g.duty(ctx, g.Verify, "home.chain", verifyLate, ui.Say("home.chain_checked", "Entries", i18n.Number(int(g.Entries)), "At", ui.Time(g.Verify.At))),
		g.headsDuty(ctx),
		g.duty(ctx, g.Backup, "home.backup", backupLate, ui.Ago(g.Backup.At)),
		g.duty(ctx, g.Restore, "home.restore", restoreLate, ui.Ago(g.Restore.At)),
	}
	if !g.Verify.OK && !g.Verify.At.IsZero() {
		all[1].State = ui.Say("home.chain_broken", "At", ui.Time(g.Verify.At), "Note", g.Verify.Note)
	}
	if !g.Away.Until.IsZero() && g.Now.Sub(g.Away.Until) < awayShown {
		all = slices.Insert(all, 1, ui.Watched{Tone: "amber", Name: i18n.T(ctx, "home.away"), State: ui.SayCount("home.away_words", g.Missed,
			"From", ui.Time(g.Away.From), "Until", ui.Time(g.Away.Until))})
	}
	for _, a := range g.Silent {
		all = append(all, ui.Watched{Tone: "amber", Name: i18n.T(ctx, "home.notices_from", "Account", a.Name), State: missingNotices(a)})
	}
	return all
}

// headsDuty is late when no head has left for more than an hour, whatever the round says.
func (g Guards) headsDuty(ctx context.Context) ui.Watched {
	d := models.Duty{At: g.Left, OK: true}
	w := g.duty(ctx, d, "home.heads", headsLate, ui.Say("home.heads_ran", "Ago", ui.Ago(g.Left)))
	if g.Unleft > 0 {
		w.Tone, w.State = "amber", ui.SayCount("home.heads_wait", int(g.Unleft), "Ago", ui.Ago(g.Heads.At))
	}
	return w
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
