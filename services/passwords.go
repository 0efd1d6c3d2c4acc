package services

import (
	"context"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"countersign/models"
)

// A password's length, in letters (S2).
const (
	PasswordMin = 15
	PasswordMax = 256
)

// hashesAtOnce bounds the memory that hashing takes, hashesWaiting the queue
// behind it: a storm of sign-ins must not starve the pages (S2).
const (
	hashesAtOnce  = 2
	hashesWaiting = 64
)

// StrongHash is how passwords are hashed: 64 MiB and two passes, about a tenth
// of a second.
var StrongHash = argon2id.Params{Memory: 64 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Passwords hashes and compares passwords, a few at a time.
type Passwords struct {
	params  argon2id.Params
	running chan struct{}
	waiting chan struct{}
	nobody  string // the hash that unknown logins are compared with
}

// NewPasswords prepares hashing with these parameters.
func NewPasswords(params argon2id.Params) (*Passwords, error) {
	nobody, err := argon2id.CreateHash(randomName(), &params)
	if err != nil {
		return nil, err
	}
	return &Passwords{
		params: params, nobody: nobody,
		running: make(chan struct{}, min(hashesAtOnce, runtime.NumCPU())), waiting: make(chan struct{}, hashesWaiting),
	}, nil
}

// NobodyAs lets an unknown login take as long as passwords take that were hashed so: in a
// demonstration they are hashed at no cost, and an unknown one must not stand out (S4).
func (p *Passwords) NobodyAs(params argon2id.Params) (err error) {
	p.nobody, err = argon2id.CreateHash(randomName(), &params)
	return err
}

// hash makes the text that is stored of a password.
func (p *Passwords) hash(ctx context.Context, password string) (hash string, err error) {
	err = p.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(norm.NFC.String(password), &p.params)
		return err
	})
	return hash, err
}

// fits compares a password with a stored hash; "" takes as long and never fits.
func (p *Passwords) fits(ctx context.Context, password, hash string) (fit bool, err error) {
	against := hash
	if against == "" {
		against = p.nobody
	}
	err = p.inTurn(ctx, func() error {
		fit, err = argon2id.ComparePasswordAndHash(norm.NFC.String(password), against)
		return err
	})
	return fit && hash != "", err
}

func (p *Passwords) inTurn(ctx context.Context, work func() error) error {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return models.Refuse(models.TooOften, "sign_in.busy")
	}
	select {
	case p.running <- struct{}{}:
		defer func() { <-p.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return work()
}

// commonWords are what guessing begins with. What is left of a password without
// them has to be worth something.
var commonWords = []string{
	"countersign", "password", "passwort", "passphrase", "contraseña", "contrasena", "qwertyuiop", "qwerty", "asdfghjkl",
	"zxcvbnm", "1q2w3e4r5t", "1qaz2wsx", "letmein", "welcome", "administrator", "admin", "iloveyou", "sunshine",
	"princess", "football", "baseball", "monkey", "dragon", "master", "superman", "trustno1", "changeme", "secret",
	"default", "login", "payout", "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abc", "correcthorsebatterystaple",
	"0123456789", "1234567890", "123456789", "12345678", "123456", "12345", "1234", "123", "987654321",
}

// leftMin is how many letters must remain that are neither common nor one's own.
const leftMin = 8

// checkPassword holds S2: length and a block list, nothing about its composition.
func checkPassword(password string, own ...string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < PasswordMin:
		return models.Refuse(models.Invalid, "password.short", "Min", PasswordMin).On("password")
	case n > PasswordMax:
		return models.Refuse(models.Invalid, "password.long", "Max", PasswordMax).On("password")
	case usedByMany[lettersOf(password)], guessable(password, own):
		return models.Refuse(models.Invalid, "password.common").On("password")
	}
	return nil
}

// guessable counts what is left: signs too, so that a password of nothing but signs is as
// good as any.
func guessable(password string, own []string) bool {
	left := lettersOf(password)
	for _, word := range append(ownWords(own), commonWords...) {
		left = strings.ReplaceAll(left, word, "")
	}
	left += signsOf(password)
	seen := map[rune]bool{}
	for _, letter := range left {
		seen[letter] = true
	}
	return utf8.RuneCountInString(left) < leftMin || len(seen) < 5
}

// ownWords are the parts of a login and a name that are long enough to matter.
func ownWords(own []string) (words []string) {
	for _, text := range own {
		words = append(words, lettersOf(text))
		words = append(words, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	kept := words[:0]
	for _, word := range words {
		if utf8.RuneCountInString(word) >= 3 {
			kept = append(kept, word)
		}
	}
	return kept
}

// signsOf keeps what lettersOf drops, but for spaces.
func signsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// lettersOf drops spaces and signs, which guessing programs try for free.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
