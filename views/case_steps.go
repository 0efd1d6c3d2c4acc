package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// steps are what has to be walked, machine steps first.
func (c Case) steps(ctx context.Context) []ui.Step {
	steps := []ui.Step{c.askStep(ctx), c.quarantineStep(ctx)}
	later := []ui.Step{
		{Title: i18n.T(ctx, "case.statement"), Text: i18n.T(ctx, "case.statement_words", "Gateway", c.Order.Gateway,
			"Amount", c.Payout.Amount().String(), "Day", i18n.FullDay(ctx, c.Payout.SentAt)), Side: i18n.T(ctx, "case.by_you")},
		c.letterStep(ctx), c.replyStep(ctx),
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
	step.State, step.Side = "done", i18n.T(ctx, "case.at_by", "At", ClockWords(ctx, c.Last.At), "By", by)
	step.Text = AnswerWords(ctx, c.Last.Says, c.Last.Problem) + ". " + i18n.N(ctx, "case.step_asked", c.Payout.Questions)
	if next := c.Payout.NextActionAt; !next.IsZero() {
		step.Text += " " + i18n.T(ctx, "case.step_next", "Next", ClockWords(ctx, next))
	}
	return step
}

// quarantineStep tells what a search for the number, the amount and the account
// found among messages that failed their check.
func (c Case) quarantineStep(ctx context.Context) ui.Step {
	step := ui.Step{State: "done", Title: i18n.T(ctx, "case.quarantine"), Text: i18n.T(ctx, "case.quarantine_none"), Side: i18n.T(ctx, "case.by_itself")}
	named, sums, others := c.quarantinedBy("number"), c.quarantinedBy("amount"), len(c.quarantinedBy("account"))
	if len(named) > 0 {
		step.Text = i18n.N(ctx, "case.quarantine_some", len(named))
	}
	if len(sums) > 0 {
		step.Text += " " + i18n.N(ctx, "case.quarantine_sums", len(sums), "Amount", c.Payout.Amount().String())
	}
	if others > 0 {
		step.Text += " " + i18n.N(ctx, "case.quarantine_others", others, "Gateway", c.Order.Gateway)
	}
	if found := append(named, sums...); len(found) > 0 && c.MayNotices {
		step.Inner = quarantineLinks(found[:min(len(found), quarantineListed)])
	}
	return step
}

// quarantineListed is how many messages a case lists; all are on their own page.
const quarantineListed = 5

func (c Case) quarantinedBy(what string) (found []models.QuarantineMatch) {
	for _, n := range c.Quarantined {
		if n.By == what {
			found = append(found, n)
		}
	}
	return found
}

// letterStep is done once somebody has asked the gateway's staff; its clock runs
// until they answer.
func (c Case) letterStep(ctx context.Context) ui.Step {
	step := ui.Step{Title: i18n.T(ctx, "case.enquiry"), Text: i18n.T(ctx, "case.enquiry_words"), Inner: letterLinks(c)}
	if len(c.Letters) == 0 {
		step.State = either(c.Proposal != nil, "now", "")
		return step
	}
	last := c.Letters[0]
	step.State, step.Side, step.Text = "done", last.By, last.sentWords(ctx)
	if last.Waits() {
		step.Text += " " + last.waitWords(ctx)
	}
	return step
}

// replyStep is done once an answer was filed; the form below offers it.
func (c Case) replyStep(ctx context.Context) ui.Step {
	step := ui.Step{Title: i18n.T(ctx, "case.reply"), Text: i18n.T(ctx, "case.reply_words")}
	for _, letter := range c.Letters {
		if !letter.Waits() {
			step.State, step.Side, step.Text = "done", letter.FiledBy, letter.waitWords(ctx)
			if c.Proposal != nil && letter.Reply != "" {
				step.Text += " " + i18n.T(ctx, "case.reply_offered")
			}
			return step
		}
		if letter.MayReply && step.Inner == nil {
			step.State, step.Inner = "now", replyLink(c.Payout.OrderNo, letter.ID)
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
	return ui.Say(key, "Sent", ClockWords(ctx, c.Payout.SentAt), "Doubt", doubt(c.Doubt), "Until", ClockWords(ctx, c.NoticesEnd))
}

// verdicts are the choices of a queue. What cannot be chosen yet says why.
func (c Case) verdicts(ctx context.Context, chosen, notPaidWhy string) (choices []ui.ChoiceArgs) {
	for _, says := range c.choices() {
		choice := ui.ChoiceArgs{
			Value: says, Title: i18n.T(ctx, "verdict.choice."+says), Text: i18n.T(ctx, "verdict.needs."+c.Queue+"."+says), Checked: says == chosen,
		}
		if says == string(models.SaidNotPaid) && notPaidWhy != "" {
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
