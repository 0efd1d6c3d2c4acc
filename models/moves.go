package models

import "slices"

// Move is what can happen to an order. Each leaves exactly one event.
type Move string

// The moves of people.
const (
	MoveDraft    Move = "drafted"
	MoveEdit     Move = "edited"
	MoveSubmit   Move = "submitted"
	MoveSign     Move = "signed"   // an approval, others still missing
	MoveApprove  Move = "approved" // the approval that was last missing
	MoveReject   Move = "rejected"
	MoveAskMaker Move = "asked_maker"
	MoveExpire   Move = "expired" // waited too long for signatures: its maker has it back
	MoveWithdraw Move = "withdrawn"
	MoveHold     Move = "held"
	MoveStop     Move = "stopped" // called back before its window was over; the chain signs again
	MoveResume   Move = "resumed"
)

// The moves of the sender and of the gateway's word.
const (
	MoveRoom     Move = "room_found"   // approved before, and only now there is room under the limits (I18)
	MoveSend     Move = "sending"      // the attempt is on record, nothing has left yet
	MoveNotSent  Move = "not_sent"     // our own connection saw no byte leave (I6)
	MoveAccept   Move = "accepted"     // the create was accepted; says nothing of payment
	MoveRefuse   Move = "refused"      // refused before acceptance (I9 a)
	MoveDoubt    Move = "doubted"      // any answer to the create that proves nothing
	MoveCrash    Move = "crash_found"  // found sending when we started
	MoveRestore  Move = "restored"     // the journal says that it was sent after the backup from which we were restored (I27)
	MoveWorking  Move = "working"      // a query or notice names the order as being worked on
	MoveOverdue  Move = "overdue"      // no final word for three times the usual time
	MovePaid     Move = "paid"         // verified notice or query, every field equal (I10)
	MoveFail     Move = "failed"       // authenticated query, final, every field equal (I9 b)
	MoveProve    Move = "proved"       // the same outcome on stronger evidence
	MoveMistrust Move = "mistrusted"   // verified, but the amount or another field differs
	MoveClash    Move = "contradicted" // a contrary verified fact after a final outcome (I12)
)

// The moves of two people.
const (
	MoveVerdictPaid    Move = "verdict_paid"
	MoveVerdictFailed  Move = "verdict_failed"
	MoveSettlePaid     Move = "settled_paid"     // a contradiction closed: it was paid
	MoveSettleFailed   Move = "settled_failed"   // … it was not paid
	MoveSettleReturned Move = "settled_returned" // … it was paid and came back
)

// Moves lists them all.
var Moves = []Move{
	MoveDraft, MoveEdit, MoveSubmit, MoveSign, MoveApprove, MoveReject, MoveAskMaker, MoveExpire, MoveWithdraw, MoveHold, MoveStop, MoveResume,
	MoveRoom, MoveSend, MoveNotSent, MoveAccept, MoveRefuse, MoveDoubt, MoveCrash, MoveRestore, MoveWorking, MoveOverdue, MovePaid, MoveFail,
	MoveProve, MoveMistrust, MoveClash,
	MoveVerdictPaid, MoveVerdictFailed, MoveSettlePaid, MoveSettleFailed, MoveSettleReturned,
}

// place is where an order stands on both axes.
type place struct {
	Stage   Stage
	Outcome Outcome
}

// moves is the whole life of an order: what is not here cannot happen. Nothing
// leads from unclear back to approved, because sending again may pay twice, and
// nothing leads to failed but a refusal, a query or two people.
//
// A move may apply in several places; where it leads depends on the place.
var moves = map[Move]map[place]place{
	MoveEdit: {
		{Draft, None}:            {Draft, None},
		{AwaitingApproval, None}: {Draft, None},
	},
	MoveSubmit: {{Draft, None}: {AwaitingApproval, None}},
	MoveSign:   {{AwaitingApproval, None}: {AwaitingApproval, None}},
	MoveApprove: {
		{AwaitingApproval, None}: {Approved, None},
	},
	MoveReject:   {{AwaitingApproval, None}: {Rejected, None}},
	MoveAskMaker: {{AwaitingApproval, None}: {AwaitingApproval, None}},
	MoveExpire:   {{AwaitingApproval, None}: {Draft, None}},
	MoveWithdraw: {
		{Draft, None}:            {Withdrawn, None},
		{AwaitingApproval, None}: {Withdrawn, None},
		{Approved, None}:         {Withdrawn, None},
		{Held, None}:             {Withdrawn, None},
	},
	MoveHold: {
		{AwaitingApproval, None}: {Held, None},
		{Approved, None}:         {Held, None},
	},
	MoveStop: {{Approved, None}: {Held, None}},
	// Resume leads back to State.HeldFrom; this entry only says that it may.
	MoveResume: {{Held, None}: {Held, None}},

	MoveRoom:    {{Approved, None}: {Approved, None}},
	MoveSend:    {{Approved, None}: {Sending, Pending}},
	MoveNotSent: {{Sending, Pending}: {Approved, None}},
	MoveAccept: {
		{Sending, Pending}: {Sent, Pending},
		// The notice was faster than the reply (M19), or asking was.
		{Sent, Paid}:    {Sent, Paid},
		{Sent, Unclear}: {Sent, Unclear},
	},
	MoveRefuse: {{Sending, Pending}: {Sent, Failed}},
	MoveDoubt:  {{Sending, Pending}: {Sent, Unclear}},
	MoveCrash:  {{Sending, Pending}: {Sent, Unclear}},
	// Wherever the order stood when the backup was made: it has left since.
	MoveRestore: {
		{Draft, None}:            {Sent, Unclear},
		{AwaitingApproval, None}: {Sent, Unclear},
		{Approved, None}:         {Sent, Unclear},
		{Held, None}:             {Sent, Unclear},
		{Rejected, None}:         {Sent, Unclear},
		{Withdrawn, None}:        {Sent, Unclear},
		{Sending, Pending}:       {Sent, Unclear}, // that attempt did not leave, a later one did
	},

	MoveWorking: {
		{Sent, Unclear}: {Sent, Pending},
	},
	MoveOverdue: {{Sent, Pending}: {Sent, Unclear}},
	MovePaid: {
		{Sending, Pending}: {Sent, Paid}, // M19: the notice outran the reply
		{Sent, Pending}:    {Sent, Paid},
		{Sent, Unclear}:    {Sent, Paid},
	},
	MoveFail: {
		{Sent, Pending}: {Sent, Failed},
		{Sent, Unclear}: {Sent, Failed},
	},
	MoveProve: {
		{Sent, Paid}:   {Sent, Paid},
		{Sent, Failed}: {Sent, Failed},
	},
	MoveMistrust: {
		{Sending, Pending}: {Sent, Unclear},
		{Sent, Pending}:    {Sent, Unclear},
		{Sent, Unclear}:    {Sent, Unclear},
	},
	// Until proven otherwise the money left (states.md, late news).
	MoveClash: {
		{Sent, Paid}:     {Sent, Paid},
		{Sent, Failed}:   {Sent, Paid},
		{Sent, Returned}: {Sent, Returned},
		{Sent, Pending}:  {Sent, Paid}, // two verified notices that disagree
		{Sent, Unclear}:  {Sent, Paid},

		{Sending, Pending}: {Sent, Paid}, // … and both outran the reply (M25)
	},

	MoveVerdictPaid:   {{Sent, Unclear}: {Sent, Paid}},
	MoveVerdictFailed: {{Sent, Unclear}: {Sent, Failed}},
	MoveSettlePaid: {
		{Sent, Paid}:     {Sent, Paid},
		{Sent, Returned}: {Sent, Paid},
	},
	MoveSettleFailed: {
		{Sent, Paid}:     {Sent, Failed},
		{Sent, Returned}: {Sent, Failed},
	},
	MoveSettleReturned: {
		{Sent, Paid}:     {Sent, Returned},
		{Sent, Returned}: {Sent, Returned},
	},
}

// settling are the moves that close a contradiction; they need an open one, and
// no other move of people may settle an order while one is open.
var settling = []Move{MoveSettlePaid, MoveSettleFailed, MoveSettleReturned}

// Can says whether the move exists from where the order stands.
func (s State) Can(m Move) bool {
	_, err := s.After(m, Effect{})
	return err == nil
}

// Effect is what a move carries with it, beyond where it leads.
type Effect struct {
	Grade  Grade         // of the evidence; keeps the higher one unless the outcome changes
	Reason UnclearReason // why it became unclear
	Needed int           // MoveSubmit: signatures that the policy asks for; MoveSign, MoveApprove: if it is another number since
	Need   string        // MoveSubmit: of whom, where the policy asks for roles
	Wants  Role          // MoveSubmit, MoveSign, MoveStop: whose signature counts from now on
	Room   string        // the business day on which it found room under the limits, "" where it found none
}

// After is the state that a move leads to. It refuses what is not in the table.
func (s State) After(m Move, e Effect) (State, error) {
	to, ok := moves[m][place{s.Stage, s.Outcome}]
	if !ok || !s.contradictionAllows(m) {
		return s, Refuse(Conflict, "payout.moved_on")
	}
	next := s
	next.Stage, next.Outcome, next.HeldFrom = to.Stage, to.Outcome, ""
	next.count(m, e)
	next.stand(s, m, e)
	next.takeRoom(e)
	return next, nil
}

// takeRoom keeps the day whose limits the order counts against: from the moment at
// which it may leave until it cannot leave as it stands any more. What failed keeps its
// day, for it may turn out to have been paid (I12); see Consumes.
func (s *State) takeRoom(e Effect) {
	switch {
	case s.Stage == Draft || s.Stage == AwaitingApproval || s.Stage == Rejected || s.Stage == Withdrawn,
		s.Stage == Held && s.HeldFrom == AwaitingApproval:
		s.Room = ""
	case s.Room == "":
		s.Room = e.Room
	}
}

// Consumes says whether the order's sum counts against the limits: it may leave or has
// left, and is not proven to have failed. Unclear counts (I18).
func (s State) Consumes() bool { return s.Room != "" && s.Outcome != Failed }

// contradictionAllows keeps an open contradiction open: only two people close it.
// Further evidence is still recorded, it just decides nothing. Without an open
// contradiction there is nothing to close.
func (s State) contradictionAllows(m Move) bool {
	if slices.Contains(settling, m) {
		return s.Clash
	}
	return !s.Clash || m == MoveProve || m == MoveClash || m == MoveAccept
}

// count keeps the signatures and the version of the content.
func (s *State) count(m Move, e Effect) {
	switch m {
	case MoveStop:
		s.Version++
		s.Approvals, s.Wants = 0, e.Wants
		if e.Needed > 0 {
			s.Needed = e.Needed
		}
	case MoveEdit, MoveExpire:
		s.Version++
		s.Approvals, s.Needed, s.Need, s.Wants = 0, 0, "", Anyone
	case MoveSubmit:
		s.Approvals, s.Needed, s.Need, s.Wants = 0, e.Needed, e.Need, e.Wants
	case MoveSign, MoveApprove:
		s.Approvals++
		s.Wants = e.Wants
		if e.Needed > 0 {
			s.Needed = e.Needed
		}
	}
}

// stand keeps what the outcome stands on.
func (s *State) stand(before State, m Move, e Effect) {
	switch m {
	case MoveHold:
		s.HeldFrom = before.Stage
	case MoveStop:
		s.HeldFrom = AwaitingApproval
	case MoveResume:
		s.Stage = before.HeldFrom
	case MoveClash:
		s.Clash = true
	case MoveSettlePaid, MoveSettleFailed, MoveSettleReturned:
		s.Clash, s.ByHand = false, true
	case MoveVerdictPaid, MoveVerdictFailed:
		s.ByHand = true
	}
	switch {
	case s.Outcome != Unclear:
		s.Unclear = ReasonNone
	case e.Reason != ReasonNone:
		s.Unclear = e.Reason
	}
	switch {
	case s.Outcome != before.Outcome:
		s.Grade = e.Grade
	case m != MoveClash: // contrary evidence does not strengthen what it denies
		s.Grade = max(s.Grade, e.Grade)
	}
}

// Begin is the state of a new draft.
func Begin() State {
	return State{Stage: Draft, Outcome: None, Version: 1}
}
