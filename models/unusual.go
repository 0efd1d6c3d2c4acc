package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// SentTo lists the last orders to an account number that may have left us, in one
// currency, the newest first.
func SentTo(db *gorm.DB, accountHash []byte, currency string, self PayoutID, limit int) ([]Payout, error) {
	var past []Payout
	err := db.Where("account_hash = ? AND currency = ? AND id <> ? AND outcome IN ?", accountHash, currency, self,
		[]Outcome{Pending, Unclear, Paid, Returned}).Order("id DESC").Limit(limit).Find(&past).Error
	return past, err
}

// usualOf is how many earlier payouts say what is usual.
const usualOf = 3

// Usual is the median of earlier sums; ok is false for too few.
func Usual(past []Payout) (m Money, ok bool) {
	if len(past) < usualOf {
		return m, false
	}
	sums := make([]int64, len(past))
	for i, p := range past {
		sums[i] = p.AmountMinor
	}
	slices.Sort(sums)
	return Money{Minor: sums[len(sums)/2], Currency: past[0].Currency}, true
}

// Unusual is what an approver looks at twice, in the order in which it is told.
type Unusual struct {
	NewDetails *PayeeVersion // the version, if the payee's details changed lately
	NewPayee   bool          // nothing was ever paid to them
	Twin       bool          // much like another order; the maker gave a reason
	Times      int64         // how many times the usual sum, 0 where that is not much
	OffHours   bool
	Warning    bool // an answer that is allowed and not usual; the maker gave a reason
}

// Any says whether there is something.
func (u Unusual) Any() bool { return u != Unusual{} }

// How long changed details are pointed out, how many earlier orders make a
// history, and from how many times the usual sum on an order stands out.
const (
	changedLately = 72 * time.Hour
	HistoryLength = 11
	timesUsual    = 3
)

// FindUnusual looks at an order that waits for approval as its approver would.
func FindUnusual(db *gorm.DB, p Payout, zone *time.Location, now time.Time) (u Unusual, err error) {
	u.Twin, u.Warning = p.TwinReason != "", p.WarningReason != ""
	u.OffHours = OffHours(p.SubmittedAt, zone)
	version, err := FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return u, err
	}
	if version.Number > 1 && now.Sub(version.CreatedAt) < changedLately {
		u.NewDetails = &version
	}
	if u.NewPayee, err = neverPaid(db, p.PayeeID); err != nil {
		return u, err
	}
	u.NewPayee = u.NewPayee && u.NewDetails == nil
	past, err := SentTo(db, p.AccountHash, p.Currency, p.ID, HistoryLength)
	if usual, ok := Usual(past); ok && p.AmountMinor >= timesUsual*usual.Minor {
		u.Times = p.AmountMinor / usual.Minor
	}
	return u, err
}

func neverPaid(db *gorm.DB, payee PayeeID) (bool, error) {
	return none(db.Model(&Payout{}).Where("payee_id = ? AND outcome = ?", payee, Paid))
}

// OffHours says whether nobody is expected at work in that zone: at night, and at
// the weekend.
func OffHours(at time.Time, zone *time.Location) bool {
	at = at.In(zone)
	day, hour := at.Weekday(), at.Hour()
	return day == time.Saturday || day == time.Sunday || hour < 7 || hour >= 20
}
