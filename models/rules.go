package models

import (
	"bytes"
	"slices"
	"time"
)

// The rules stand once: the button asks them, the verb obeys them, the tests
// read them as a table. Each is nil where the person may.

// CheckSee says whether the person may look at orders at all.
func (p Payout) CheckSee(by Person) error { return may(by, VerbSee) }

// CheckEdit allows the maker to change an order that nobody has fully approved.
func (p Payout) CheckEdit(by Person) error {
	if err := own(p, by, VerbDraft); err != nil {
		return err
	}
	return p.can(MoveEdit)
}

// CheckSubmit allows the maker to hand the draft over.
func (p Payout) CheckSubmit(by Person) error {
	if err := own(p, by, VerbDraft); err != nil {
		return err
	}
	return p.can(MoveSubmit)
}

// CheckDecide says whether the person may approve, reject or ask the maker: not
// their own order, not one to details that they entered, not one they have signed
// (I4, I25), and only in a role whose signature is missing.
func (p Payout) CheckDecide(by Person, signed []PersonID) error {
	if err := may(by, VerbApprove); err != nil {
		return err
	}
	switch {
	case p.MadeBy(by.ID):
		return Refuse(Forbidden, "payout.own_approval")
	case by.ID == p.PayeeBy:
		return Refuse(Forbidden, "payout.own_payee")
	case slices.Contains(signed, by.ID):
		return Refuse(Conflict, "payout.signed_already")
	case p.Stage == AwaitingApproval && p.Wants != Anyone && !by.Has(p.Wants):
		return Refuse(Forbidden, "payout.other_role", "Role", p.Wants)
	}
	return p.can(MoveApprove)
}

// CheckApproval is CheckDecide for content that the person has seen: the digest
// they looked at must still be the order's (I3).
func (p Payout) CheckApproval(by Person, signed []PersonID, digest []byte) error {
	if err := p.CheckDecide(by, signed); err != nil {
		return err
	}
	if !bytes.Equal(digest, p.Digest) {
		return Refuse(Conflict, "payout.content_changed")
	}
	return nil
}

// CheckWithdraw allows the maker, or somebody who may approve it, to call an
// order off before it is sent.
func (p Payout) CheckWithdraw(by Person) error {
	if err := may(by, VerbStop); err != nil {
		return err
	}
	if p.Stage == Draft && by.ID != p.Drafter() || !p.MadeBy(by.ID) && !by.May(VerbApprove) {
		return Refuse(Forbidden, "payout.not_yours")
	}
	if p.Stage == Held && p.HeldWhy == HeldAttempt {
		return Refuse(Conflict, "payout.may_have_left")
	}
	return p.can(MoveWithdraw)
}

// CheckHold allows the maker of the order, and everybody who watches over
// orders, to stop it before it is sent.
func (p Payout) CheckHold(by Person) error {
	if err := may(by, VerbHold); err != nil {
		return err
	}
	if !p.MadeBy(by.ID) && !holdsAny(by, Approver, Resolver, Controller) {
		return Refuse(Forbidden, "payout.not_yours")
	}
	return p.can(MoveHold)
}

// InWindow says whether a released order can still be called back: everybody who may
// hold it stops it by one click, and the chain signs again (X24).
func (p Payout) InWindow(now time.Time) bool {
	return p.Stage == Approved && p.Room != "" && now.Before(p.LeavesAt)
}

// CheckStop allows whoever may hold the order to call it back while its window is open.
func (p Payout) CheckStop(by Person, now time.Time) error {
	if err := p.CheckHold(by); err != nil {
		return err
	}
	if !p.InWindow(now) {
		return Refuse(Conflict, "payout.window_over")
	}
	return nil
}

// CheckResume lets a held order go on; never by its maker, nor by who entered the
// payee's details (I25).
func (p Payout) CheckResume(by Person) error {
	if err := may(by, VerbResume); err != nil {
		return err
	}
	if p.MadeBy(by.ID) {
		return Refuse(Forbidden, "payout.own_resume")
	}
	if by.ID == p.PayeeBy {
		return Refuse(Forbidden, "payout.own_payee")
	}
	return p.can(MoveResume)
}

// AskAgainAfter is how long an order rests between two questions by hand.
const AskAgainAfter = 20 * time.Second

// Rest is how long it lasts until the same may be asked again by hand. A question
// that lies in the future was asked by another clock, which binds nobody (I20).
func (q Question) Rest(now time.Time) time.Duration {
	rest := q.AskedAt.Add(AskAgainAfter).Sub(now)
	if rest > AskAgainAfter {
		return 0
	}
	return max(rest, 0)
}

// CheckAsk allows a question to the gateway about an order that was sent.
func (p Payout) CheckAsk(by Person) error {
	if err := may(by, VerbAsk); err != nil {
		return err
	}
	if p.Stage != Sent {
		return Refuse(Conflict, "payout.nothing_to_ask")
	}
	return nil
}

// CheckReveal allows to see the whole account number: the maker of the order,
// and everybody who decides about orders.
func (p Payout) CheckReveal(by Person) error {
	if err := may(by, VerbReveal); err != nil {
		return err
	}
	if !p.MadeBy(by.ID) && !holdsAny(by, Approver, Resolver, Controller) {
		return Refuse(Forbidden, "payout.not_yours")
	}
	return nil
}

// CheckNote allows a note or a file on the timeline.
func (p Payout) CheckNote(by Person) error { return may(by, VerbNote) }

// CheckClaim allows to take an unclear case on.
func (p Payout) CheckClaim(by Person) error {
	if err := p.CheckPropose(by); err != nil {
		return err
	}
	if p.OwnerID == by.ID {
		return Refuse(Conflict, "payout.claimed_already")
	}
	return nil
}

// CheckReplace allows the maker to create the order again. A failed one is
// replaced by a linked order, which needs the proof that it failed (I14); one
// that was never sent is just copied.
func (p Payout) CheckReplace(by Person) error {
	if err := may(by, VerbDraft); err != nil {
		return err
	}
	if by.ID != p.Drafter() {
		return Refuse(Forbidden, "payout.not_yours")
	}
	if p.CheckSuccessor() != nil {
		return Refuse(Conflict, "payout.not_replaceable")
	}
	return nil
}

// CheckSuccessor says whether an order that comes after this one in a chain of
// reissues may go on: this one is proven to have failed, or was never sent (I14).
func (p Payout) CheckSuccessor() error {
	if p.Stage == Rejected || p.Stage == Withdrawn || p.Outcome == Failed && !p.Clash {
		return nil
	}
	return Refuse(Conflict, "payout.predecessor_open")
}

// Judging is the verb by which both of the two judge the order: a contradiction is closed
// by two controllers (invariants.md 3).
func (p Payout) Judging() Verb {
	if p.Clash {
		return VerbClose
	}
	return VerbVerdict
}

// CheckPropose says whether the person may propose what became of an order in
// doubt, or how a contradiction ends.
func (p Payout) CheckPropose(by Person) error {
	if err := may(by, p.Judging()); err != nil {
		return err
	}
	switch {
	case p.MadeBy(by.ID):
		return Refuse(Forbidden, "verdict.maker")
	case p.Outcome != Unclear && !p.Clash:
		return Refuse(Conflict, "verdict.not_in_doubt")
	}
	return nil
}

// CheckNotPaid says whether "not paid" may be proposed yet: enough questions, and
// enough time since the last sign of life, so that a late notice would have come.
func (p Payout) CheckNotPaid(a GatewayAccount, now time.Time) error {
	if p.Questions < a.VerdictQuestions {
		return Refuse(Conflict, "verdict.too_few_questions", "Count", p.Questions, "Needed", a.VerdictQuestions)
	}
	if wait := p.NotPaidFrom(a); now.Before(wait) {
		return Refuse(Conflict, "verdict.too_early", "Until", wait)
	}
	return nil
}

// CheckSettleFailed says whether "not paid" may end a contradiction: the gateway,
// asked since, says failed too (states.md, late news), or nothing was heard of the
// order for as long as CheckNotPaid wants (I9 d). Until then the money counts as gone.
func (p Payout) CheckSettleFailed(a GatewayAccount, c Contradiction, asked []Question, now time.Time) error {
	if c.SaidFailed(asked) || p.CheckNotPaid(a, now) == nil {
		return nil
	}
	return Refuse(Conflict, "verdict.not_denied")
}

// NotPaidFrom is when "not paid" may first be proposed.
func (p Payout) NotPaidFrom(a GatewayAccount) time.Time {
	last := p.SentAt
	if p.HeardAt.After(last) {
		last = p.HeardAt
	}
	return last.Add(a.VerdictWait())
}

// CheckConfirm says whether the person may be the second of the two: neither the
// maker nor the proposer, not another approver where the proposer was one, and of a
// contradiction a controller too.
func (p Payout) CheckConfirm(by Person, v Verdict, approvers []PersonID) error {
	if err := may(by, p.Judging()); err != nil {
		return err
	}
	switch {
	case p.MadeBy(by.ID):
		return Refuse(Forbidden, "verdict.maker")
	case by.ID == v.ProposerID:
		return Refuse(Forbidden, "verdict.own_proposal")
	case v.State != VerdictOpen:
		return Refuse(Conflict, "verdict.closed")
	case slices.Contains(approvers, by.ID) && slices.Contains(approvers, v.ProposerID):
		return Refuse(Forbidden, "verdict.two_approvers")
	case p.Outcome != Unclear && !p.Clash:
		return Refuse(Conflict, "verdict.not_in_doubt")
	}
	return nil
}

// can refuses a move that does not exist from where the order stands.
func (p Payout) can(m Move) error {
	if !p.State.Can(m) {
		return Refuse(Conflict, "payout.moved_on")
	}
	return nil
}

func may(by Person, v Verb) error {
	if !by.Active || !by.May(v) {
		return Refuse(Forbidden, "role."+string(v))
	}
	return nil
}

func own(p Payout, by Person, v Verb) error {
	if err := may(by, v); err != nil {
		return err
	}
	if by.ID != p.Drafter() {
		return Refuse(Forbidden, "payout.not_yours")
	}
	return nil
}

func holdsAny(by Person, roles ...Role) bool {
	return slices.ContainsFunc(roles, by.Has)
}
