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

// situation says in a few sentences what happened, what it means for the money,
// what comes next, and who must act.
func (p PayoutPage) situation(ctx context.Context) templ.Component {
	return ui.Say("situation."+p.state(ctx), p.situationArgs(ctx)...)
}

// state names the sentence of where the order stands.
func (p PayoutPage) state(ctx context.Context) string {
	order := p.Payout
	switch order.Stage {
	case models.Sent:
		return p.outcome()
	case models.Approved:
		if order.InWindow(i18n.Now(ctx)) && p.Waits == "" {
			return "approved_window"
		}
		return either(p.Waits != "", "approved_waiting", "approved")
	case models.Held:
		return heldAs(order.HeldWhy)
	case models.AwaitingApproval:
		return either(p.Badge.Shape == "barred", "blocked", "awaiting_approval")
	}
	return string(order.Stage)
}

func (p PayoutPage) outcome() string {
	order := p.Payout
	proven := order.Grade >= models.E3
	switch order.Outcome {
	case models.Pending:
		return "pending"
	case models.Unclear:
		return either(order.NextActionAt.IsZero(), "unclear_unasked", "unclear")
	case models.Paid:
		return "paid" + either(order.Clash, "_clash", either(proven, "_proven", either(order.ByHand, "_by_hand", "_noticed")))
	case models.Failed:
		return "failed" + either(proven, "_proven", either(order.ByHand, "_by_hand", "_refused"))
	}
	return string(order.Outcome) + either(order.Clash, "_clash", "")
}

func (p PayoutPage) situationArgs(ctx context.Context) []any {
	order := p.Payout
	return []any{
		"Gateway", p.Order.Gateway, "Maker", ui.PayeeName(p.Order.Maker), "Doubt", doubt(p.Doubt), "Waits", p.Waits,
		"Signatures", i18n.N(ctx, "order.signatures_missing", p.Needs), "Code", order.Code, "Means", meansWords(ctx, p.Means, order.Code),
		"At", ClockWords(ctx, order.StateSince), "Sent", ClockWords(ctx, order.SentAt), "Next", nextWords(ctx, order.NextActionAt),
		"Settled", ClockWords(ctx, order.SettledAt), "Asking", p.asking(ctx), "Stuck", stuckWords(ctx, order.HeldWhy), "Leaves", ui.Countdown(order.LeavesAt),
	}
}

// heldAs names who held an order: a person, the one that it replaces, the sender, or
// what became of its payee.
func heldAs(why string) string {
	switch {
	case why == models.HeldPredecessor:
		return "held_predecessor"
	case why == models.HeldStopped:
		return "held_stopped"
	case slices.Contains(models.Stuck, why):
		return "held_stuck"
	case slices.Contains(models.PayeeHolds, why):
		return "held_payee"
	}
	return "held"
}

// stuckWords say why an order cannot leave as it stands, or not yet.
func stuckWords(ctx context.Context, why string) string {
	if !slices.Contains(models.Stuck, why) && !slices.Contains(models.PayeeHolds, why) {
		return ""
	}
	return i18n.T(ctx, "stuck."+strings.TrimPrefix(why, "held."))
}

// asking says whether stronger proof is on its way, or what is called failed is asked
// about again.
func (p PayoutPage) asking(ctx context.Context) string {
	next := p.Payout.NextActionAt
	switch {
	case !next.IsZero() && p.Payout.Denied():
		return i18n.T(ctx, "situation.second_look")
	case !next.IsZero():
		return i18n.T(ctx, "situation.asking", "Next", nextWords(ctx, next))
	}
	return ""
}

// nextWords is when the gateway is asked next: at 14:17 Taipei, or so soon that
// the clock would say the present.
func nextWords(ctx context.Context, at time.Time) string {
	switch left := at.Sub(i18n.Now(ctx)); {
	case left <= 0:
		return i18n.T(ctx, "situation.now")
	case left < time.Minute:
		return i18n.T(ctx, "situation.soon")
	}
	return i18n.T(ctx, "situation.at", "Clock", ClockWords(ctx, at))
}

func meansWords(ctx context.Context, means, code string) string {
	if means == "" {
		return i18n.T(ctx, "situation.code_only", "Code", code)
	}
	return means
}

// bankWords is the bank as people name it: code and name.
func bankWords(p PayeeCard) string {
	switch {
	case p.BankName == "":
		return p.Bank
	case p.Bank == "":
		return p.BankName
	}
	return p.Bank + " " + p.BankName
}

func either(first bool, yes, no string) string {
	if first {
		return yes
	}
	return no
}
