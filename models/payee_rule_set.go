package models

import (
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// SettingPayeeRules holds PayeeRules as JSON; without it the defaults count.
const SettingPayeeRules = "payee_rules"

// PayeeRules are what this installation asks for before money goes to new or changed
// details. Sums are minor units by currency; a currency that is not named has no limit.
type PayeeRules struct {
	Calls      bool             `json:"calls"`                // a change needs a call-back (D3)
	KnownDays  int              `json:"known_days,omitempty"` // how many days before the request the number called was known; 0 is one
	SecondCall map[string]int64 `json:"second_call"`          // from what was paid in 90 days on, two people call
	Cooling    int              `json:"cooling"`              // minutes that new or changed details rest before money goes there (D4)
	Starter    map[string]int64 `json:"starter"`              // the most that is on its way there before a first payout was paid
	AfterFail  bool             `json:"after_fail"`           // hold payouts to an account to which the last one failed (D6)
}

// DefaultPayeeRules are those of a new installation.
func DefaultPayeeRules() PayeeRules {
	return PayeeRules{
		Calls: true, Cooling: 24 * 60, AfterFail: true,
		SecondCall: map[string]int64{"CNY": 100_000_00, "TWD": 500_000_00, "PEN": 50_000_00},
		Starter:    map[string]int64{"CNY": 20_000_00, "TWD": 100_000_00, "PEN": 1_000_00},
	}
}

// CoolingTime is how long new details rest.
func (r PayeeRules) CoolingTime() time.Duration { return time.Duration(r.Cooling) * time.Minute }

func (r PayeeRules) knownDays() int { return max(r.KnownDays, 1) }

// CallersFor is how many people have to call about a change for a payee to whom so much
// was paid lately.
func (r PayeeRules) CallersFor(paid Money) int {
	most, named := r.SecondCall[paid.Currency]
	switch {
	case !r.Calls:
		return 0
	case named && paid.Minor >= most:
		return 2
	}
	return 1
}

// ReadPayeeRules reads those in force.
func ReadPayeeRules(db *gorm.DB) (PayeeRules, error) {
	text, err := ReadSetting(db, SettingPayeeRules)
	if err != nil {
		return PayeeRules{}, err
	}
	return readPayeeRules(text)
}

// readPayeeRules reads them from the setting; where nobody has said anything the defaults
// count.
func readPayeeRules(text string) (r PayeeRules, err error) {
	if text == "" {
		return DefaultPayeeRules(), nil
	}
	if err = json.Unmarshal([]byte(text), &r); err != nil {
		err = fmt.Errorf("read the payee rules: %w", err)
	}
	return r, err
}

// WritePayeeRules puts rules in force, with their entry in the log.
func WritePayeeRules(tx *gorm.DB, r PayeeRules, by Actor, at time.Time) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	before, err := ReadSetting(tx, SettingPayeeRules)
	if err != nil {
		return err
	}
	if err := WriteSetting(tx, SettingPayeeRules, string(text)); err != nil {
		return err
	}
	return Append(tx, Event{
		At: at, Verb: "setting_changed", ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "settings", SubjectID: SettingPayeeRules,
		Details: Details{"before": before, "after": string(text)},
	})
}

// paidLately is how far back counts what was paid to a payee.
const paidLately = 90 * 24 * time.Hour

// PaidLately is what went to a payee in the last ninety days, or may have.
func PaidLately(db *gorm.DB, id PayeeID, currency string, now time.Time) (Money, error) {
	var sum int64
	err := db.Model(&Payout{}).Where("payee_id = ? AND currency = ? AND outcome IN ? AND created_at >= ?", id, currency,
		[]Outcome{Pending, Unclear, Paid}, Millis(now.Add(-paidLately))).Select("coalesce(sum(amount_minor), 0)").Scan(&sum).Error
	return Money{sum, currency}, err
}
