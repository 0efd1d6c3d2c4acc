package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// Approval is one order as its approver reads it: amount and payee, why it needs
// them, what is unusual, and the decision.
type Approval struct {
	Shell      Shell
	Payout     models.Payout
	Gateway    string // account and rail
	Bank       string
	Version    int       // of the payee's details
	VersionAt  time.Time // since when
	Status     ui.StatusArgs
	Place      string // 1 of 4 to decide
	Why        string // which band, who has signed
	After      string // what follows the reader's signature
	Chain      *DayChain
	Flags      []ui.FlagArgs
	NewDetails *NewDetails
	Like       *LikeOrder
	Twins      []TwinLine
	Changed    *models.Event // the last edit, of an order that was submitted again
	Asked      *AskedMaker
	Signed     []ui.Signature
	History    *ui.History
	Extra      []NamedValue
	Files      []OrderFile
	Wire       Wire
	Digest     string
	Funds      *OrderFunds // of an order that waits for signatures
	Limits     []models.Meter
	For        string    // for whom the reader stands in, and who left it to whom
	Blocked    string    // why nobody else can sign it; "" if somebody can
	Expires    time.Time // when it goes back to its maker; zero once it does not wait
	CutOff     models.CutOff
	Later      models.CutOff // the one after it
	Window     time.Duration // how long it can be called back before it leaves

	Cannot  string // why the reader may not decide; "" if they may
	OnList  string // why nobody approves it: the payee is on the block list; "" if not
	Types   bool   // the amount is typed before it is approved
	Typed   string
	To      string      // who is to sign instead, as typed
	People  []ui.Option // who could
	Opened  string      // stamp of when the card was opened
	Because string      // what it is rejected for
	Reason  string
	Errors  Errors
	StepUp  StepUp // how the reader proves that they are there
	Verdict string // on the page that confirms: approve, reject or question
}

// DayChain are the other orders of 24 hours whose sum chose the band.
type DayChain struct {
	Sum    models.Money // with this one
	By     models.Cumulation
	Orders []TwinLine
}

// NewDetails are bank details that changed lately.
type NewDetails struct {
	At   time.Time
	From string // last four before, "" where the number stayed
	To   string
	By   string
}

// OrderFunds is the money at the order's account, to hold it against.
type OrderFunds struct {
	models.Funds
	Old bool // read long ago
}

// AskedMaker is an approver's open question.
type AskedMaker struct {
	Name string
	At   time.Time
	Text string
}

// Stale is an order that changed while somebody was deciding: what was typed did
// not count.
type Stale struct {
	Shell   Shell
	Title   string
	OrderNo string
	What    string
	Edit    *models.Event
	Ref     string
	Waits   bool // it still waits for signatures
}

func (p Approval) may() bool { return p.Cannot == "" }

func (p Approval) path(page string) templ.SafeURL {
	return ApprovalPath(p.Payout.OrderNo) + "/" + templ.SafeURL(page)
}

// deed is where the decision is sent.
func (p Approval) deed(name string) templ.SafeURL {
	return PayoutPath(p.Payout.OrderNo) + "/" + templ.SafeURL(name)
}

// editWords are what an edit changed, a sentence each.
func editWords(ctx context.Context, e models.Event) (words []string) {
	for _, c := range (Happening{Event: e}).changes() {
		words = append(words, changeWords(ctx, c))
	}
	return words
}

// deeds are the three decisions, each with its route.
var deeds = map[string]string{"approve": "approval", "reject": "rejection", "question": "question", "hand": "hand"}

func verdictTitle(ctx context.Context, verdict string) string {
	return i18n.T(ctx, "decide.title_"+verdict)
}

func clockOf(ctx context.Context, at time.Time) string { return at.In(i18n.Zone(ctx)).Format("15:04") }

func signLabel(ctx context.Context, p Approval) string {
	if p.may() {
		return i18n.T(ctx, "decide.you_sign")
	}
	return i18n.T(ctx, "review.signed_title")
}
