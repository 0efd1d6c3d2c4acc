package models

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
)

// ActVerb is what somebody does that takes a step-up (invariants.md 3, ↑).
type ActVerb string

// The acts.
const (
	ActApprove     ActVerb = "approve"
	ActApproveList ActVerb = "approve_list" // several quiet orders at once
	ActReject      ActVerb = "reject"
	ActResume      ActVerb = "resume" // a held order
	ActPropose     ActVerb = "propose_verdict"
	ActConfirm     ActVerb = "confirm_verdict"

	ActProposeChange ActVerb = "propose_change" // of what two people change
	ActConfirmChange ActVerb = "confirm_change"
	ActChangeAlone   ActVerb = "change_alone" // what takes power away, or holds money back

	ActDeactivate    ActVerb = "deactivate"
	ActProposeReset  ActVerb = "propose_reset" // of somebody's factors
	ActConfirmReset  ActVerb = "confirm_reset"
	ActAddPasskey    ActVerb = "add_passkey" // to one's own ways to sign in
	ActAddCodes      ActVerb = "add_codes"
	ActRemovePasskey ActVerb = "remove_passkey"
	ActRemoveCodes   ActVerb = "remove_codes"
	ActRecovery      ActVerb = "make_recovery" // codes, in place of those before

	ActLookAtSend  ActVerb = "look_at_send"
	ActAgreeOnSend ActVerb = "agree_on_send"
)

// Act is one deed, on one thing, as the person was shown it (S5).
type Act struct {
	Verb      ActVerb
	Subject   string // payout, payouts, change, person, send
	SubjectID string
	Digest    []byte   // of what was shown
	List      [][]byte // what Digest stands for, where that is several orders
}

// Act is a deed on the order whose content has this digest.
func (p Payout) Act(verb ActVerb, digest []byte) Act {
	return Act{Verb: verb, Subject: "payout", SubjectID: p.OrderNo, Digest: digest}
}

// Challenge is what a passkey signs for the act. An outsider computes it again from
// what is on record (docs/signatures.md).
func (a Act) Challenge(issued time.Time, nonce []byte) []byte {
	h := sha256.New()
	for _, part := range [][]byte{
		[]byte("countersign act v1"), []byte(a.Verb), []byte(a.Subject), []byte(a.SubjectID), a.Digest,
	} {
		frame(h, part)
	}
	frameInt(h, issued.Unix())
	frame(h, nonce)
	return h.Sum(nil)
}

// FactorAct changes the person's own second factors: a passkey of this name with this
// credential, or what has neither.
func (p Person) FactorAct(verb ActVerb, name string, credential []byte) Act {
	return Act{Verb: verb, Subject: "person", SubjectID: fmt.Sprint(p.ID), Digest: digestOf("countersign factor v1", []byte(name), credential)}
}

// AboutFactors says whether the act changes its person's own second factors.
func (a Act) AboutFactors() bool {
	return slices.Contains([]ActVerb{ActAddPasskey, ActAddCodes, ActRemovePasskey, ActRemoveCodes, ActRecovery}, a.Verb)
}

// CaseDigest stands for what the person who judges an order in doubt was shown: its
// content, where it stands, and the proposal that waits, if one does.
func (p Payout) CaseDigest(v *Verdict) []byte {
	if v == nil {
		return p.CaseOver(nil)
	}
	return p.CaseOver(v.Digest())
}

// CaseOver stands for the same where the proposal that waits has this digest.
func (p Payout) CaseOver(proposal []byte) []byte {
	return digestOf("countersign case v1", p.Digest, []byte(p.State.text()), proposal)
}

// Digest stands for the proposal as the person who judges it is shown it.
func (v Verdict) Digest() []byte {
	return digestOf("countersign proposal v1", fmt.Append(nil, v.ID), []byte(v.Evidence), []byte(v.Text))
}

// VerdictAct is to propose or to confirm one answer on a case.
func (p Payout) VerdictAct(verb ActVerb, shown []byte, says Said) Act {
	return Act{Verb: verb, Subject: "payout", SubjectID: p.OrderNo, Digest: digestOf("countersign verdict v1", shown, []byte(says))}
}

func digestOf(what string, parts ...[]byte) []byte {
	h := sha256.New()
	frame(h, []byte(what))
	for _, part := range parts {
		frame(h, part)
	}
	return h.Sum(nil)
}

// ListDigest stands for several contents that are signed at once, in this order.
func ListDigest(digests [][]byte) []byte {
	h := sha256.New()
	frame(h, []byte("countersign list v1"))
	frameInt(h, int64(len(digests)))
	for _, digest := range digests {
		frame(h, digest)
	}
	return h.Sum(nil)
}
