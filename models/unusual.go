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
	Colleague  string        // whose own account it is, "" for nobody's (D7)
	Shared     Namesake      // another payee with the same account
	Alike      Namesake      // another payee of the same name, or nearly so
	Twin       bool          // much like another order; the maker gave a reason
	Times      int64         // how many times the usual sum, 0 where that is not much
	OffHours   bool
	Warning    bool // an answer that is allowed and not usual; the maker gave a reason
}

// Namesake is another payee with something in common.
type Namesake struct {
	Found bool
	Name  string // "" where the reader may not know them
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
	if err = u.compare(db, p, now); err != nil {
		return u, err
	}
	past, err := SentTo(db, p.AccountHash, p.Currency, p.ID, HistoryLength)
	if usual, ok := Usual(past); ok && p.AmountMinor >= timesUsual*usual.Minor {
		u.Times = p.AmountMinor / usual.Minor
	}
	return u, err
}

// compare tells what the account and the name have in common with others, until somebody
// has looked at it; of a colleague's own account always.
func (u *Unusual) compare(db *gorm.DB, p Payout, at time.Time) error {
	owner, own, err := ownerOf(db, p.AccountHash, at)
	if err != nil {
		return err
	}
	if own {
		u.Colleague = owner.Name
	}
	finds, err := OpenFindsOf(db, p.PayeeID)
	for _, f := range finds {
		other, wrong := f.namesake(db, p)
		switch {
		case wrong != nil:
			return wrong
		case f.Kind == FindShared:
			u.Shared = other
		case f.Kind == FindAlike:
			u.Alike = other
		}
	}
	return err
}

// namesake is the other payee of a find as the reader of an order may know them. An order
// to another account of the payee has nothing in common.
func (f PayeeFind) namesake(db *gorm.DB, p Payout) (other Namesake, err error) {
	if f.OtherID == nil {
		return other, nil
	}
	id := *f.OtherID
	if id == p.PayeeID {
		id = f.PayeeID
	}
	if f.Kind == FindShared {
		everywhere := db.WithContext(Everywhere(db.Statement.Context))
		n, err := count(everywhere.Model(&PayeeVersion{}).Where("payee_id = ? AND account_hash = ?", id, p.AccountHash).Limit(1))
		if err != nil || n == 0 {
			return other, err
		}
	}
	var names []string
	err = db.Model(&Payee{}).Where("id = ?", id).Pluck("name", &names).Error
	return Namesake{true, first(names)}, err
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
