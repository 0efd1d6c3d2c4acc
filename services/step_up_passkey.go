package services

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/passkey"
)

// ActCeremony is a passkey's answer for an act. The stamp was found to be ours, of this
// browser; Stale is why not, a catalogue key.
type ActCeremony struct {
	Site   passkey.Site
	Answer passkey.Answer
	Issued time.Time
	Nonce  []byte
	Stale  string
}

// byPasskey takes what a passkey signed for exactly this act.
func (s *StepUp) byPasskey(ctx context.Context, by models.Person, act models.Act, g Given) (Signed, error) {
	address := s.tryName("address", g.Address)
	if err := s.countTry(ctx, address); err != nil {
		return Signed{}, err
	}
	signature := models.SignatureOver(act, by.ID, models.FactorPasskey, g.Passkey.Issued, g.Passkey.Nonce)
	was, is, why, err := s.holds(ctx, *g.Passkey, signature)
	if err != nil {
		return Signed{}, err
	}
	if why != "" {
		return Signed{}, s.refuse(ctx, by, act, g, models.FactorPasskey, why, "")
	}
	if err := keepAssertion(&signature, g.Passkey.Answer, was); err != nil {
		return Signed{}, err
	}
	claim := func(tx *gorm.DB) (bool, error) { return models.UsePasskey(tx, was, is, s.Now()) }
	return Signed{signature: signature, claim: claim}, s.takeBack(ctx, "", address)
}

// holds asks whether the answer is by a passkey of this person, over this act, on this
// content, and of a moment ago. why says what is wrong, "" if nothing is.
func (s *StepUp) holds(ctx context.Context, c ActCeremony, over models.Signature) (was, is models.Passkey, why string, err error) {
	if c.Stale != "" {
		return was, is, c.Stale, nil
	}
	was, is, why, err = s.checkPasskey(ctx, Ceremony{Site: c.Site, Answer: c.Answer})
	switch {
	case why != "":
		why = "step_up.wrong_passkey"
	case was.PersonID != over.PersonID || was.EnrolledSeq == 0:
		why = "step_up.not_yours"
	case !c.Answer.Over(over.Challenge()):
		why = "step_up.other_act"
	case !over.Fresh(s.Now()):
		why = "step_up.too_old"
	}
	return was, is, why, err
}

// keepAssertion puts into the signature what an outsider needs, and checks it as they will.
func keepAssertion(s *models.Signature, a passkey.Answer, p models.Passkey) error {
	proof, err := a.Assertion(p)
	if err == nil {
		_, err = proof.Verify(s.Challenge())
	}
	if err != nil {
		return fmt.Errorf("what the passkey signed would not stand without us: %w", err)
	}
	s.CredentialID, s.PublicKey, s.EnrolledSeq = proof.CredentialID, proof.PublicKey, p.EnrolledSeq
	s.AuthenticatorData, s.ClientData, s.Signature = proof.AuthenticatorData, proof.ClientData, proof.Signature
	return nil
}
