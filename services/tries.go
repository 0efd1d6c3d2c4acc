package services

import (
	"context"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// How many wrong tries a login and an address have, and how long they are then
// shut out (S4).
const (
	triesAllowed = 10
	triesLock    = 30 * time.Minute
)

// tryName is what tries are counted under: it does not tell what was typed.
func (c *Core) tryName(kind, text string) string {
	if kind == "address" {
		text = neighbourhood(text)
	}
	return kind + ":" + hex.EncodeToString(c.Vault.Hash("sign-in "+kind, strings.ToLower(text)))
}

// neighbourhood is what one sender can send from: the address, or of IPv6 the 64 bits
// that stand for one network, within which a machine picks its addresses freely.
func neighbourhood(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
}

// countTry takes one of the tries of each name, before the password is looked at.
func (c *Core) countTry(ctx context.Context, names ...string) error {
	now := c.Now()
	return c.Store.Write(ctx, func(tx *gorm.DB) error {
		for _, name := range names {
			locked, err := models.CountTry(tx, name, now, triesAllowed, triesLock)
			if err != nil {
				return err
			}
			if !locked.IsZero() {
				return models.Refuse(models.TooOften, "sign_in.locked", "Minutes", int((locked.Sub(now)+time.Minute-1)/time.Minute))
			}
		}
		return nil
	})
}
