package bundle

import (
	"encoding/hex"
	"fmt"
	"time"

	"countersign/models"
	"countersign/services/passkey"
)

// SignedBy is how one approval was given.
type SignedBy struct {
	Person string
	Method models.FactorKind // "" before signatures were kept
	Listed string            // how many orders one signature was over, "" where it was this one
	Origin string            // of the page on which a passkey signed
	Key    models.Event      // that put the passkey's public key on record
}

// checkKeys asks of the events that put public keys on record what is asked of the
// order's own: that they say what their hash says, and are leaves of the tree.
func (f *Found) checkKeys(leaves []Leaf) error {
	f.keys = map[int64]models.Event{}
	for _, leaf := range leaves {
		if err := f.checkLeaf(leaf); err != nil {
			return err
		}
		if leaf.Event.Verb != "factor_added" {
			return refused("Event %d puts no key on record.", leaf.Event.Seq)
		}
		f.keys[leaf.Event.Seq] = leaf.Event
	}
	return nil
}

// agreeProof holds the proof that an approver gave against the line that the log has of
// the approval, and checks what a passkey signed as if nobody had before (X8).
func (f *Found) agreeProof(e models.Event, a models.DossierApproval) error {
	named, s := e.Details["signature"], a.Signature
	if named == "" && s == nil {
		f.Signed = append(f.Signed, SignedBy{Person: e.Actor})
		return nil
	}
	switch {
	case s == nil || named != hex.EncodeToString(s.Sum()) || named != hex.EncodeToString(s.Digest):
		return refused("The proof that %s gave is not the one that the log names.", e.Actor)
	case s.PersonID != e.ActorID || string(s.Method) != e.Details["method"]:
		return refused("The proof in the name of %s is another person's, or of another kind than the log says.", e.Actor)
	case !f.overThis(*s):
		return refused("What %s signed is not the approval of this order's content.", e.Actor)
	case !s.Fresh(s.MadeAt) || e.At.Before(s.MadeAt) || e.At.Sub(s.MadeAt) > time.Minute:
		return refused("The proof that %s gave was not of the moment of the approval.", e.Actor)
	}
	by := SignedBy{Person: e.Actor, Method: s.Method}
	if s.Act == models.ActApproveList {
		by.Listed = s.SubjectID
	}
	if s.Method == models.FactorPasskey {
		if err := f.agreePasskey(e, *s, &by); err != nil {
			return err
		}
	}
	f.Signed = append(f.Signed, by)
	return nil
}

// overThis says whether the signature is over the approval of this order and content, or
// of a list that holds it. The content names its order.
func (f *Found) overThis(s models.Signature) bool {
	digest, err := hex.DecodeString(f.Dossier.Digest)
	if err != nil || !s.Covers(digest) {
		return false
	}
	return s.Act == models.ActApproveList || s.Is(models.Payout{OrderNo: f.Dossier.OrderNo}.Act(models.ActApprove, digest))
}

// agreePasskey asks whether the key is the one that this person put on record before,
// and whether the signature over exactly this act was made with it.
func (f *Found) agreePasskey(e models.Event, s models.Signature, by *SignedBy) (err error) {
	by.Key = f.keys[s.EnrolledSeq]
	if by.Key.Seq == 0 || by.Key.Seq >= e.Seq || by.Key.ActorID != e.ActorID || by.Key.Details["credential"] != models.KeyDigest(s.CredentialID, s.PublicKey) {
		return refused("The log does not show that the passkey under the approval of %s was theirs.", e.Actor)
	}
	proof := passkey.Assertion{
		CredentialID: s.CredentialID, PublicKey: s.PublicKey, AuthenticatorData: s.AuthenticatorData, ClientData: s.ClientData, Signature: s.Signature,
	}
	if by.Origin, err = proof.Verify(s.Challenge()); err != nil {
		return refused("The passkey's signature under the approval of %s does not hold: %v.", e.Actor, err)
	}
	return nil
}

// over is what was signed.
func (s SignedBy) over() string {
	if s.Listed == "" {
		return "exactly this content"
	}
	return fmt.Sprintf("a list of %s payouts that holds exactly this content", s.Listed)
}

// sentence says how an approval was given.
func (s SignedBy) sentence() string {
	switch s.Method {
	case models.FactorPasskey:
		return fmt.Sprintf("%s approved with a passkey, unlocked on %s: its signature over %s holds with the public key that they put on record in event %d.", s.Person, s.Origin, s.over(), s.Key.Seq)
	case models.FactorCode:
		return s.Person + " approved with a one-time code, as the log says; only the installation can have checked it."
	case models.FactorPassword:
		return s.Person + " approved with a password, as the log says; only the installation can have checked it."
	case models.FactorDemo:
		return s.Person + " approved by a click in a demonstration, which proves nothing of who clicked."
	}
	return s.Person + " approved before proofs of approvals were kept."
}
