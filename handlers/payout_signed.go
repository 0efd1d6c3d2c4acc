package handlers

import (
	"context"
	"time"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// signatures are who signed and who still has to, in the order of time.
func (r *payoutRows) signatures(ctx context.Context, by models.Person) []ui.Signature {
	signed := []ui.Signature{r.makerLine(ctx, by)}
	for i, a := range r.approvals {
		signed = append(signed, ui.Signature{Name: r.names[a.PersonID], Note: i18n.T(ctx, "signed.approval", "Number", i+1, "At", dayClock(ctx, a.At))})
	}
	if r.payout.Stage == models.AwaitingApproval {
		signed = append(signed, r.missing(ctx, by)...)
	}
	for i := len(r.verdicts) - 1; i >= 0; i-- {
		signed = append(signed, r.verdictLines(ctx, r.verdicts[i], by)...)
	}
	if _, open := r.openVerdict(); r.payout.Clash && !open {
		signed = append(signed, r.controllerLine(ctx, by))
	}
	return signed
}

func (r *payoutRows) makerLine(ctx context.Context, by models.Person) ui.Signature {
	name := r.makers()
	if r.payout.SubmittedAt.IsZero() || r.payout.Stage == models.Draft {
		return ui.Signature{Name: name, Note: i18n.T(ctx, "signed.not_submitted"), Open: true, You: r.payout.CheckSubmit(by) == nil}
	}
	return ui.Signature{Name: name, Note: i18n.T(ctx, "signed.maker", "At", dayClock(ctx, r.payout.SubmittedAt))}
}

// missing are the lines that nobody has signed; the first is the reader's if they may.
func (r *payoutRows) missing(ctx context.Context, by models.Person) (open []ui.Signature) {
	mine := r.payout.CheckDecide(by, r.signers()) == nil
	for _, step := range r.payout.Asks().Unsigned(models.SignersOf(r.approvals)) {
		for range step.Count {
			line := ui.Signature{Name: whoSigns(ctx, step.Role), Open: true,
				Note: i18n.T(ctx, "signed.since", "Number", r.payout.Approvals+len(open)+1, "At", dayClock(ctx, r.payout.SubmittedAt))}
			if mine && (step.Role == models.Anyone || by.Has(step.Role)) {
				line.Name, line.You, mine = i18n.T(ctx, "signed.you"), true, false
			}
			open = append(open, line)
		}
	}
	return open
}

func whoSigns(ctx context.Context, role models.Role) string {
	if role == models.Anyone {
		return i18n.T(ctx, "signed.somebody")
	}
	return i18n.T(ctx, "signed.role."+string(role))
}

// verdictLines are the two who decided, or the one who proposed and the other
// who is waited for. What a proposal says stays out of sight until then.
func (r *payoutRows) verdictLines(ctx context.Context, v models.Verdict, by models.Person) []ui.Signature {
	at, said := dayClock(ctx, v.ProposedAt), i18n.T(ctx, "verdict.says."+string(v.Says))
	proposer := ui.Signature{Name: r.names[v.ProposerID], ByHand: true, Note: i18n.T(ctx, "signed.proposed", "Said", said, "At", at)}
	switch {
	case v.State == "cancelled":
		return nil
	case v.State == models.VerdictOpen:
		proposer.Note = i18n.T(ctx, "signed.proposed_something", "At", at)
		mine := r.payout.CheckConfirm(by, v, r.signers()) == nil
		name := i18n.T(ctx, "signed.second")
		if r.payout.Clash {
			name = i18n.T(ctx, "signed.second_controller")
		}
		if mine {
			name = i18n.T(ctx, "signed.you")
		}
		return []ui.Signature{proposer, {Name: name, Note: i18n.T(ctx, "signed.waits", "At", at), Open: true, You: mine}}
	}
	key := "signed.confirmed"
	if v.State == models.VerdictDisagreed {
		key = "signed.disagreed"
	}
	second := ui.Signature{Name: r.confirmer(v), ByHand: true, Note: i18n.T(ctx, key, "Said", said, "At", dayClock(ctx, v.ConfirmedAt))}
	return []ui.Signature{proposer, second}
}

func (r *payoutRows) confirmer(v models.Verdict) string {
	if v.ConfirmerID == nil {
		return ""
	}
	return r.names[*v.ConfirmerID]
}

func (r *payoutRows) controllerLine(ctx context.Context, by models.Person) ui.Signature {
	line := ui.Signature{Name: i18n.T(ctx, "signed.controller"), Open: true, You: r.payout.CheckProposal(by, r.verdicts) == nil}
	if line.You {
		line.Name = i18n.T(ctx, "signed.you")
	}
	if r.clash != nil {
		line.Note = i18n.T(ctx, "signed.clash", "At", dayClock(ctx, r.clash.OpenedAt))
	}
	return line
}

// dayClock is a moment in the reader's zone: 13 Nov 13:41.
func dayClock(ctx context.Context, at time.Time) string {
	return i18n.Day(ctx, at) + " " + at.In(i18n.Zone(ctx)).Format("15:04")
}
