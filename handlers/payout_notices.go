package handlers

import (
	"slices"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views"
)

// notices are what to know before anything else on the page, the worst first.
func (r *payoutRows) notices() (all []views.OrderNotice) {
	for _, notice := range []*views.OrderNotice{
		r.clashNotice(), r.doublePayment(), r.proposalNotice(), r.heldNotice(), r.expiredNotice(), r.rejectedNotice(), r.pausedNotice(), r.payeeNotice(), r.askedNotice(),
	} {
		if notice != nil {
			all = append(all, *notice)
		}
	}
	return all
}

func (r *payoutRows) clashNotice() *views.OrderNotice {
	if r.clash == nil {
		return nil
	}
	n := &views.OrderNotice{
		Kind: "contradiction", Name: r.account.Name, At: r.clash.OpenedAt, About: *r.clash, Link: templ.SafeURL(r.verdictPath()),
	}
	if r.successor != nil {
		n.Other = r.successor.OrderNo
	}
	return n
}

// doublePayment warns on an order that left although the one it replaces is
// reported paid after all.
func (r *payoutRows) doublePayment() *views.OrderNotice {
	left := r.payout.Stage == models.Sending || r.payout.Stage == models.Sent && r.payout.Outcome != models.Failed
	if r.predecessor == nil || !left || !r.predecessor.Clash && r.predecessor.Outcome == models.Failed {
		return nil
	}
	n := &views.OrderNotice{Kind: "double_payment", Other: r.predecessor.OrderNo}
	if r.predecessor.Clash {
		n.Link = templ.SafeURL(verdictPath(*r.predecessor))
	}
	return n
}

func (r *payoutRows) proposalNotice() *views.OrderNotice {
	v, open := r.openVerdict()
	if !open {
		return nil
	}
	return &views.OrderNotice{Kind: "proposal", Name: r.names[v.ProposerID], At: v.ProposedAt}
}

func (r *payoutRows) heldNotice() *views.OrderNotice {
	held := r.last(string(models.MoveHold))
	if r.payout.Stage == models.Held && r.payout.HeldWhy == models.HeldStopped {
		stopped := r.last(string(models.MoveStop))
		return &views.OrderNotice{Kind: "held_stopped", Name: stopped.Actor, At: stopped.At, Words: stopped.Details["reason_text"]}
	}
	if r.payout.Stage != models.Held || held == nil {
		return nil
	}
	if no := held.Details["predecessor"]; no != "" {
		return &views.OrderNotice{Kind: "held_predecessor", Other: no, Link: views.PayoutPath(no)}
	}
	if why := held.Details["why"]; slices.Contains(models.Stuck, why) {
		return &views.OrderNotice{Kind: "held_stuck", At: held.At, Why: why}
	}
	if why := held.Details["why"]; slices.Contains(models.PayeeHolds, why) {
		return &views.OrderNotice{Kind: "held_payee", At: held.At, Why: why}
	}
	return &views.OrderNotice{Kind: "held", Name: held.Actor, At: held.At, Words: held.Details["reason_text"]}
}

// expiredNotice tells the maker why a draft is theirs again.
func (r *payoutRows) expiredNotice() *views.OrderNotice {
	gone, edited := r.last(string(models.MoveExpire)), r.last(string(models.MoveEdit))
	if r.payout.Stage != models.Draft || gone == nil || edited != nil && edited.Seq > gone.Seq {
		return nil
	}
	return &views.OrderNotice{Kind: "expired", At: gone.At}
}

// rejectedNotice tells the maker why it will not be paid, by the list and in words.
func (r *payoutRows) rejectedNotice() *views.OrderNotice {
	rejected := r.last(string(models.MoveReject))
	if rejected == nil {
		return nil
	}
	return &views.OrderNotice{Kind: "rejected", Name: rejected.Actor, At: rejected.At, Why: rejected.Details[models.RejectedFor], Words: rejected.Details["reason_text"]}
}

func (r *payoutRows) pausedNotice() *views.OrderNotice {
	if r.payout.Stage != models.Approved || r.account.Paused == "" {
		return nil
	}
	return &views.OrderNotice{Kind: "paused", At: r.account.PausedAt}
}

// payeeNotice warns while the order can still be stopped.
func (r *payoutRows) payeeNotice() *views.OrderNotice {
	waiting := r.payout.Stage == models.AwaitingApproval || r.payout.Stage == models.Approved || r.payout.Stage == models.Held
	if r.newer == nil || !waiting {
		return nil
	}
	return &views.OrderNotice{Kind: "payee_changed", Number: r.newer.Number, At: r.newer.CreatedAt}
}

// askedNotice shows an approver's question until the maker has changed the order
// or somebody has decided.
func (r *payoutRows) askedNotice() *views.OrderNotice {
	if r.payout.Stage != models.AwaitingApproval {
		return nil
	}
	for i := len(r.events) - 1; i >= 0; i-- {
		switch e := r.events[i]; models.Move(e.Verb) {
		case models.MoveAskMaker:
			return &views.OrderNotice{Kind: "asked", Name: e.Actor, At: e.At, Words: e.Details["reason_text"]}
		case models.MoveSubmit, models.MoveSign:
			return nil
		}
	}
	return nil
}

// last is the newest event of a verb, nil if there was none.
func (r *payoutRows) last(verb string) *models.Event {
	for i := len(r.events) - 1; i >= 0; i-- {
		if r.events[i].Verb == verb {
			return &r.events[i]
		}
	}
	return nil
}
