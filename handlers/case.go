package handlers

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

func sweeperTone(s views.Sweeper) string {
	if s.Silent {
		return "red"
	}
	return "green"
}

func agoOrNever(ctx context.Context, at time.Time) templ.Component {
	if at.IsZero() {
		return ui.Text(i18n.T(ctx, "unclear.never"))
	}
	return ui.Ago(at)
}

// waitsIn says whether people still have to settle the order in this queue.
func (r *payoutRows) waitsIn(queue string) bool {
	if queue == "contradictions" {
		return r.payout.Clash
	}
	return r.payout.Outcome == models.Unclear && !r.payout.Clash
}

// elsewhere is where an order is found that is not in the queue.
func (r *payoutRows) elsewhere() string {
	if r.payout.Clash || r.payout.Outcome == models.Unclear {
		return r.verdictPath()
	}
	return string(views.PayoutPath(r.payout.OrderNo))
}

// caseOf is one order with what has to be walked through, as this person sees it.
func (r *payoutRows) caseOf(ctx context.Context, queue string, by models.Person, now time.Time, opened bool, typed *refusedForm) *views.Case {
	c := &views.Case{
		Queue: queue, Payout: r.payout, Order: r.brief(), Badge: r.badge(), Doubt: r.doubt(), Bank: bankOf(r.version),
		Owner: r.names[r.payout.OwnerID], MayAsk: r.payout.CheckAsk(by) == nil, MayClaim: r.checkClaim(by) == nil,
		MayNotices: by.May(models.VerbNotices), NoticesEnd: r.payout.NotPaidFrom(r.account),
	}
	c.Flag = models.CaseFlag{Escalated: models.EscalationOf(r.payout, r.verdicts), Promised: models.CameBack(r.verdicts)}
	if len(r.questions) > 0 {
		c.Last = r.asked(ctx, r.questions[0])
	}
	for _, n := range r.heard {
		c.Noticed = c.Noticed || n.Quarantine == ""
	}
	c.Quarantined = r.quarantined
	c.Letters = r.letters(by)
	if r.clash != nil {
		c.Sides = r.sides(ctx)
	}
	r.decision(ctx, c, by, now, opened, typed)
	return c
}

func bankOf(v models.PayeeVersion) string { return strings.TrimSpace(v.Bank + " " + v.BankName) }

// decision is what this reader may do about the verdict: propose, judge another's,
// or wait.
func (r *payoutRows) decision(ctx context.Context, c *views.Case, by models.Person, now time.Time, opened bool, typed *refusedForm) {
	if typed != nil {
		c.Errors = typed.errs
	}
	if v, open := r.openVerdict(); open {
		r.secondPerson(ctx, c, v, by, opened, typed)
		return
	}
	if err := r.payout.CheckProposal(by, r.verdicts); err != nil {
		c.MayNot = r.mayNotPropose(ctx, by, err)
		return
	}
	form := views.ProposalForm{LookAgainAt: now.Add(time.Hour).In(i18n.Zone(ctx)).Format(momentLayout)}
	if !r.payout.Clash {
		form.Says = string(models.SaidLookAgain)
	}
	r.offerReply(ctx, c, &form)
	if typed != nil {
		form = typed.proposal()
	}
	if err := r.checkNotPaid(now); err != nil {
		form.NotPaidWhy = refusalText(ctx, err)
	}
	c.Proposal = &form
}

func (r *payoutRows) checkNotPaid(now time.Time) error {
	if r.clash == nil {
		return r.payout.CheckNotPaid(r.account, now)
	}
	return r.payout.CheckSettleFailed(r.account, *r.clash, r.questions, now)
}

// offerReply puts the newest reply of the gateway's staff into the form. Only what
// came in writing is offered as such.
func (r *payoutRows) offerReply(ctx context.Context, c *views.Case, form *views.ProposalForm) {
	for _, letter := range c.Letters {
		if text := letter.Quoted(ctx); text != "" {
			form.Text = text
			if letter.InWriting() {
				form.Evidence = "gateway_reply"
			}
			return
		}
	}
}

// mayNotPropose tells those who work on orders why they may not; to others it says
// who does.
func (r *payoutRows) mayNotPropose(ctx context.Context, by models.Person, err error) string {
	if r.payout.MadeBy(by.ID) {
		return i18n.T(ctx, "verdict.maker")
	}
	if r.payout.Clash && by.May(models.VerbVerdict) {
		return i18n.T(ctx, "verdict.controller_proposes")
	}
	if by.May(models.VerbVerdict) {
		return refusalText(ctx, err)
	}
	return i18n.T(ctx, "verdict.not_for_you")
}

// secondPerson shows the evidence to whoever may judge it, and to others only that
// it waits.
func (r *payoutRows) secondPerson(ctx context.Context, c *views.Case, v models.Verdict, by models.Person, opened bool, typed *refusedForm) {
	p := views.Proposal{Verdict: v, By: r.names[v.ProposerID], Files: r.filesOf(v), Own: by.ID == v.ProposerID}
	if err := r.payout.CheckConfirm(by, v, r.signers()); err != nil {
		if !p.Own && by.May(models.VerbVerdict) {
			p.MayNot = refusalText(ctx, err)
		}
		c.Waiting = &p
		return
	}
	c.Judging = &views.Judgement{Proposal: p, Opened: opened || typed != nil}
	if typed != nil {
		c.Judging.Says, c.Judging.Reason = string(typed.Says), typed.Reason
	}
}

func (r *payoutRows) filesOf(v models.Verdict) []views.OrderFile {
	var attached []models.File
	for _, f := range r.files {
		if f.VerdictID != nil && *f.VerdictID == v.ID {
			attached = append(attached, f)
		}
	}
	return orderFiles(attached)
}

// sides are what stood before the contradiction, and what came: each with the
// lines of the timeline that prove it.
func (r *payoutRows) sides(ctx context.Context) *views.Sides {
	s := &views.Sides{Open: *r.clash, Risk: []models.Money{r.payout.Amount()}}
	opened := false
	for _, h := range r.happenings(ctx) {
		switch {
		case h.Verb == string(models.MoveClash) && !opened:
			s.News, opened = append(s.News, h), true
		case !opened && gatewaysWord(h):
			s.News = append(s.News, h)
		case opened && establishes(h, r.clash.Standing):
			s.Standing = append(s.Standing, h)
		}
	}
	r.addSuccessor(s)
	return s
}

// gatewaysWord is news of the gateway that said something.
func gatewaysWord(h views.Happening) bool {
	return (h.Kind == "notices" || h.Kind == "queries") && !fruitless(h)
}

// establishes says whether the line made the order what it was held to be.
func establishes(h views.Happening, standing string) bool {
	outcome, byHand := strings.CutSuffix(standing, "_by_hand")
	switch {
	case h.Verb == "verdict_proposed":
		return byHand && !h.Hidden
	case standing == "pending" || standing == "unclear":
		return h.Verb == "heard_notice" && h.Details["says"] == "failed"
	case standing == "differs":
		return h.Verb == string(models.MoveMistrust)
	}
	return h.Moved && string(h.Is.Outcome) == outcome && (h.Was.Outcome != h.Is.Outcome || h.Verb == string(models.MoveProve))
}

// addSuccessor adds what replaces the order; once it has left, its money is at
// risk too.
func (r *payoutRows) addSuccessor(s *views.Sides) {
	if r.successor == nil {
		return
	}
	next := *r.successor
	status := statusOf(next)
	s.SuccessorNo, s.Successor = next.OrderNo, &status
	if next.Outcome != models.None && next.Outcome != models.Failed {
		s.Risk = sumsOf([]models.Payout{r.payout, next})
	}
}
