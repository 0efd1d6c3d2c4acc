package services

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/vault"
)

// A one-time code holds for a step of 30 seconds; one step early or late is forgiven.
const (
	codeStep   = 30 * time.Second
	codeSteps  = 1
	codeDigits = 6
)

// NewCodeKey makes a secret for one-time codes, as the person's device wants to read it.
func NewCodeKey(login string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: "Countersign", AccountName: login})
}

// stepOf finds which step a code is of, trying every step that may hold, so that the
// answer takes as long whichever it is. The library says only yes or no.
func stepOf(secret, code string, now time.Time) (step int64, fits bool, err error) {
	for d := -codeSteps; d <= codeSteps; d++ {
		at := now.Add(time.Duration(d) * codeStep)
		expected, err := totp.GenerateCode(secret, at)
		if err != nil {
			return 0, false, fmt.Errorf("one-time code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(expected), []byte(code)) == 1 {
			step, fits = at.Unix()/int64(codeStep/time.Second), true
		}
	}
	return step, fits, nil
}

// typed is a code without the spaces and dashes that help people to read it.
func typed(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(code))
}

// takeCode takes a one-time code, or a recovery code: each works once (I22).
func (c *Core) takeCode(tx *gorm.DB, p models.Person, code string) (models.FactorKind, error) {
	code = typed(code)
	if len(code) != codeDigits {
		return c.takeRecovery(tx, p, code)
	}
	factors, err := models.FactorsOf(tx, p.ID)
	if err != nil || factors.Code == nil {
		return "", err
	}
	secret, err := c.Vault.Open(secretPlace(p.ID), factors.Code.SealedSecret)
	if err != nil {
		return "", err
	}
	step, fits, err := stepOf(string(secret), code, c.Now())
	if err != nil || !fits {
		return "", err
	}
	taken, err := models.UseStep(tx, p.ID, step, c.Now())
	if err != nil || !taken {
		return "", err
	}
	return models.FactorCode, nil
}

// secretPlace binds a sealed secret to its person.
func secretPlace(id models.PersonID) string { return fmt.Sprintf("one-time codes of person %d", id) }

// How many recovery codes there are, and how many letters each has: 60 bits.
const (
	recoveryCodes   = 10
	recoveryLetters = 12
)

// newRecoveryCodes are what a person writes down.
func newRecoveryCodes() (codes []string) {
	for range recoveryCodes {
		code := rand.Text()[:recoveryLetters]
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
	}
	return codes
}

func (c *Core) recoveryDigest(id models.PersonID, code string) []byte {
	return recoveryDigest(c.Vault, id, code)
}

func recoveryDigest(v *vault.Vault, id models.PersonID, code string) []byte {
	return v.Hash("recovery code", fmt.Sprintf("%d %s", id, typed(code)))
}

// useRecovery takes a code that was hashed with this key, or with one before it.
func (c *Core) useRecovery(tx *gorm.DB, id models.PersonID, code string) (taken bool, err error) {
	hashings, err := c.hashings(tx)
	for i := 0; err == nil && !taken && i < len(hashings); i++ {
		taken, err = models.UseRecoveryCode(tx, id, recoveryDigest(hashings[i], id, code), c.Now())
	}
	return taken, err
}

func (c *Core) takeRecovery(tx *gorm.DB, p models.Person, code string) (models.FactorKind, error) {
	taken, err := c.useRecovery(tx, p.ID, code)
	if err != nil || !taken {
		return "", err
	}
	left, err := models.FactorsOf(tx, p.ID)
	if err != nil {
		return "", err
	}
	return models.FactorRecovery, models.Append(tx, models.Event{
		At: c.Now(), Verb: "recovery_used", ActorID: p.ID, Actor: p.Name, Subject: "person", SubjectID: fmt.Sprint(p.ID),
		Details: models.Details{"name": p.Name, "left": fmt.Sprint(left.CodesLeft)},
	})
}
