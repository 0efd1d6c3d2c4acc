package models

import (
	"cmp"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// Band says what sums of one currency need, from a sum upward.
type Band struct {
	Currency  string `json:"currency"`
	FromMinor int64  `json:"from_minor"` // sums of this much and more
	Need      Need   `json:"need"`
}

// From is where the band begins.
func (b Band) From() Money { return Money{b.FromMinor, b.Currency} }

// UnmarshalJSON reads a band, also of a policy made before bands named roles: those
// asked for so many people who may approve.
func (b *Band) UnmarshalJSON(text []byte) error {
	var read struct {
		Currency  string `json:"currency"`
		FromMinor int64  `json:"from_minor"`
		Need      Need   `json:"need"`
		Approvers int    `json:"approvers"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*b = Band{read.Currency, read.FromMinor, read.Need}
	if read.Approvers > 0 && len(b.Need) == 0 {
		b.Need = Anybody(read.Approvers)
	}
	return nil
}

// Bands of all currencies, in any order.
type Bands []Band

// Value writes the bands as JSON.
func (b Bands) Value() (driver.Value, error) { return jsonText([]Band(b)) }

// Scan reads them back.
func (b *Bands) Scan(value any) error { return fromJSON(value, b) }

// Value writes the rules as JSON.
func (r Rules) Value() (driver.Value, error) { return jsonText(r) }

// Scan reads them back.
func (r *Rules) Scan(value any) error { return fromJSON(value, r) }

func jsonText(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func fromJSON(value, into any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("%T is %T, not text", into, value)
	}
	return json.Unmarshal([]byte(text), into)
}

// DefaultBands ask for one person, and for two from about 15,000 dollars up.
var DefaultBands = Bands{
	{"CNY", 1, Anybody(1)}, {"CNY", 100_000_00, Anybody(2)},
	{"PEN", 1, Anybody(1)}, {"PEN", 1_500_00, Anybody(2)},
	{"TWD", 1, Anybody(1)}, {"TWD", 500_000_00, Anybody(2)},
}

// For gives the bands of a currency, the lowest first.
func (b Bands) For(currency string) Bands {
	var own Bands
	for _, band := range b {
		if band.Currency == currency {
			own = append(own, band)
		}
	}
	slices.SortFunc(own, func(a, b Band) int { return cmp.Compare(a.FromMinor, b.FromMinor) })
	return own
}

// Currencies lists those that have bands.
func (b Bands) Currencies() []string {
	var all []string
	for _, band := range b {
		if !slices.Contains(all, band.Currency) {
			all = append(all, band.Currency)
		}
	}
	slices.Sort(all)
	return all
}

// Check refuses bands with a gap or without a signature.
func (b Bands) Check() error {
	if len(b) == 0 {
		return Refuse(Invalid, "policy.empty")
	}
	for _, currency := range b.Currencies() {
		own := b.For(currency)
		if _, known := Scale(currency); !known {
			return Refuse(Invalid, "policy.currency", "Currency", currency)
		}
		if own[0].FromMinor > 1 {
			return Refuse(Invalid, "policy.gap", "Currency", currency)
		}
		for i, band := range own {
			if band.FromMinor < 1 || !band.Need.sound() || (i > 0 && own[i-1].FromMinor == band.FromMinor) {
				return Refuse(Invalid, "policy.band", "Currency", currency)
			}
		}
	}
	return nil
}

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
