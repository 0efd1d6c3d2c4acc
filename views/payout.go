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
	Kind   string // contradiction, double_payment, stopped, held, payee_changed, asked, proposal, rejected
	Words  string // somebody's own words
	Why    string // why it cannot leave as it stands, a catalogue key, or what it was rejected for
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
	Successor  ui.StatusArgs
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
	Kind   string // PDF, PNG
	Size   int64
	Digest string

	Picture bool   // can be looked at on the page
	Sheets  bool   // a PDF, which is shown in a frame
	Text    string // its beginning, on the card of its approver
	Cut     bool   // there is more in the file
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

// PayoutTitle is the amount and the payee: what the tab is found by.
func PayoutTitle(ctx context.Context, p models.Payout) string {
	return i18n.T(ctx, "order.title", "Amount", p.Amount().String(), "Payee", p.PayeeName)
}
