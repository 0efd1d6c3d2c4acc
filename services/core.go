// Package services holds the use cases of Countersign in the product's verbs:
// submit, approve, send, ask, confirm. Each is a short story in one write.
package services

import (
	"crypto/rand"
	"time"

	"github.com/oklog/ulid/v2"

	"countersign/models"
	"countersign/services/vault"
)

// Core is what every service needs.
type Core struct {
	Store *models.Store
	Now   func() time.Time // the only clock
	Vault *vault.Vault     // seals what must not lie open on the disk
}

// newOrderNo makes an order number: a ULID, 26 letters and digits, which fits
// every gateway (I2).
func (c *Core) newOrderNo() string {
	return ulid.MustNew(ulid.Timestamp(c.Now()), rand.Reader).String()
}

// randomName is an unguessable name of 26 letters and digits.
func randomName() string { return rand.Text() }
