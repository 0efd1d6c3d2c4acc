package models

import "encoding/json"

// Stage says where an order is in our process. People and the sender move it.
type Stage string

// The stages of an order.
const (
	Draft            Stage = "draft"
	AwaitingApproval Stage = "awaiting_approval"
	Approved         Stage = "approved"
	Held             Stage = "held" // returns to where it was
	Sending          Stage = "sending"
	Sent             Stage = "sent"
	Rejected         Stage = "rejected"
	Withdrawn        Stage = "withdrawn"
)

// Stages lists them all, in the order of an order's life.
var Stages = []Stage{Draft, AwaitingApproval, Approved, Held, Sending, Sent, Rejected, Withdrawn}

// Outcome says what is known of the money. Only recorded evidence moves it.
type Outcome string

// The outcomes of an order.
const (
	None     Outcome = "none"
	Pending  Outcome = "pending"
	Unclear  Outcome = "unclear"
	Paid     Outcome = "paid"
	Failed   Outcome = "failed"
	Returned Outcome = "returned"
)

// Outcomes lists them all.
var Outcomes = []Outcome{None, Pending, Unclear, Paid, Failed, Returned}

// Grade is the kind of evidence an outcome stands on; higher is stronger.
type Grade int

// The grades (product/states.md): nothing, the reply to the create, a verified
// notice, an authenticated query, a statement line.
const (
	E0 Grade = iota
	E1
	E2
	E3
	E4
)

// Grades lists them all.
var Grades = []Grade{E0, E1, E2, E3, E4}

// UnclearReason says why nobody knows whether the money left.
type UnclearReason string

// The reasons, a fixed list.
const (
	ReasonNone         UnclearReason = ""
	ReasonTimeout      UnclearReason = "timeout"
	ReasonCut          UnclearReason = "cut"           // connection lost before or within the answer
	ReasonServerError  UnclearReason = "server_error"  // HTTP 5xx
	ReasonHTTPStatus   UnclearReason = "http_status"   // 429, 401, 403, 404, 413 without a business code
	ReasonRedirect     UnclearReason = "redirect"      // never followed
	ReasonEmpty        UnclearReason = "empty"         // 200 or 204 without a body
	ReasonUnreadable   UnclearReason = "unreadable"    // HTML, broken JSON, too large
	ReasonUnmapped     UnclearReason = "unmapped_code" // a code or word nobody documented
	ReasonDuplicate    UnclearReason = "duplicate"     // the gateway says that it has this number already
	ReasonUnverified   UnclearReason = "unverified"    // the sign of the reply does not fit
	ReasonOtherOrder   UnclearReason = "other_order"   // the answer speaks of another order or amount
	ReasonCrash        UnclearReason = "crash"         // found sending when we started
	ReasonOverdue      UnclearReason = "overdue"       // no final word for three times the rail's usual time
	ReasonAmount       UnclearReason = "amount"        // a verified message names another amount
	ReasonRestored     UnclearReason = "restored"      // sent after the backup from which this database was restored (I27)
	ReasonFailedNotice UnclearReason = "failed_notice" // a notice says failed and the gateway could not be asked
)

// UnclearReasons lists those that an unclear order may carry.
var UnclearReasons = []UnclearReason{
	ReasonTimeout, ReasonCut, ReasonServerError, ReasonHTTPStatus, ReasonRedirect, ReasonEmpty, ReasonUnreadable,
	ReasonUnmapped, ReasonDuplicate, ReasonUnverified, ReasonOtherOrder, ReasonCrash, ReasonOverdue, ReasonAmount,
	ReasonRestored, ReasonFailedNotice,
}

// State is the part of a payout that its events alone determine. Verify folds
// every order again and compares.
type State struct {
	Stage     Stage         `json:"stage"`
	HeldFrom  Stage         `json:"held_from,omitempty"` // where a held order returns to
	Outcome   Outcome       `json:"outcome"`
	Grade     Grade         `json:"grade,omitempty"`
	ByHand    bool          `json:"by_hand,omitempty"` // two people decided, once; stays for ever
	Unclear   UnclearReason `json:"unclear,omitempty" gorm:"column:unclear_reason"`
	Clash     bool          `json:"clash,omitempty" gorm:"column:contradicted"`      // a contradiction is open
	Approvals int           `json:"approvals,omitempty"`                             // signatures that count
	Needed    int           `json:"needed,omitempty" gorm:"column:approvals_needed"` // those and the fewest that are missing
	Need      string        `json:"need,omitempty"`                                  // of whom; "" is that many of whoever may approve
	Wants     Role          `json:"wants,omitempty"`                                 // whose signature would count now; "" is whoever may approve
	Version   int           `json:"version"`                                         // of the content; an edit or a stop raises it and voids approvals
	Room      string        `json:"room,omitempty"`                                  // the business day whose limits its sum counts against (I18); "" counts against none
}

// text is the state as events carry it; "" for none.
func (s State) text() string {
	if s == (State{}) {
		return ""
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain fields always marshal
	}
	return string(text)
}

// ReadState reads the state that an event carries.
func ReadState(text string) (State, error) {
	var s State
	if text == "" {
		return s, nil
	}
	err := json.Unmarshal([]byte(text), &s)
	return s, err
}
