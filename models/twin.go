package models

import (
	"time"

	"gorm.io/gorm"
)

// Twin is an earlier order that a new one resembles (B3).
type Twin struct {
	Payout
	SameMoney     bool // same account number and same amount
	SameReference bool
}

// InDoubt says that nobody knows whether the twin was paid.
func (t Twin) InDoubt() bool { return t.Outcome == Unclear || t.Clash }

// TwinQuery is what to look for.
type TwinQuery struct {
	Self        PayoutID // the order itself, not its own twin
	AccountHash []byte
	Amount      Money
	Reference   string
	Since       time.Time // orders in doubt count however old they are
}

// FindTwins lists orders with the same account and amount, or the same
// reference, that are not known to have come to nothing. An order that people
// alone called "not paid" still counts: they may have been wrong.
func FindTwins(db *gorm.DB, q TwinQuery) ([]Twin, error) {
	// Two arms, each along its index: of one condition with OR every order ever made would be read.
	var found []Payout
	err := db.Where("id <> ?", q.Self).
		Where(`id IN (SELECT id FROM payouts WHERE account_hash = ? AND amount_minor = ? AND currency = ?
			UNION SELECT id FROM payouts WHERE reference = ? COLLATE NOCASE AND reference <> '')`,
			q.AccountHash, q.Amount.Minor, q.Amount.Currency, q.Reference).
		Where("stage NOT IN ?", []Stage{Rejected, Withdrawn}).
		Where("NOT (outcome = ? AND by_hand = 0)", Failed).
		Where("created_at >= ? OR outcome = ? OR contradicted = 1", Millis(q.Since), Unclear).
		Order("id DESC").Limit(5).Find(&found).Error
	twins := make([]Twin, 0, len(found))
	for _, p := range found {
		twins = append(twins, Twin{
			Payout:        p,
			SameMoney:     string(p.AccountHash) == string(q.AccountHash) && p.Amount() == q.Amount,
			SameReference: p.Reference == q.Reference,
		})
	}
	return twins, err
}
