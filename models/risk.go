package models

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// atRisk are the orders whose money may be lost or paid twice (features.md X2):
// unclear ones, contradicted ones, and what came after either of them in a chain
// of replacements and has left, unless that is proven to have failed.
const atRisk = `
WITH RECURSIVE doubtful(id) AS (
	SELECT id FROM payouts WHERE stage = 'sent' AND outcome = 'unclear' UNION SELECT id FROM payouts WHERE contradicted = 1),
later(id) AS (
	SELECT p.id FROM doubtful d JOIN payouts p ON p.replaces_id = d.id UNION SELECT p.id FROM later l JOIN payouts p ON p.replaces_id = l.id)
SELECT id FROM doubtful
UNION SELECT p.id FROM later l JOIN payouts p ON p.id = l.id WHERE p.outcome NOT IN ('none', 'failed', 'returned')`

// Risk is the money at risk of one account in one currency, and the orders that
// it is in.
type Risk struct {
	AccountID                     AccountID
	Currency                      string
	Orders                        int64
	SumMinor                      int64
	Unclear, Contradicted, Second int64 // orders by why; Second ones replaced a doubtful one
}

// Sum is the money.
func (r Risk) Sum() Money { return Money{r.SumMinor, r.Currency} }

// AtRisk reads the money at risk by account and currency. The list with the
// filter AtRisk holds exactly its orders (I30).
func AtRisk(db *gorm.DB) ([]Risk, error) {
	var all []Risk
	err := db.Model(&Payout{}).Where("id IN (" + atRisk + ")").
		Select("account_id, currency, count(*) AS orders, sum(amount_minor) AS sum_minor, " +
			"sum(outcome = 'unclear' AND contradicted = 0) AS unclear, sum(contradicted) AS contradicted, " +
			"sum(outcome <> 'unclear' AND contradicted = 0) AS second").
		Group("account_id, currency").Order("currency, account_id").Scan(&all).Error
	return all, err
}

// RiskHour is the money at risk as it stood when somebody last looked in an hour.
type RiskHour struct {
	Hour      time.Time `gorm:"serializer:ms"`
	AccountID AccountID
	Currency  string
	Orders    int64
	SumMinor  int64
}

// riskKept is how long the hours are kept.
const riskKept = 400 * 24 * time.Hour

// NoteRisk keeps what is at risk as the figure of this hour, zeros too: an hour
// without a row is one in which nobody looked.
func NoteRisk(tx *gorm.DB, now time.Time) error {
	hour := now.UTC().Truncate(time.Hour)
	risks, err := AtRisk(tx)
	if err != nil {
		return err
	}
	accounts, err := Accounts(tx)
	if err != nil || len(accounts) == 0 {
		return err
	}
	rows := make([]RiskHour, len(accounts))
	for i, a := range accounts {
		rows[i] = RiskHour{Hour: hour, AccountID: a.ID, Currency: a.Currency}
		for _, r := range risks {
			if r.AccountID == a.ID && r.Currency == a.Currency {
				rows[i].Orders, rows[i].SumMinor = r.Orders, r.SumMinor
			}
		}
	}
	if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rows).Error; err != nil {
		return err
	}
	return tx.Where("hour < ?", Millis(now.Add(-riskKept))).Delete(&RiskHour{}).Error
}

// RiskByHour gives the money at risk in a currency for each of the last hours up
// to now, the oldest first; below zero where nobody looked.
func RiskByHour(db *gorm.DB, currency string, now time.Time, hours int) (starts []time.Time, sums []int64, err error) {
	first := now.UTC().Truncate(time.Hour).Add(-time.Duration(hours-1) * time.Hour)
	var rows []RiskHour
	err = db.Where("currency = ? AND hour >= ?", currency, Millis(first)).Find(&rows).Error
	for i := range hours {
		starts, sums = append(starts, first.Add(time.Duration(i)*time.Hour)), append(sums, -1)
	}
	for _, row := range rows {
		if i := int(row.Hour.Sub(first) / time.Hour); i < hours {
			sums[i] = max(sums[i], 0) + row.SumMinor
		}
	}
	return starts, sums, err
}
