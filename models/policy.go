package models

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Policy is one version of who must sign. Versions are added, never edited.
type Policy struct {
	Version     int `gorm:"primaryKey;autoIncrement:false"`
	Bands       Bands
	Rules       Rules
	Note        string
	CreatedBy   string
	ConfirmedBy string    // the second of the two people; "" where it was set on the machine
	CreatedAt   time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// Cumulation is what sums of a day count together with.
type Cumulation string

// The cumulations (features.md E6).
const (
	OwnSum    Cumulation = ""        // none: the order alone
	ToAccount Cumulation = "account" // all that one account number gets
	ByMaker   Cumulation = "maker"   // all that one maker asks for
)

// Cumulations lists those that a policy may choose.
var Cumulations = []Cumulation{ToAccount, ByMaker}

// Rules are what a policy asks beyond its bands. Policies made before there were any
// have none.
type Rules struct {
	Sums       []Cumulation `json:"sums,omitempty"` // that choose the band
	Hours      Hours        `json:"hours,omitzero"`
	Conditions []Condition  `json:"conditions,omitempty"`
}

// DefaultPolicy is what an installation begins with: sums of a day count together, so
// that ten small ones need what a large one does.
func DefaultPolicy() Policy {
	return Policy{Bands: DefaultBands, Rules: Rules{Sums: slices.Clone(Cumulations)}}
}

// Check refuses a policy that cannot be obeyed as it is written.
func (p Policy) Check() error {
	if err := p.Bands.Check(); err != nil {
		return err
	}
	for i, sum := range p.Rules.Sums {
		if !slices.Contains(Cumulations, sum) || slices.Contains(p.Rules.Sums[:i], sum) {
			return Refuse(Invalid, "policy.sums")
		}
	}
	if err := p.Rules.Hours.check(); err != nil {
		return err
	}
	for _, c := range p.Rules.Conditions {
		if err := c.check(); err != nil {
			return err
		}
		if c.When == OutOfHours && p.Rules.Hours == (Hours{}) {
			return Refuse(Invalid, "policy.no_hours").On("zone")
		}
	}
	return nil
}

// Answer is what a policy asks for, and why.
type Answer struct {
	Need    Need
	Band    int         // counted from 0, after all that raised it
	By      Cumulation  // whose sum chose the band
	Sum     Money       // that sum
	Met     []Condition // that apply
	Reached int         // the band of the order's own sum
}

// Need is what an order with these facts needs (features.md E2, E3, E6). Page, verb,
// sender, checks and checker all ask here. A currency without a band cannot be
// submitted.
func (p Policy) Need(f Facts) (a Answer, err error) {
	reached, bands := p.BandOf(f.Sum)
	if reached < 0 {
		return a, Refuse(Invalid, "policy.no_band", "Currency", f.Sum.Currency).On("amount")
	}
	a = Answer{Band: reached, Reached: reached, Sum: f.Sum}
	a.cumulate(p, f)
	var more []Step
	for _, c := range p.Rules.Conditions {
		if !c.applies(p.Rules, f) {
			continue
		}
		a.Met = append(a.Met, c)
		if c.Next {
			a.Band = min(a.Band+1, len(bands)-1)
		} else {
			more = append(more, c.Add)
		}
	}
	a.Need = bands[a.Band].Need
	for _, step := range onceByRole(more) {
		a.Need = a.Need.With(step)
	}
	return a, nil
}

// cumulate raises the band to that of the largest sum which counts together.
func (a *Answer) cumulate(p Policy, f Facts) {
	for _, by := range p.Rules.Sums {
		sum := Money{f.ToAccount, f.Sum.Currency}
		if by == ByMaker {
			sum.Minor = f.ByMaker
		}
		if at, _ := p.BandOf(sum); at > a.Band {
			a.Band, a.By, a.Sum = at, by, sum
		}
	}
}

// onceByRole keeps of the steps that several conditions add the largest of each role:
// two reasons to ask a controller ask one controller.
func onceByRole(steps []Step) (kept []Step) {
	for _, step := range steps {
		at := slices.IndexFunc(kept, func(k Step) bool { return k.Role == step.Role })
		if at < 0 {
			kept = append(kept, step)
			continue
		}
		kept[at].Count = max(kept[at].Count, step.Count)
	}
	return kept
}

// Digest names the content of the policy, so that an order's submission binds it.
func (p Policy) Digest() []byte {
	text, err := json.Marshal(struct {
		Bands Bands `json:"bands"`
		Rules Rules `json:"rules"`
	}{p.Bands, p.Rules})
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	sum := sha256.Sum256(text)
	return sum[:]
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
	if err := p.Check(); err != nil {
		return err
	}
	var newest int
	if err := tx.Model(&Policy{}).Select("coalesce(max(version), 0)").Scan(&newest).Error; err != nil {
		return err
	}
	p.Version = newest + 1
	return tx.Create(p).Error
}
