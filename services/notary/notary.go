// Package notary signs heads of the log of events and reads signed ones. A head is a
// signed note (golang.org/x/mod/sumdb/note) whose text is a checkpoint of a
// transparency log: anybody who keeps one can later show that the past was rewritten
// (I19). The package needs no database: whoever has the public key can check.
package notary

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Head says that at this time the log held so many events, and what they came to.
type Head struct {
	Origin string // the log's name, which is its key's too
	Size   int64
	Root   tlog.Hash
	At     time.Time
}

// ErrNotHead is what is no head of a log, whoever signed it.
var ErrNotHead = errors.New("this is no head of a log of events")

// ErrNotSigned is a head that the key at hand has not signed, or one altered since.
var ErrNotSigned = errors.New("the signature does not fit: the head was altered, or another key signed it")

const timeLabel = "time "

func (h Head) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s%s\n", h.Origin, h.Size, h.Root, timeLabel, h.At.UTC().Format(time.RFC3339))
}

// NewKey makes a key for a log of this name: the signer's, to be sealed, and the
// verifier's, to be told to everybody.
func NewKey(origin string) (signer, verifier string, err error) {
	return note.GenerateKey(rand.Reader, origin)
}

// Sign writes the head down and signs it.
func Sign(h Head, signer string) ([]byte, error) {
	key, err := note.NewSigner(signer)
	if err != nil {
		return nil, fmt.Errorf("the key for heads: %w", err)
	}
	h.Origin = key.Name()
	return note.Sign(&note.Note{Text: h.text()}, key)
}

// Open reads a signed head and checks its signature with the verifier's key.
func Open(signed []byte, verifier string) (Head, error) {
	key, err := note.NewVerifier(strings.TrimSpace(verifier))
	if err != nil {
		return Head{}, fmt.Errorf("this is no verifier key: %w", err)
	}
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil || len(opened.Sigs) != 1 || len(opened.UnverifiedSigs) > 0 {
		return Head{}, ErrNotSigned
	}
	return read(opened.Text, key.Name())
}

// read takes nothing but exactly what text writes.
func read(text, origin string) (h Head, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] != origin || !strings.HasPrefix(lines[3], timeLabel) {
		return h, ErrNotHead
	}
	h.Origin = lines[0]
	size, errSize := strconv.ParseInt(lines[1], 10, 64)
	root, errRoot := base64.StdEncoding.DecodeString(lines[2])
	at, errAt := time.Parse(time.RFC3339, strings.TrimPrefix(lines[3], timeLabel))
	if errors.Join(errSize, errRoot, errAt) != nil || size < 1 || len(root) != tlog.HashSize {
		return h, ErrNotHead
	}
	h.Size, h.Root, h.At = size, tlog.Hash(root), at.UTC()
	if h.text() != text {
		return h, ErrNotHead
	}
	return h, nil
}
