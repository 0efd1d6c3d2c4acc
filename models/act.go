package models

import (
	"crypto/sha256"
	"time"
)

// ActVerb is what somebody does that takes a step-up (invariants.md 3, ↑).
type ActVerb string

// The acts.
const (
	ActApprove     ActVerb = "approve"
	ActApproveList ActVerb = "approve_list" // several quiet orders at once
	ActReject      ActVerb = "reject"
)

// Act is one deed, on one thing, as the person was shown it (S5).
type Act struct {
	Verb      ActVerb
	Subject   string // payout, payouts
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
