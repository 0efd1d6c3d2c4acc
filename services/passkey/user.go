package passkey

import (
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"countersign/models"
)

// user is an Owner with their passkeys as the library wants to see them.
type user struct {
	owner Owner
	have  []models.Passkey
}

var _ webauthn.User = user{}

// WebAuthnID is what the passkey calls the person.
func (u user) WebAuthnID() []byte { return u.owner.Handle }

// WebAuthnName is the login, by which a person tells accounts apart.
func (u user) WebAuthnName() string { return u.owner.Login }

// WebAuthnDisplayName is the person's name.
func (u user) WebAuthnDisplayName() string { return u.owner.Name }

// WebAuthnCredentials are the passkeys; a record that cannot be read is none.
func (u user) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, p := range u.have {
		var c webauthn.Credential
		if json.Unmarshal(p.Record, &c) == nil {
			c.Authenticator.SignCount = uint32(p.SignCount)
			all = append(all, c)
		}
	}
	return all
}

func descriptors(have []models.Passkey) []protocol.CredentialDescriptor {
	return webauthn.Credentials(user{have: have}.WebAuthnCredentials()).CredentialDescriptors()
}
