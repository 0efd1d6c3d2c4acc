// Package services holds the use cases of Countersign in the product's verbs:
// submit, approve, send, ask, confirm. Each is a short story in one write.
package services

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/vault"
)

// Core is what every service needs.
type Core struct {
	Store *models.Store
	Now   func() time.Time // the only clock
	Vault *vault.Vault     // seals what must not lie open on the disk
	Reach func(Point)      // told of each point that is reached: tests stop the program there; nil in production
}

// ErrOtherKey refuses a database that was sealed under another key.
var ErrOtherKey = errors.New("the sealing key is not the one that this database was sealed with; nothing was changed")

// keyMark is the public name of an installation's key.
func keyMark(v *vault.Vault) string { return v.Fingerprint("the key of this installation") }

// CheckKey makes sure that the vault has the key that the database was begun with.
// Under another one nothing could be read, and what is new not with the old one.
func (c *Core) CheckKey(ctx context.Context) error {
	mark := keyMark(c.Vault)
	return c.Store.Write(ctx, func(tx *gorm.DB) error {
		known, err := models.ReadSetting(tx, models.SettingKeyMark)
		switch {
		case err != nil || known == mark:
			return err
		case known != "":
			return ErrOtherKey
		}
		return models.WriteSetting(tx, models.SettingKeyMark, mark)
	})
}

// newOrderNo makes an order number: a ULID, 26 letters and digits, which fits
// every gateway (I2).
func (c *Core) newOrderNo() string {
	return ulid.MustNew(ulid.Timestamp(c.Now()), rand.Reader).String()
}

// randomName is an unguessable name of 26 letters and digits.
func randomName() string { return rand.Text() }
