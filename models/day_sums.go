package models

import (
	"fmt"
	"time"

	"gorm.io/gorm"
)

// counting is true of orders that count with others of their day: all that were
// handed over and are not known to have come to nothing. Doubt counts (I18).
const counting = "stage NOT IN ('draft', 'rejected', 'withdrawn', 'expired') AND NOT (outcome = 'failed' AND contradicted = 0)"

// dayBefore narrows orders to those that count together with this one, submitted at
// the moment, but for itself. That they were submitted at all is the condition of the
// indexes.
func dayBefore(db *gorm.DB, p Payout, by Cumulation, at time.Time) *gorm.DB {
	same := db.Model(&Payout{}).Where("account_hash = ? AND currency = ?", p.AccountHash, p.Currency)
	if by == ByMaker {
		same = db.Model(&Payout{}).Where("maker_id = ? AND currency = ?", p.MakerID, p.Currency)
	}
	return same.Where("submitted_at > 0 AND submitted_at > ? AND id <> ?", Millis(at.Add(-SumsOver)), p.ID).Where(counting)
}

// Earlier lists the orders that count together with this one, the newest first.
func Earlier(db *gorm.DB, p Payout, by Cumulation, at time.Time, limit int) ([]Payout, error) {
	var chain []Payout
	err := dayBefore(db, p, by, at).Where("submitted_at <= ?", Millis(at)).Order("submitted_at DESC, id DESC").Limit(limit).Find(&chain).Error
	return chain, err
}

// FindFacts gathers what the need of an order follows from, were it submitted at the
// moment; inside the transaction that submits it, so that of two at once one sees the
// other.
func FindFacts(tx *gorm.DB, p Payout, at time.Time) (f Facts, err error) {
	f = Facts{Sum: p.Amount(), Gateway: p.AccountID, Rail: p.Rail, At: at}
	for by, sum := range map[Cumulation]*int64{ToAccount: &f.ToAccount, ByMaker: &f.ByMaker} {
		if err := dayBefore(tx, p, by, at).Select("coalesce(sum(amount_minor), 0)").Scan(sum).Error; err != nil {
			return f, fmt.Errorf("sum of a day: %w", err)
		}
		*sum += p.AmountMinor
	}
	f.Marks, err = findMarks(tx, p)
	return f, err
}

func findMarks(tx *gorm.DB, p Payout) (marks []Trigger, err error) {
	for _, look := range []struct {
		mark Trigger
		is   func(*gorm.DB, Payout) (bool, error)
	}{
		{NewAccount, toNewAccount}, {ChangedDetails, toChangedDetails},
		{TwinOverride, func(*gorm.DB, Payout) (bool, error) { return p.TwinReason != "", nil }},
		{OddAnswer, func(*gorm.DB, Payout) (bool, error) { return p.WarningReason != "", nil }},
		{NoFile, withoutFile},
		{Reissued, func(*gorm.DB, Payout) (bool, error) { return p.ReplacesID != nil, nil }},
	} {
		there, err := look.is(tx, p)
		if err != nil {
			return nil, err
		}
		if there {
			marks = append(marks, look.mark)
		}
	}
	return marks, nil
}

func toNewAccount(tx *gorm.DB, p Payout) (bool, error) {
	return none(tx.Model(&Payout{}).Where("account_hash = ? AND outcome = ?", p.AccountHash, Paid))
}

func toChangedDetails(tx *gorm.DB, p Payout) (bool, error) {
	version, err := FindPayeeVersion(tx, p.PayeeVersionID)
	if err != nil || version.Number < 2 {
		return false, err
	}
	return none(tx.Model(&Payout{}).Where("payee_id = ? AND payee_version_id = ? AND outcome = ?", p.PayeeID, version.ID, Paid))
}

func withoutFile(tx *gorm.DB, p Payout) (bool, error) {
	return none(tx.Model(&File{}).Where("payout_id = ?", p.ID))
}

// none says whether nothing was found, without counting all that was.
func none(narrowed *gorm.DB) (bool, error) {
	var found []int64
	err := narrowed.Select("id").Limit(1).Scan(&found).Error
	return len(found) == 0, err
}
