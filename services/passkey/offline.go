package passkey

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"countersign/models"
)

// Assertion is what a passkey signed, whole: with the public key anybody can check it,
// without us and years later (X8).
type Assertion struct {
	CredentialID      []byte
	PublicKey         []byte // COSE
	AuthenticatorData []byte
	ClientData        []byte // JSON, to the byte
	Signature         []byte
}

// Assertion is the answer with the public key that it was checked with.
func (a Answer) Assertion(p models.Passkey) (Assertion, error) {
	public, err := PublicKey(p)
	raw := a.said.Raw.AssertionResponse
	return Assertion{
		CredentialID: p.CredentialID, PublicKey: public, AuthenticatorData: raw.AuthenticatorData,
		ClientData: raw.ClientDataJSON, Signature: raw.Signature,
	}, err
}

// PublicKey is the public half of the passkey, as WebAuthn writes it.
func PublicKey(p models.Passkey) ([]byte, error) {
	var c webauthn.Credential
	if err := json.Unmarshal(p.Record, &c); err != nil || len(c.PublicKey) == 0 {
		return nil, errors.Join(errors.New("the record of the passkey holds no public key"), err)
	}
	return c.PublicKey, nil
}

// Verify asks whether the owner of the public key has unlocked the passkey and signed
// this challenge, and on the pages of which site.
func (a Assertion) Verify(challenge []byte) (origin string, err error) {
	var client protocol.CollectedClientData
	if err := json.Unmarshal(a.ClientData, &client); err != nil {
		return "", fmt.Errorf("what the browser says of itself cannot be read: %w", err)
	}
	var data protocol.AuthenticatorData
	if err := data.Unmarshal(a.AuthenticatorData); err != nil {
		return "", fmt.Errorf("what the passkey says of itself cannot be read: %w", err)
	}
	host, err := url.Parse(client.Origin)
	if err != nil {
		return "", err
	}
	site := sha256.Sum256([]byte(host.Hostname()))
	switch {
	case client.Type != protocol.AssertCeremony:
		return "", errors.New("it was no use of a passkey")
	case client.Challenge != base64.RawURLEncoding.EncodeToString(challenge):
		return "", errors.New("it was made over something else")
	case !bytes.Equal(data.RPIDHash, site[:]):
		return "", errors.New("it was made for another site than the page's")
	case !data.Flags.HasUserPresent() || !data.Flags.HasUserVerified():
		return "", errors.New("its owner did not unlock the passkey")
	}
	return client.Origin, a.verifySignature()
}

func (a Assertion) verifySignature() error {
	key, err := webauthncose.ParsePublicKey(a.PublicKey)
	if err != nil {
		return fmt.Errorf("the public key cannot be read: %w", err)
	}
	client := sha256.Sum256(a.ClientData)
	if good, err := webauthncose.VerifySignature(key, slices.Concat(a.AuthenticatorData, client[:]), a.Signature); !good || err != nil {
		return errors.Join(errors.New("it was not made with this key"), err)
	}
	return nil
}
