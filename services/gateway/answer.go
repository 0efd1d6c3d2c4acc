package gateway

import (
	"time"

	"countersign/models"
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
	Odd        string // the first of our fields that came as a list or an object: "merchant"; it is like nothing of ours
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

// Settle gives an answer its outcome, unless it speaks of another order or in a
// word that nobody documented.
func (answer Answer) Settle(a Account, o Order, says Outcome) Answer {
	answer.Problem = answer.Facts.Differs(a, o)
	says = a.widen(answer.Facts.Word, says)
	switch {
	case answer.Problem == ProblemOtherOrder:
		answer.Alarm = AlarmOtherOrder
		return answer
	case says == Unknown:
		answer.Problem, answer.Alarm = ProblemUnmapped, AlarmUnmapped
	}
	answer.Outcome = says
	return answer
}
