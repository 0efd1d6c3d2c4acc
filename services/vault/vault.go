// Package vault seals secrets and account numbers at rest, and hashes account
// numbers with a key so that they can be found but not read (I24).
package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// keyBytes is the length of the key that everything else is derived from.
const keyBytes = 32

// ErrSealBroken is what Open returns for bytes that were not sealed by this
// vault under this name.
var ErrSealBroken = errors.New("the seal does not fit: wrong key, wrong place or altered bytes")

// Vault seals with AES-256-GCM and hashes with HMAC-SHA256, each under a key of
// its own derived from the installation's key.
type Vault struct {
	aead cipher.AEAD
	mac  []byte
}

// New makes a vault from the installation's key of 32 bytes.
func New(key []byte) (*Vault, error) {
	if len(key) != keyBytes {
		return nil, fmt.Errorf("the sealing key has %d bytes; it needs %d", len(key), keyBytes)
	}
	sealing, err := hkdf.Key(sha256.New, key, nil, "countersign sealing", keyBytes)
	if err != nil {
		return nil, err
	}
	hashing, err := hkdf.Key(sha256.New, key, nil, "countersign hashing", keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Vault{aead: aead, mac: hashing}, nil
}

// Seal encrypts; place binds the bytes to where they are kept, so that they
// cannot be moved to another row's meaning.
func (v *Vault) Seal(place string, plain []byte) []byte {
	return v.aead.Seal(nil, nil, plain, []byte(place))
}

// Open decrypts what Seal made for the same place.
func (v *Vault) Open(place string, sealed []byte) ([]byte, error) {
	plain, err := v.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, ErrSealBroken
	}
	return plain, nil
}

// Hash is the keyed hash of a text: equal for equal texts, telling nothing else.
func (v *Vault) Hash(place, text string) []byte {
	mac := hmac.New(sha256.New, v.mac)
	mac.Write([]byte(place))
	mac.Write([]byte{0})
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Hashing is what this vault hashes with.
func (v *Vault) Hashing() []byte { return bytes.Clone(v.mac) }

// OfHashing is a vault that hashes as a former one did, and can do nothing else.
func OfHashing(mac []byte) *Vault { return &Vault{mac: bytes.Clone(mac)} }

// Fingerprint is the short public name of a secret.
func (v *Vault) Fingerprint(secret string) string {
	return hex.EncodeToString(v.Hash("fingerprint", secret))[:12]
}

// ReadKey takes the installation's key from its text (64 hexadecimal digits), or
// from the key file, which it makes on the first run, readable by its owner alone.
func ReadKey(text, path string) ([]byte, error) {
	if text != "" {
		return parseKey(text, "COUNTERSIGN_KEY")
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKeyFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key file %s may be read by others (mode %04o): chmod 600 it", path, info.Mode().Perm())
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return parseKey(string(content), path)
}

func parseKey(text, source string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%s must hold %d hexadecimal digits", source, 2*keyBytes)
	}
	return key, nil
}

// makeKeyFile never overwrites: losing a key loses every account number.
func makeKeyFile(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	rand.Read(key)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make key file: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	return key, errors.Join(err, file.Sync(), file.Close())
}
