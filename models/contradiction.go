package models

import (
	"slices"

	"gorm.io/gorm"
)

// SaidFailed says whether the gateway, asked since the contradiction opened, last
// said that the order failed; the question that opened it counts. What it said
// before is what stood then, and is denied. The newest question comes first.
func (c Contradiction) SaidFailed(asked []Question) bool {
	for _, q := range asked {
		if q.AskedAt.Before(c.OpenedAt) {
			break
		}
		if q.Problem == "" && slices.Contains([]string{"paid", "failed", "reversed", "working"}, q.Says) {
			return q.Says == "failed"
		}
	}
	return c.Source == "query" && c.News == "failed"
}

// DeniedVerdicts lists the orders that the person and another have settled, and of
// which something else is heard now: both are told (states.md, late news).
func DeniedVerdicts(db *gorm.DB, signer PersonID) ([]Payout, error) {
	// Asked of each contradicted order, which are few, and not of all verdicts there ever were.
	signed := db.Session(&gorm.Session{NewDB: true}).Model(&Verdict{}).Select("1").Where("verdicts.payout_id = payouts.id").
		Where("state = 'confirmed' AND says <> 'look_again'").Where("proposer_id = ? OR confirmer_id = ?", signer, signer)
	var denied []Payout
	err := db.Where("contradicted = 1").Where("EXISTS (?)", signed).Order("id").Find(&denied).Error
	return denied, err
}
