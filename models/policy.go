package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"gorm.io/gorm"
)

// Band says how many approvers sums of one currency need, from a sum upward.
type Band struct {
	Currency  string `json:"currency"`
	FromMinor int64  `json:"from_minor"` // sums of this much and more
	Approvers int    `json:"approvers"`
}

// From is where the band begins.
func (b Band) From() Money { return Money{b.FromMinor, b.Currency} }

// Policy is one version of who must sign. Versions are added, never edited.
type Policy struct {
	Version   int `gorm:"primaryKey;autoIncrement:false"`
	Bands     Bands
	Note      string
	CreatedBy string
	CreatedAt time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// Bands of all currencies, in any order.
type Bands []Band

// Value writes the bands as JSON.
func (b Bands) Value() (driver.Value, error) {
	text, err := json.Marshal([]Band(b))
	return string(text), err
}

// Scan reads them back.
func (b *Bands) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("bands are %T, not text", value)
	}
	return json.Unmarshal([]byte(text), b)
}

// DefaultBands ask for one approver, and for two from about 15,000 dollars up.
var DefaultBands = Bands{
	{"CNY", 1, 1}, {"CNY", 100_000_00, 2},
	{"PEN", 1, 1}, {"PEN", 1_500_00, 2},
	{"TWD", 1, 1}, {"TWD", 500_000_00, 2},
}

// For gives the bands of a currency, the lowest first.
func (b Bands) For(currency string) Bands {
	var own Bands
	for _, band := range b {
		if band.Currency == currency {
			own = append(own, band)
		}
	}
	sort.Slice(own, func(i, j int) bool { return own[i].FromMinor < own[j].FromMinor })
	return own
}

// Currencies lists those that have bands.
func (b Bands) Currencies() []string {
	seen := map[string]bool{}
	var all []string
	for _, band := range b {
		if !seen[band.Currency] {
			seen[band.Currency] = true
			all = append(all, band.Currency)
		}
	}
	sort.Strings(all)
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
			if band.Approvers < 1 || band.Approvers > 5 || (i > 0 && own[i-1].FromMinor == band.FromMinor) {
				return Refuse(Invalid, "policy.band", "Currency", currency)
			}
		}
	}
	return nil
}

// Approvers is how many people must sign this sum. A currency without a band
// cannot be submitted.
func (p Policy) Approvers(sum Money) (int, error) {
	needed := 0
	for _, band := range p.Bands.For(sum.Currency) {
		if sum.Minor >= band.FromMinor {
			needed = band.Approvers
		}
	}
	if needed == 0 {
		return 0, Refuse(Invalid, "policy.no_band", "Currency", sum.Currency).On("amount")
	}
	return needed, nil
}

// CurrentPolicy is the newest version.
func CurrentPolicy(db *gorm.DB) (Policy, error) {
	var p Policy
	err := db.Order("version DESC").Take(&p).Error
	return p, err
}

// Policies lists every version, the newest first.
func Policies(db *gorm.DB) ([]Policy, error) {
	var all []Policy
	err := db.Order("version DESC").Find(&all).Error
	return all, err
}

// AddPolicy stores the next version.
func AddPolicy(tx *gorm.DB, p *Policy) error {
	if err := p.Bands.Check(); err != nil {
		return err
	}
	var newest int
	if err := tx.Model(&Policy{}).Select("coalesce(max(version), 0)").Scan(&newest).Error; err != nil {
		return err
	}
	p.Version = newest + 1
	return tx.Create(p).Error
}
