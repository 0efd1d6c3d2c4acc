package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
)

// SignatureLasts is how old a step-up may be when its act is carried out (I22).
const SignatureLasts = 5 * time.Minute

// Signature is a person's fresh proof that they are there, over one act (S5). It is used
// once, in the write that carries the act out, and never changes. What a passkey signed
// is kept whole, so that it can be checked years later without us (X8).
type Signature struct {
	ID            int64      `json:"-"`
	PersonID      PersonID   `json:"person_id"`
	Act           ActVerb    `json:"act"`
	Subject       string     `json:"subject"`
	SubjectID     string     `json:"subject_id"`
	ContentDigest []byte     `json:"content_digest"`
	List          []byte     `json:"list,omitempty"` // digests of 32 bytes, one after the other
	Method        FactorKind `json:"method"`
	IssuedAt      time.Time  `json:"issued_at" gorm:"serializer:ms"`
	Nonce         []byte     `json:"nonce"`
	MadeAt        time.Time  `json:"made_at" gorm:"serializer:ms"`

	CredentialID      []byte `json:"credential_id,omitempty"`
	PublicKey         []byte `json:"public_key,omitempty"` // COSE
	AuthenticatorData []byte `json:"authenticator_data,omitempty"`
	ClientData        []byte `json:"client_data,omitempty"`
	Signature         []byte `json:"signature,omitempty"`
	EnrolledSeq       int64  `json:"enrolled_seq,omitempty"` // the event that put the public key on record

	Digest []byte `json:"digest"` // of all of it; the act's event names it
}

// SignatureOver begins the signature of a person over an act. Times go to the second, as
// a challenge holds them.
func SignatureOver(a Act, by PersonID, method FactorKind, issued time.Time, nonce []byte) Signature {
	return Signature{
		PersonID: by, Act: a.Verb, Subject: a.Subject, SubjectID: a.SubjectID, ContentDigest: a.Digest, List: bytes.Join(a.List, nil),
		Method: method, IssuedAt: issued.UTC().Truncate(time.Second), Nonce: nonce,
	}
}

// Challenge is what a passkey had to sign.
func (s Signature) Challenge() []byte {
	return Act{Verb: s.Act, Subject: s.Subject, SubjectID: s.SubjectID, Digest: s.ContentDigest}.Challenge(s.IssuedAt, s.Nonce)
}

// Is says whether the signature is over this act.
func (s Signature) Is(a Act) bool {
	return s.Of(a) && bytes.Equal(s.ContentDigest, a.Digest)
}

// Of says whether the signature is over this act, on whatever content.
func (s Signature) Of(a Act) bool {
	return s.Act == a.Verb && s.Subject == a.Subject && s.SubjectID == a.SubjectID
}

// Covers says whether the content with this digest is what was signed, alone or in a list.
func (s Signature) Covers(digest []byte) bool {
	if s.Act != ActApproveList {
		return bytes.Equal(s.ContentDigest, digest)
	}
	return s.Whole() && slices.ContainsFunc(s.listed(), func(one []byte) bool { return bytes.Equal(one, digest) })
}

// Whole says whether the list that goes with a signature is the one that was signed: as
// many contents, these, in this order.
func (s Signature) Whole() bool {
	if s.Act != ActApproveList {
		return len(s.List) == 0
	}
	return len(s.List)%sha256.Size == 0 && s.Is(ListAct(s.listed()))
}

func (s Signature) listed() (all [][]byte) {
	for rest := s.List; len(rest) >= sha256.Size; rest = rest[sha256.Size:] {
		all = append(all, rest[:sha256.Size])
	}
	return all
}

// Sum is the digest of everything that the signature says.
func (s Signature) Sum() []byte {
	h := sha256.New()
	frame(h, []byte("countersign signature v1"))
	frameInt(h, int64(s.PersonID))
	for _, part := range [][]byte{[]byte(s.Act), []byte(s.Subject), []byte(s.SubjectID), s.ContentDigest, s.List, []byte(s.Method)} {
		frame(h, part)
	}
	frameInt(h, s.IssuedAt.Unix())
	frame(h, s.Nonce)
	frameInt(h, Millis(s.MadeAt))
	for _, part := range [][]byte{s.CredentialID, s.PublicKey, s.AuthenticatorData, s.ClientData, s.Signature} {
		frame(h, part)
	}
	frameInt(h, s.EnrolledSeq)
	return h.Sum(nil)
}

// Fresh says whether the signature is not too old, nor from a clock too far ahead (I20).
func (s Signature) Fresh(now time.Time) bool {
	age := now.Sub(s.IssuedAt)
	return age <= SignatureLasts && age >= -SignatureLasts
}

// KeepSignature stores the signature; first is false where it was used before.
func KeepSignature(tx *gorm.DB, s *Signature) (first bool, err error) {
	s.Digest = s.Sum()
	err = tx.Create(s).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return false, nil
	}
	return err == nil, err
}

// Note adds to the details of the act's event by what it was signed; what the machine
// itself does nobody signs.
func (s Signature) Note(d Details) Details {
	if len(s.Digest) == 0 {
		return d
	}
	d["method"], d["signature"] = string(s.Method), hex.EncodeToString(s.Digest)
	if s.Act == ActApproveList {
		d["listed"] = s.SubjectID
	}
	return d
}

// KeyDigest stands for a passkey's public key in the event that puts it on record.
func KeyDigest(credentialID, publicKey []byte) string {
	h := sha256.New()
	frame(h, []byte("countersign passkey v1"))
	frame(h, credentialID)
	frame(h, publicKey)
	return hex.EncodeToString(h.Sum(nil))
}

// SignaturesIn reads the signatures that some events name.
func SignaturesIn(db *gorm.DB, events []Event) (all []Signature, err error) {
	var digests [][]byte
	for _, e := range events {
		if digest, err := hex.DecodeString(e.Details["signature"]); err == nil && len(digest) > 0 {
			digests = append(digests, digest)
		}
	}
	err = db.Where("digest IN ?", digests).Order("id").Find(&all).Error
	for i, s := range all {
		all[i].IssuedAt, all[i].MadeAt = s.IssuedAt.UTC(), s.MadeAt.UTC()
	}
	return all, err
}

// Enrolments are the events that put the passkeys under some signatures on record.
func Enrolments(db *gorm.DB, signatures []Signature) (all []Event, err error) {
	var seqs []int64
	for _, s := range signatures {
		if s.EnrolledSeq > 0 {
			seqs = append(seqs, s.EnrolledSeq)
		}
	}
	err = db.Where("seq IN ?", seqs).Order("seq").Find(&all).Error
	return all, err
}
