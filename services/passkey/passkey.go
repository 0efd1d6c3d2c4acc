// Package passkey speaks WebAuthn: what a browser is asked, and whether its answer holds.
// It keeps nothing; challenges and records are the caller's.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"countersign/models"
)

// What is wrong with an answer. Nothing of the inside is told to whoever sent it (S17).
var (
	ErrWrong  = errors.New("the passkey's answer does not hold")
	ErrCopied = errors.New("the passkey has counted fewer uses than we have: a copy of it may be about")
)

// Site is what passkeys are bound to: a host name, and the origin of its pages.
type Site struct {
	Host   string
	Origin string
}

// Owner is the person as a passkey knows them.
type Owner struct {
	Handle []byte // tells nothing of the person
	Login  string
	Name   string
}

// Creation is what the browser is asked when a passkey is made: one that its owner
// unlocks, and that finds its owner without a login.
func (s Site) Creation(o Owner, challenge []byte, have []models.Passkey) (string, error) {
	asker, err := s.asker()
	if err != nil {
		return "", err
	}
	creation, _, err := asker.BeginRegistration(user{o, have}, webauthn.WithExclusions(descriptors(have)),
		func(options *protocol.PublicKeyCredentialCreationOptions) error {
			options.Challenge = challenge
			return nil
		})
	if err != nil {
		return "", fmt.Errorf("ask for a new passkey: %w", err)
	}
	text, err := json.Marshal(creation.Response)
	return string(text), err
}

// Create reads the answer to Creation; challenge is the one that we made.
func (s Site) Create(o Owner, challenge string, answer []byte) (models.Passkey, error) {
	asker, err := s.asker()
	if err != nil {
		return models.Passkey{}, err
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return models.Passkey{}, wrong(err)
	}
	made, err := asker.CreateCredential(user{owner: o}, webauthn.SessionData{
		Challenge: challenge, RelyingPartyID: s.Host, UserID: o.Handle,
		UserVerification: protocol.VerificationRequired, CredParams: webauthn.CredentialParametersDefault(),
	}, said)
	if err != nil {
		return models.Passkey{}, wrong(err)
	}
	record, err := json.Marshal(made)
	return models.Passkey{CredentialID: made.ID, Owner: o.Handle, Record: record, SignCount: int64(made.Authenticator.SignCount)}, err
}

// Request is what the browser is asked at the door. Without a list of passkeys any that
// it has for this site will do.
func (s Site) Request(challenge []byte, among []models.Passkey) (string, error) {
	asker, err := s.asker()
	if err != nil {
		return "", err
	}
	request, _, err := asker.BeginDiscoverableLogin(webauthn.WithChallenge(challenge), webauthn.WithAllowedCredentials(descriptors(among)),
		webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", fmt.Errorf("ask for a passkey: %w", err)
	}
	text, err := json.Marshal(request.Response)
	return string(text), err
}

// Answer is what a browser said at the door, before anything of it is believed.
type Answer struct {
	Credential []byte // which passkey it says it is
	Challenge  string
	said       *protocol.ParsedCredentialAssertionData
}

// Read reads the answer to Request.
func Read(text []byte) (Answer, error) {
	said, err := protocol.ParseCredentialRequestResponseBytes(text)
	if err != nil {
		return Answer{}, wrong(err)
	}
	return Answer{Credential: said.RawID, Challenge: said.Response.CollectedClientData.Challenge, said: said}, nil
}

// Over says whether the answer was given to this challenge.
func (a Answer) Over(challenge []byte) bool {
	return a.Challenge == base64.RawURLEncoding.EncodeToString(challenge)
}

// ChallengeOf is the challenge that the answer to Creation was made for.
func ChallengeOf(creation []byte) (string, error) {
	said, err := protocol.ParseCredentialCreationResponseBytes(creation)
	if err != nil {
		return "", wrong(err)
	}
	return said.Response.CollectedClientData.Challenge, nil
}

// Check holds the answer against the passkey: site, challenge, signature, and that its
// owner has unlocked it. It gives the passkey as it is after this use.
func (s Site) Check(a Answer, p models.Passkey) (models.Passkey, error) {
	asker, err := s.asker()
	if err != nil {
		return p, err
	}
	o := user{owner: Owner{Handle: p.Owner}, have: []models.Passkey{p}}
	used, err := asker.ValidateLogin(o, webauthn.SessionData{
		Challenge: a.Challenge, RelyingPartyID: s.Host, UserID: p.Owner, AllowedCredentialIDs: [][]byte{p.CredentialID},
		UserVerification: protocol.VerificationRequired,
	}, a.said)
	switch {
	case err != nil:
		return p, wrong(err)
	case used.Authenticator.CloneWarning:
		return p, ErrCopied
	}
	p.SignCount = int64(used.Authenticator.SignCount)
	p.Record, err = json.Marshal(used)
	return p, err
}

func (s Site) asker() (*webauthn.WebAuthn, error) {
	asker, err := webauthn.New(&webauthn.Config{
		RPID: s.Host, RPDisplayName: "Countersign", RPOrigins: []string{s.Origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		},
		// Some browsers and password stores tell more than was asked; it is not looked at.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys of %s: %w", s.Origin, err)
	}
	return asker, nil
}

func wrong(err error) error {
	var said *protocol.Error
	if errors.As(err, &said) {
		return fmt.Errorf("%w: %s: %s", ErrWrong, said.Details, said.DevInfo)
	}
	return fmt.Errorf("%w: %v", ErrWrong, err)
}
