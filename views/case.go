package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// CasesPage is a queue of orders that people have to settle, and one of them: the
// unclear ones, or those whose evidence disagrees.
type CasesPage struct {
	Shell   Shell
	Queue   string // unclear, contradictions
	Figures models.UnclearFigures
	Clashes int
	Risk    []RiskRow
	Sweeper Sweeper
	Rows    []CaseRow
	Left    int  // cases that the list leaves out
	Chosen  bool // the case was asked for, not just the first one
	Case    *Case
	Watched []ui.Watched // what is being watched, where nothing is to do
	Last    *LastSettled
}

// Sweeper is the part that asks gateways: an empty queue is good news only while
// it runs.
type Sweeper struct {
	At     time.Time
	Silent bool
}

// CaseRow is one line of the queue.
type CaseRow struct {
	Payout     models.Payout
	Badge      models.Badge
	Gateway    string
	Owner      string
	StandIn    *models.StandIn // for the owner, who is away
	Waits      bool            // for a second person
	Letter     *models.Enquiry // the newest, to the gateway's staff
	Successor  *models.Payout  // what replaces the order
	NoticesEnd time.Time       // when the gateway's time for a notice is over
	Flag       models.CaseFlag
	Chosen     bool
}

// LastSettled is the unclear order that was settled last, and how long it took.
type LastSettled struct {
	Took    time.Duration
	OrderNo string
	At      time.Time
}

// Case is one order with what has to be walked through before two people decide.
type Case struct {
	Queue       string
	Payout      models.Payout
	Order       OrderBrief
	Badge       models.Badge
	Doubt       Doubt
	Bank        string
	Owner       string
	StandIn     *models.StandIn // for the owner, who is away
	MayAsk      bool
	MayClaim    bool
	MayNotices  bool
	Last        *Asked
	Noticed     bool      // a verified notice came
	NoticesEnd  time.Time // when "not paid" may first be proposed
	Quarantined []models.QuarantineMatch
	Letters     []SentLetter // to the gateway's staff, the newest first
	Sides       *Sides       // of a contradiction
	Proposal    *ProposalForm
	Waiting     *Proposal // the reader's own, or one that they may not confirm
	Judging     *Judgement
	Flag        models.CaseFlag
	MayNot      string // why this reader proposes nothing, in words
	Errors      Errors
	StepUp      StepUp // of whoever may judge
	Digest      string // of what they are shown
}

// Sides are what a contradiction is between.
type Sides struct {
	Open        models.Contradiction
	Standing    []Happening // what established it
	News        []Happening // what denies it, and what came since
	SuccessorNo string      // what replaces the order
	Successor   *ui.StatusArgs
	Risk        []models.Money
}

// ProposalForm is the first person's verdict as it was typed.
type ProposalForm struct {
	Says, Evidence, Text, Reason, Received, LookAgainAt string
	NotPaidWhy                                          string // why "not paid" cannot be proposed yet, "" if it can
}

// Proposal is a verdict that waits for a second person.
type Proposal struct {
	models.Verdict
	By     string
	Files  []OrderFile
	Own    bool // the reader's
	MayNot string
}

// Judgement is what the second person sees: the evidence first, the proposer's
// verdict only once it was opened.
type Judgement struct {
	Proposal
	Opened bool
	Says   string // as chosen
	Reason string
}

// path is the address of the case.
func (c Case) path() string { return "/" + c.Queue + "/" + c.Payout.OrderNo }

func (c Case) pathTo(deed string) templ.SafeURL { return templ.SafeURL(c.path() + "/" + deed) }

// rowPath is the address of another case of the queue.
func (p CasesPage) rowPath(row CaseRow) templ.SafeURL {
	return templ.SafeURL("/" + p.Queue + "/" + row.Payout.OrderNo)
}

func selected(row CaseRow) templ.Attributes {
	if row.Chosen {
		return templ.Attributes{"aria-selected": "true"}
	}
	return nil
}

// ownerWords says who works on the case.
func ownerWords(ctx context.Context, row CaseRow) string {
	switch {
	case row.Waits:
		return i18n.T(ctx, "case.waits_second")
	case row.Owner == "":
		return i18n.T(ctx, "case.nobody_yet")
	}
	return claimedWords(ctx, row.Owner, nil)
}

// awayWords say of a case whose owner is away until when, and who stands in: on a line of
// their own, since beside the sum there is room for a name.
func awayWords(ctx context.Context, row CaseRow) string {
	if row.StandIn == nil || row.Owner == "" {
		return ""
	}
	return i18n.T(ctx, "case.away", "Name", row.Owner, "Day", i18n.Day(ctx, row.StandIn.UntilAt.Add(-time.Minute)), "StandIn", row.StandIn.To.Name)
}

// claimedWords name the owner, and while they are away until when and who stands in.
func claimedWords(ctx context.Context, owner string, s *models.StandIn) string {
	if s == nil {
		return i18n.T(ctx, "case.claimed_by", "Name", owner)
	}
	return i18n.T(ctx, "case.claimed_away", "Name", owner, "Day", i18n.Day(ctx, s.UntilAt.Add(-time.Minute)), "StandIn", s.To.Name)
}

// heardSoFar says when the gateway last named the order, and until when a notice
// may still come.
func heardSoFar(ctx context.Context, row CaseRow) string {
	words := i18n.T(ctx, "case.heard_nothing")
	if !row.Payout.HeardAt.IsZero() {
		words = i18n.T(ctx, "case.heard_last", "At", ClockWords(ctx, row.Payout.HeardAt))
	}
	switch {
	case row.NoticesEnd.IsZero(), row.Payout.Clash:
		return words
	case row.NoticesEnd.After(i18n.Now(ctx)):
		return words + ", " + i18n.T(ctx, "case.notice_until", "At", ClockWords(ctx, row.NoticesEnd))
	}
	return words + ", " + i18n.T(ctx, "case.notice_over", "At", ClockWords(ctx, row.NoticesEnd))
}

// askedSoFar says how often the gateway was asked and when it is next.
func askedSoFar(ctx context.Context, p models.Payout) string {
	if p.NextActionAt.IsZero() {
		return i18n.N(ctx, "case.asked", p.Questions)
	}
	return i18n.N(ctx, "case.asked_next", p.Questions, "Next", ClockWords(ctx, p.NextActionAt))
}
