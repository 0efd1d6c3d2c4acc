package views

import (
	"context"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// Approvals is the inbox: what waits for the reader's signature, what for others',
// and what the reader decided.
type Approvals struct {
	Shell    Shell
	Tab      string // mine, others or decided
	Tabs     []ui.Tab
	MaySign  bool // the reader's roles sign orders
	Others   int  // how many wait for others, for an empty inbox
	Sorts    []SortLink
	Next     models.CutOff // of all accounts that the reader sees
	Groups   []InboxGroup
	Decided  []DecidedLine
	More     templ.SafeURL // the next page, or ""
	Blocked  []models.Payout
	Standing []DelegationLine // who stands in for whom, as far as the reader is concerned
}

// SortLink is another order in which the rows may stand.
type SortLink struct {
	Text string
	Href templ.SafeURL
}

// InboxGroup is rows that belong together, with their sums.
type InboxGroup struct {
	Title string
	Sums  []models.Money
	Rows  []InboxRow
}

// InboxRow is an order as an approver reads it: amount, payee, why it needs
// somebody, and what is unusual.
type InboxRow struct {
	Payout  models.Payout
	Bank    string // bank and account: "Taishin"
	Account string // what the gateway account is called
	CutOff  models.CutOff
	Why     string
	Flags   []ui.FlagArgs
	Alone   string // why it is approved on its own card, "" where a list may hold it
	Blocked bool
}

// DecidedLine is something that the reader decided.
type DecidedLine struct {
	models.Decision
	Status ui.StatusArgs
}

// ApprovalPath is the card on which an order is decided.
func ApprovalPath(no string) templ.SafeURL { return templ.SafeURL("/approvals/" + no) }

func decidedWords(ctx context.Context, d DecidedLine) string {
	if d.Verb == string(models.MoveReject) {
		return i18n.T(ctx, "inbox.you_rejected")
	}
	return i18n.T(ctx, "inbox.you_signed")
}

func signedCount(ctx context.Context, p models.Payout) string {
	return i18n.T(ctx, "inbox.signed_of", "Signed", p.Approvals, "Needed", p.Needed)
}

// noneMine says how many orders wait for others, where no cut-off says it.
func (p Approvals) noneMine(ctx context.Context) string {
	if p.Next.None() {
		return i18n.N(ctx, "inbox.none_mine_text", p.Others)
	}
	return ""
}

func (p Approvals) empty() bool { return len(p.Groups) == 0 && len(p.Decided) == 0 }
