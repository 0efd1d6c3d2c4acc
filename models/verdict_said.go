package models

import "slices"

// Doubt is what two people have to settle about an order: nothing, that its outcome is
// unclear, or that evidence disagrees.
type Doubt string

// The doubts about an order.
const (
	NoDoubt      Doubt = ""
	Unsettled    Doubt = "unclear"
	Contradicted Doubt = "contradiction"
)

// Said is what a verdict says became of the money.
type Said string

// What two people may say.
const (
	SaidPaid      Said = "paid"
	SaidNotPaid   Said = "not_paid"
	SaidReturned  Said = "returned"   // paid, and came back; ends a contradiction alone
	SaidLookAgain Said = "look_again" // nothing yet; settles nothing
)

// AllSaid are the verdicts that there are.
var AllSaid = []Said{SaidPaid, SaidNotPaid, SaidReturned, SaidLookAgain}

// EvidenceKind is on what a verdict rests.
type EvidenceKind string

// The kinds of evidence (screens.md §4).
const (
	EvidenceGatewayReply EvidenceKind = "gateway_reply"
	EvidenceStatement    EvidenceKind = "statement"
	EvidencePayeeReply   EvidenceKind = "payee_reply"
	EvidenceNone         EvidenceKind = "none" // of looking again
)

// VerdictState is where a proposal stands.
type VerdictState string

// The states of a proposal. It is open until the second person answers, or the gateway's
// own word makes it void.
const (
	VerdictOpen      VerdictState = "open"
	VerdictConfirmed VerdictState = "confirmed"
	VerdictDisagreed VerdictState = "disagreed"
	VerdictCancelled VerdictState = "cancelled"
)

// Judged says whether a second person has answered.
func (s VerdictState) Judged() bool { return s == VerdictConfirmed || s == VerdictDisagreed }

// Known says whether it is a verdict at all.
func (s Said) Known() bool { return slices.Contains(AllSaid, s) }
