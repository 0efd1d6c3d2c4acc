package models

import (
	"errors"

	"gorm.io/gorm"
)

// FindPolicy reads one version.
func FindPolicy(db *gorm.DB, version int) (Policy, error) {
	var p Policy
	err := db.Take(&p, "version = ?", version).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return p, Refuse(Missing, "policy.no_version", "Version", version)
	}
	return p, err
}

// BandOf is the band that a sum falls into, counted from 0, and all bands of its
// currency; -1 without one.
func (p Policy) BandOf(sum Money) (at int, bands Bands) {
	at, bands = -1, p.Bands.For(sum.Currency)
	for i, band := range bands {
		if sum.Minor >= band.FromMinor {
			at = i
		}
	}
	return at, bands
}

// TypesAmount says whether an approver types the amount before signing it: from
// the second band on.
func (p Policy) TypesAmount(sum Money) bool {
	at, _ := p.BandOf(sum)
	return at > 0
}
