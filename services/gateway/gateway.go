// Package gateway is the contract between the product and the protocols it
// speaks. A family translates: it writes the exact request, reads the answer,
// and admits what it does not know. It never decides what becomes of an order.
package gateway

import (
	"net/http"
	"time"

	"countersign/models"
)

// Family is one protocol. None of its methods touches the network, only
// Exchange does: they are pure, so that what is previewed is what is sent.
type Family interface {
	// Name is the family's short name: "apay", "cashy".
	Name() string
	// Rails are the ways of paying that the family offers.
	Rails() []Rail
	// Algorithms are the ways of signing, the one to prefer first.
	Algorithms() []string

	// Create writes the one request that creates the order. It refuses values
	// that the wire cannot carry exactly (S12, I1).
	Create(a Account, o Order, at time.Time, nonce string) (Request, error)
	// ReadCreate says what the answer to Create proves. It knows of this one
	// answer only: a refusal counts only where no other attempt may have left.
	ReadCreate(a Account, o Order, r Response) Receipt

	// Query asks what became of an order; its answer is read by ReadQuery. An
	// answer about another order or merchant has no outcome.
	Query(a Account, o Order, at time.Time, nonce string) (Request, error)
	ReadQuery(a Account, o Order, r Response) Answer

	// Balance asks for the account's balance; its answer is read by ReadBalance.
	Balance(a Account, at time.Time, nonce string) (Request, error)
	ReadBalance(a Account, r Response) (Balance, error)

	// Peek names the order that a notice speaks of, before anything is verified,
	// so that the algorithm pinned to that order can be found. "" if unreadable.
	Peek(body []byte) (orderNo string)
	// ReadNotice checks the signature over what came, by the algorithm pinned to
	// the order that Peek named, and reads the facts. The order is the zero one if
	// we have none of that number.
	ReadNotice(a Account, o Order, header http.Header, body []byte) Notice
	// Acknowledge is the success answer to a notice, written after the commit.
	Acknowledge() Acknowledgement
	// Explain gives the catalogue key for a code or word of the gateway, with its
	// names and values; "" for words that nobody documented.
	Explain(word string) (key string, args []any)
	// Secrets are the wire names whose values are masked wherever raw text is
	// shown.
	Secrets() []string
	// NoticeWindow is how long after an order's end the gateway may still send
	// its notice: 60 minutes (gateways.md 1.9), 1,023 minutes (2.10).
	NoticeWindow() time.Duration
}

// Account is one merchant at one gateway, with its keys opened for use.
type Account struct {
	Name          string
	MerchantID    string
	Currency      string // of its rails and its balance
	BaseURL       string
	Key           string // the signing secret
	Authorization string // family apay: the token of GET calls
	Algorithm     string // for new orders
	QueryShape    string // family apay: "list" or "single"
	NotifyURL     string // where notices for this account come in
	Zone          *time.Location
	Timeout       time.Duration // total deadline of one exchange
	AllowLoopback bool          // demo and tests only (S13)
}

// Order is what a family needs to know of a payout.
type Order struct {
	OrderNo   string // ours
	GatewayNo string // theirs, once known
	Rail      string // Rail.ID
	Amount    models.Money
	Algorithm string            // pinned when the order was created; "" before
	Fields    map[string]string // by Field.Name
}

// Request is one call, to the byte.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	Lines  []WireLine // the same request for people, secrets masked
}

// WireLine is one field of a request or an answer as people may see it.
type WireLine struct {
	Name  string
	Value string // masked where Secret or Account
	Note  string // plain words: "486,000.00 TWD in cents"; no catalogue key
	Mark  bool   // worth the eye: amounts, times
}

// Fault says how an exchange ended when no complete answer was read.
type Fault string

// The faults of an exchange. Only NotSent proves that nothing left us (I6).
const (
	FaultNone      Fault = ""          // a complete answer was read
	FaultNotSent   Fault = "not_sent"  // name, dial or TLS error: our own connection saw no byte of the request leave
	FaultTimeout   Fault = "timeout"   // the total deadline passed
	FaultCut       Fault = "cut"       // the connection ended before or within the answer
	FaultTooLarge  Fault = "too_large" // more than 64 KiB
	FaultUncertain Fault = "uncertain" // any other error after a byte may have left
)

// The details of a fault: its closer reason. The words are in the catalogue,
// under "exchange." and the detail.
const (
	DetailNone        = ""
	DetailRequest     = "request"     // our own request cannot be sent as it is
	DetailAddress     = "address"     // an address or a scheme that we do not talk to (S13)
	DetailName        = "name"        // the host name has no address
	DetailRefused     = "refused"     // nobody listens there
	DetailUnreachable = "unreachable" // any other reason for no connection
	DetailTLS         = "tls"         // no agreement on encryption
	DetailCertificate = "certificate" // the gateway could not prove who it is (M15)
	DetailDeadline    = "deadline"
	DetailReset       = "reset" // closed before or within the answer
	DetailMalformed   = "malformed"
	DetailTooLarge    = "too_large"
	DetailStopped     = "stopped" // we ourselves gave up
)

// Response is what came back, or why nothing did. It is never an error value:
// a time-out proves nothing, so it must not look like a "no".
type Response struct {
	Fault   Fault
	Detail  string // one of Detail…, for the timeline: no secrets, no addresses of ours
	Status  int    // HTTP status; 0 if none was read
	Header  http.Header
	Body    []byte
	Started time.Time
	Took    time.Duration
}

// Receipt is what the answer to a create proves: accepted, refused before
// acceptance, not sent, or nothing.
type Receipt struct {
	Kind      ReceiptKind
	Reason    models.UnclearReason // when Kind is Doubt
	Code      string               // the gateway's own code, as it came
	Message   string               // for people, never for decisions
	GatewayNo string
	Alarm     string // "" or one of Alarm…
}

// The alarms: why an operator has to look. Their words are in the catalogue,
// under "alarm.".
const (
	AlarmNone        = ""
	AlarmUnmapped    = "unmapped_code"
	AlarmRedirect    = "redirect"
	AlarmOtherOrder  = "other_order"
	AlarmCertificate = "certificate"
)

// Problem is "" or why an answer to a query is no information.
type Problem string

// The problems; those of an HTTP status read "http_502".
const (
	ProblemNone       Problem = ""
	ProblemNotSent    Problem = "not_sent"
	ProblemTimeout    Problem = "timeout"
	ProblemCut        Problem = "cut"
	ProblemRedirect   Problem = "redirect"
	ProblemEmpty      Problem = "empty"
	ProblemUnreadable Problem = "unreadable"
	ProblemUnmapped   Problem = "unmapped_code" // a code or word nobody documented
	ProblemBusy       Problem = "busy"          // the gateway says that it cannot tell now
	ProblemToken      Problem = "bad_token"     // it refused our authorisation
	ProblemSign       Problem = "bad_signature"
	ProblemOtherOrder Problem = "other_order"
	ProblemAmount     Problem = "amount" // the order is ours, the sum or currency is not (Facts.Differs)
)

// ReceiptKind is the verdict on a create's answer. The zero value is Doubt:
// whatever nobody mapped is unclear, never failed.
type ReceiptKind int

// The kinds of receipt.
const (
	Doubt ReceiptKind = iota
	Accepted
	Refused
	NotSent
)

// Outcome is what a query or a notice says of the money. The zero value says
// nothing.
type Outcome int

// What a gateway may say of an order.
const (
	Unknown  Outcome = iota // no information, or a word nobody documented
	Working                 // known to the gateway and not final
	Paid                    // final
	Failed                  // final
	NotFound                // the gateway does not know it; never a failure
	Reversed                // paid and taken back
)

// Facts are the fields of a query answer or a notice, as far as it carries
// them. Empty means "not carried".
type Facts struct {
	OrderNo    string
	GatewayNo  string
	MerchantID string
	Amount     models.Money
	AmountBad  bool // an amount was carried that the family's rule cannot read
	Received   models.Money
	Fee        string // decimal text in whole units, scale kept (fees have up to four places)
	Currency   string
	Word       string // the status as the gateway wrote it
	Result     string // its explanation: error_msg, resultDesc
	At         time.Time
	AtText     string // the time as it came, before the zone was assumed
}

// Answer is what a query said. Only Outcome Paid or Failed with Authentic and
// facts equal to ours may move an order; a sum that differs leaves the outcome
// as it was said, since that is news too, and Problem says ProblemAmount.
type Answer struct {
	Outcome   Outcome
	Facts     Facts
	Code      string
	Message   string
	Authentic bool // came over the authenticated call and any sign it carried is right
	Problem   Problem
	Alarm     string // "" or one of Alarm…
}

// Check is the result of verifying a notice's signature.
type Check string

// The results of verifying a notice.
const (
	CheckGood          Check = "good"
	CheckBad           Check = "bad_signature"
	CheckMissing       Check = "missing_signature"
	CheckAlgorithm     Check = "other_algorithm"
	CheckUnreadable    Check = "unreadable"
	CheckSplit         Check = "ambiguous_text" // `&`, control bytes inside a signed value (M32)
	CheckOtherMerchant Check = "other_merchant"
)

// Notice is a webhook as read. Only one with CheckGood and facts equal to ours
// may move an order.
type Notice struct {
	Check     Check
	Algorithm string // with which it was checked
	Outcome   Outcome
	Facts     Facts
	Lines     []WireLine
	// Same is the digest of the fields that matter, so that bodies that differ
	// only in nonce or time are kept each and applied once (I16).
	Same [32]byte
}

// Acknowledgement is the exact success answer a gateway wants.
type Acknowledgement struct {
	ContentType string
	Body        string
}

// Balance of an account as the gateway states it.
type Balance struct {
	Total  models.Money
	Frozen models.Money
	At     time.Time
}
