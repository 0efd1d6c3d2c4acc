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
	Payout  models.Payout
	Badge   models.Badge
	Gateway string
	Owner   string
	Waits   bool // for a second person
	Chosen  bool
}

// LastSettled is the unclear order that was settled last.
type LastSettled struct {
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
	MayAsk      bool
	MayClaim    bool
	MayNotices  bool
	Last        *Asked
	Noticed     bool      // a verified notice came
	NoticesEnd  time.Time // when "not paid" may first be proposed
	Quarantined []models.Notice
	Enquiry     string
	Sides       *Sides // of a contradiction
	Proposal    *ProposalForm
	Waiting     *Proposal // the reader's own, or one that they may not confirm
	Judging     *Judgement
	MayNot      string // why this reader proposes nothing, in words
	Errors      Errors
}

// Sides are what a contradiction is between.
type Sides struct {
	Open      models.Contradiction
	Standing  []Happening // what established it
	News      []Happening // what denies it, and what came since
	Successor *CaseRow
	Risk      []models.Money
}

// ProposalForm is the first person's verdict as it was typed.
type ProposalForm struct {
	Says, Evidence, Text, Reason, Received, LookAgainAt string
	NotPaidWhy                                          string // why "not paid" cannot be proposed yet, "" if it can
	LookedAgain                                         int    // how often two people agreed to
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
	return i18n.T(ctx, "case.claimed_by", "Name", row.Owner)
}

// askedSoFar says how often the gateway was asked and when it is next.
func askedSoFar(ctx context.Context, p models.Payout) string {
	if p.NextActionAt.IsZero() {
		return i18n.N(ctx, "case.asked", p.Questions)
	}
	return i18n.N(ctx, "case.asked_next", p.Questions, "Next", clockWords(ctx, p.NextActionAt))
}

// steps are what has to be walked, machine steps first.
func (c Case) steps(ctx context.Context) []ui.Step {
	steps := []ui.Step{c.askStep(ctx), c.quarantineStep(ctx)}
	later := []ui.Step{
		{Title: i18n.T(ctx, "case.statement"), Text: i18n.T(ctx, "case.statement_words", "Gateway", c.Order.Gateway,
			"Amount", c.Payout.Amount().String(), "Day", i18n.FullDay(ctx, c.Payout.SentAt)), Side: i18n.T(ctx, "case.by_you")},
		{Title: i18n.T(ctx, "case.enquiry"), Text: i18n.T(ctx, "case.enquiry_words"), Inner: enquiry(c.Enquiry)},
		{State: either(c.Proposal != nil, "now", ""), Title: i18n.T(ctx, "case.reply"), Text: i18n.T(ctx, "case.reply_words")},
	}
	return append(steps, later...)
}

func (c Case) askStep(ctx context.Context) ui.Step {
	step := ui.Step{Title: i18n.T(ctx, "case.ask"), Text: i18n.T(ctx, "case.not_asked")}
	if c.MayAsk {
		step.Inner = askButton(c)
	}
	if c.Last == nil {
		return step
	}
	by := i18n.T(ctx, "case.by_itself")
	if c.Last.By != "" {
		by = c.Last.By
	}
	step.State, step.Side = "done", i18n.T(ctx, "case.at_by", "At", clockWords(ctx, c.Last.At), "By", by)
	step.Text = AnswerWords(ctx, c.Last.Says, c.Last.Problem) + ". " + i18n.N(ctx, "case.step_asked", c.Payout.Questions)
	if next := c.Payout.NextActionAt; !next.IsZero() {
		step.Text += " " + i18n.T(ctx, "case.step_next", "Next", clockWords(ctx, next))
	}
	return step
}

func (c Case) quarantineStep(ctx context.Context) ui.Step {
	step := ui.Step{State: "done", Title: i18n.T(ctx, "case.quarantine"), Text: i18n.T(ctx, "case.quarantine_none"), Side: i18n.T(ctx, "case.by_itself")}
	if n := len(c.Quarantined); n > 0 {
		step.Text = i18n.N(ctx, "case.quarantine_some", n)
		if c.MayNotices {
			step.Inner = quarantineLinks(c.Quarantined)
		}
	}
	return step
}

// sentWords tell what was sent, what was heard and until when a notice may come.
func (c Case) sentWords(ctx context.Context) templ.Component {
	key := "case.sent_no_notice"
	switch over := !c.NoticesEnd.After(i18n.Now(ctx)); {
	case c.Noticed:
		key = "case.sent_noticed"
	case over:
		key = "case.sent_no_notice_over"
	}
	return ui.Say(key, "Sent", clockWords(ctx, c.Payout.SentAt), "Doubt", doubt(c.Doubt), "Until", clockWords(ctx, c.NoticesEnd))
}

// verdicts are the choices of a queue. What cannot be chosen yet says why.
func (c Case) verdicts(ctx context.Context, chosen, notPaidWhy string) (choices []ui.ChoiceArgs) {
	for _, says := range c.choices() {
		choice := ui.ChoiceArgs{
			Value: says, Title: i18n.T(ctx, "verdict.choice."+says), Text: i18n.T(ctx, "verdict.needs."+c.Queue+"."+says), Checked: says == chosen,
		}
		if says == "not_paid" && notPaidWhy != "" {
			choice.Disabled, choice.Text = true, notPaidWhy
		}
		choices = append(choices, choice)
	}
	return choices
}

func (c Case) choices() []string {
	if c.Queue == "contradictions" {
		return []string{"paid", "not_paid", "returned"}
	}
	return []string{"look_again", "paid", "not_paid"}
}

// kinds are the kinds of evidence to choose from.
func (c Case) kinds(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Text: i18n.T(ctx, "form.choose")}}
	for _, kind := range []string{"gateway_reply", "statement", "payee_reply"} {
		options = append(options, ui.Option{Value: kind, Text: i18n.T(ctx, "evidence.choice."+kind)})
	}
	return options
}
