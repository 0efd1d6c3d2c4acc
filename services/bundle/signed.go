package bundle

import (
	"encoding/hex"
	"time"

	"countersign/models"
	"countersign/services/passkey"
)

// SignedBy is how one act was signed.
type SignedBy struct {
	Person string
	Did    string            // what they did, in words
	Over   string            // what a passkey's signature is over, in words
	Method models.FactorKind // "" where nothing was signed
	Origin string            // of the page on which a passkey signed
	Key    models.Event      // that put the passkey's public key on record
	Masked bool              // a text in what was signed is masked in the bundle
	Change string            // number of the change that it was part of, which has signatures of its own
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

// agreeApproved holds the proof that an approver gave against the line of the approval.
func (f *Found) agreeApproved(e models.Event, s *models.Signature) error {
	by := SignedBy{Person: e.Actor, Did: "approved", Over: "exactly this content"}
	if s != nil && s.Act == models.ActApproveList {
		by.Over = "a list of " + s.SubjectID + " payouts that holds exactly this content"
	}
	f.Signed = append(f.Signed, by)
	if e.Details["signature"] == "" && s == nil {
		return f.agreeUnsigned(e)
	}
	return f.agreeProof(e, s, f.approval(f.Dossier.Digest), &f.Signed[len(f.Signed)-1])
}

// approval is to approve the content with this digest.
func (f *Found) approval(digest string) models.Act {
	content, _ := hex.DecodeString(digest) // what is no digest, nobody has signed
	return models.Payout{OrderNo: f.Dossier.OrderNo}.Act(models.ActApprove, content)
}

// agreeProof holds the proof that a person gave against the line that the log has of what
// they did, and checks what a passkey signed as if nobody had before (X8).
func (f *Found) agreeProof(e models.Event, s *models.Signature, act models.Act, by *SignedBy) (err error) {
	named := e.Details["signature"]
	switch {
	case s == nil || named != hex.EncodeToString(s.Sum()) || named != hex.EncodeToString(s.Digest):
		return refused("The proof that %s gave is not the one that event %d of the log names.", e.Actor, e.Seq)
	case s.PersonID != e.ActorID || string(s.Method) != e.Details["method"]:
		return refused("The proof in the name of %s is another person's, or of another kind than event %d of the log says.", e.Actor, e.Seq)
	case !overThis(*s, act):
		return refused("What %s signed is not what event %d of the log says they did with this order.", e.Actor, e.Seq)
	case !s.Fresh(s.MadeAt) || e.At.Before(s.MadeAt) || e.At.Sub(s.MadeAt) > time.Minute:
		return refused("The proof that %s gave was not of the moment of event %d.", e.Actor, e.Seq)
	}
	if by.Method = s.Method; s.Method == models.FactorPasskey {
		by.Key, by.Origin, err = f.agreePasskey(e, *s)
	}
	return err
}

// overThis says whether the signature is over the act, or over a list of approvals that
// holds it. The content names its order.
func overThis(s models.Signature, act models.Act) bool {
	if s.Act == models.ActApproveList {
		return act.Verb == models.ActApprove && s.Covers(act.Digest)
	}
	return s.Is(act)
}

// agreePasskey asks whether the key is the one that this person put on record before,
// and whether the signature over exactly this act was made with it.
func (f *Found) agreePasskey(e models.Event, s models.Signature) (key models.Event, origin string, err error) {
	key = f.keys[s.EnrolledSeq]
	if key.Seq == 0 || key.Seq >= e.Seq || key.ActorID != e.ActorID || key.Details["credential"] != models.KeyDigest(s.CredentialID, s.PublicKey) {
		return key, "", refused("The log does not show that the passkey by which %s signed event %d was theirs.", e.Actor, e.Seq)
	}
	proof := passkey.Assertion{
		CredentialID: s.CredentialID, PublicKey: s.PublicKey, AuthenticatorData: s.AuthenticatorData, ClientData: s.ClientData, Signature: s.Signature,
	}
	if origin, err = proof.Verify(s.Challenge()); err != nil {
		return key, "", refused("The passkey's signature of %s under event %d does not hold: %v.", e.Actor, e.Seq, err)
	}
	return key, origin, nil
}
