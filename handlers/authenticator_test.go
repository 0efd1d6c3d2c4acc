package handlers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"html"
	"regexp"
	"testing"
)

// authenticator is a security key of a test: one key pair, and a browser around it.
type authenticator struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	owner  []byte
	count  uint32
	origin string // that the browser says it is on
	locked bool   // its owner did not unlock it
}

const (
	testSite   = "pay.example.com"
	testOrigin = "https://" + testSite
)

func newAuthenticator(t *testing.T) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	id := make([]byte, 20)
	rand.Read(id)
	return &authenticator{t: t, key: key, id: id, origin: testOrigin}
}

// passkeyQuestion is what a page asks of passkeys.
type passkeyQuestion struct {
	Challenge string
	User      struct{ ID string }
	Allowed   []struct{ ID string } `json:"allowCredentials"`
}

var questionPattern = regexp.MustCompile(`data-question="([^"]+)"`)

// asked reads the question off a page.
func (p page) asked() (q passkeyQuestion) {
	p.t.Helper()
	found := questionPattern.FindStringSubmatch(p.body)
	if found == nil {
		p.t.Fatalf("the page asks for no passkey: %s", p.text())
	}
	must(p.t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &q))
	return q
}

var encoding = base64.RawURLEncoding

func (a *authenticator) clientData(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	must(a.t, err)
	return text
}

// data is what the key signs: the site, what its owner did, how often it was used.
func (a *authenticator) data(more ...byte) []byte {
	site := sha256.Sum256([]byte(testSite))
	flags := byte(0x01)
	if !a.locked {
		flags |= 0x04
	}
	if more != nil {
		flags |= 0x40
	}
	data := append(site[:], flags)
	return append(binary.BigEndian.AppendUint32(data, a.count), more...)
}

// create answers the question for a new passkey.
func (a *authenticator) create(q passkeyQuestion) string {
	var err error
	a.owner, err = encoding.DecodeString(q.User.ID)
	must(a.t, err)
	public, err := a.key.PublicKey.Bytes()
	must(a.t, err)
	more := append(make([]byte, 16), byte(len(a.id)>>8), byte(len(a.id)))
	more = append(append(more, a.id...), cosePublic(public)...)
	data := a.data(more...)
	attested := append([]byte{0xa3, 0x63}, "fmt"...)
	attested = append(append(attested, 0x64), "none"...)
	attested = append(append(attested, 0x67), "attStmt"...)
	attested = append(append(attested, 0xa0, 0x68), "authData"...)
	attested = append(append(attested, 0x58, byte(len(data))), data...)
	return a.answer(map[string]any{
		"clientDataJSON": encoding.EncodeToString(a.clientData("webauthn.create", q.Challenge)), "attestationObject": encoding.EncodeToString(attested),
	})
}

// cosePublic writes a P-256 key as WebAuthn does: a CBOR map of its parts.
func cosePublic(public []byte) []byte {
	cose := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}
	cose = append(cose, public[1:33]...)
	return append(append(cose, 0x22, 0x58, 0x20), public[33:]...)
}

// get answers the question at the door.
func (a *authenticator) get(q passkeyQuestion) string {
	a.count++
	data, client := a.data(), a.clientData("webauthn.get", q.Challenge)
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	must(a.t, err)
	return a.answer(map[string]any{
		"clientDataJSON": encoding.EncodeToString(client), "authenticatorData": encoding.EncodeToString(data),
		"signature": encoding.EncodeToString(signature), "userHandle": encoding.EncodeToString(a.owner),
	})
}

func (a *authenticator) answer(response map[string]any) string {
	id := encoding.EncodeToString(a.id)
	text, err := json.Marshal(map[string]any{
		"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	must(a.t, err)
	return string(text)
}
