package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// PayoutPage is one order: what it is, who signed it, what became of it, and
// everything that ever happened to it.
type PayoutPage struct {
	Shell    Shell
	Payout   models.Payout
	Order    OrderBrief
	Badge    models.Badge
	Notices  []OrderNotice
	Doubt    Doubt  // of an unclear order
	Means    string // of the gateway's code or word, where it refused
	Needs    int    // signatures still missing
	Waits    string // why a ready order does not leave: paused account or stopped sending, in words
	Asks     bool   // a question is under way that raises the proof
	Signed   []ui.Signature
	Deeds    OrderDeeds
	Payee    PayeeCard
	Numbers  NumbersCard
	Sent     []SentAttempt
	Past     Past
	Evidence ChainFoot
}

// OrderNotice is something to know before anything else on the page.
type OrderNotice struct {
	Kind   string // contradiction, double_payment, stopped, held, payee_changed, asked, proposal
	Words  string // somebody's own words
	Name   string // who
	At     time.Time
	Other  string // number of another order
	Link   templ.SafeURL
	About  models.Contradiction
	Number int // of a payee's version
}

// OrderDeeds are what this reader may do about the order now.
type OrderDeeds struct {
	Main []OrderDeed // at most two
	More []OrderDeed
}

// OrderDeed is a link, or a button that posts at once.
type OrderDeed struct {
	Key     string // catalogue key
	Icon    string
	Href    string
	Post    bool
	Primary bool
}

// PayeeCard is the version of the payee that this order points at for ever.
type PayeeCard struct {
	Number   int
	Since    time.Time
	Bank     string
	BankName string
	Newer    int // the newest version, where there is one
	NewerAt  time.Time
	Reveal   bool
}

// NumbersCard is what the order is called, here and elsewhere.
type NumbersCard struct {
	Rail       string // catalogue key
	Fields     []NamedValue
	Replaces   string
	ReplacedBy string
	Successor  models.Badge
	Files      []OrderFile
	OnWire     string // the amount as the gateway's own unit has it, "" where that is the same
	OnWireNote string
}

// NamedValue is an answer to a rail's question; Key is of its label.
type NamedValue struct{ Key, Value string }

// OrderFile is something attached, as it is listed.
type OrderFile struct {
	ID     int64
	Name   string
	Size   int64
	Digest string
}

// SentAttempt is one attempt and the exact bytes, masked.
type SentAttempt struct {
	models.Attempt
	Digest string
	Fields []ui.WireField
	Text   string // instead of fields
	Broken bool   // the bytes do not fit the digest on record
	Reply  *RawText
}

// ChainFoot is what a printed order ends with.
type ChainFoot struct {
	Digest  string // of the content
	Seq     int64  // of the order's last event
	Hash    string
	HeadSeq int64
	Head    string
}

// title is the amount and the payee: what the tab is found by.
func payoutTitle(ctx context.Context, p models.Payout) string {
	return i18n.T(ctx, "order.title", "Amount", p.Amount().String(), "Payee", p.PayeeName)
}

// PayoutTitle names the page of an order.
func PayoutTitle(ctx context.Context, p models.Payout) string { return payoutTitle(ctx, p) }

// situation says in a few sentences what happened, what it means for the money,
// what comes next, and who must act.
func (p PayoutPage) situation(ctx context.Context) templ.Component {
	return ui.Say("situation."+p.state(), p.situationArgs(ctx)...)
}

// state names the sentence of where the order stands.
func (p PayoutPage) state() string {
	order := p.Payout
	switch order.Stage {
	case models.Sent:
		return p.outcome()
	case models.Approved:
		return either(p.Waits != "", "approved_waiting", "approved")
	case models.Held:
		return either(order.HeldWhy == "held.predecessor", "held_predecessor", "held")
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
		"At", clockWords(ctx, order.StateSince), "Sent", clockWords(ctx, order.SentAt), "Next", nextWords(ctx, order.NextActionAt),
		"Settled", clockWords(ctx, order.SettledAt), "Asking", p.asking(ctx),
	}
}

// asking says whether stronger proof is on its way.
func (p PayoutPage) asking(ctx context.Context) string {
	if next := p.Payout.NextActionAt; !next.IsZero() {
		return i18n.T(ctx, "situation.asking", "Next", nextWords(ctx, next))
	}
	return ""
}

// nextWords is when the gateway is asked next: at 14:17 Taipei, or now.
func nextWords(ctx context.Context, at time.Time) string {
	if !at.After(i18n.Now(ctx)) {
		return i18n.T(ctx, "situation.now")
	}
	return i18n.T(ctx, "situation.at", "Clock", clockWords(ctx, at))
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
