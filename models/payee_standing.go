package models

import (
	"time"

	"gorm.io/gorm"
)

// PayeeStanding is what is known of the details that an order goes to: facts alone, for
// the rules about new and failing accounts (D4, D6).
type PayeeStanding struct {
	Since    time.Time // these details are in use since
	Paid     bool      // a payout to this account of the payee was proven paid
	OnTheWay int64     // what else has left to these details and is not proven failed, minor units
	FailedAt time.Time // the last payout to the account failed then; zero if it did not
	Released bool      // two people have lifted what new details ask for
}

// FindStanding looks at the details of an order, as they stand without it.
func FindStanding(db *gorm.DB, p Payout) (s PayeeStanding, err error) {
	version, err := FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return s, err
	}
	s.Since = version.CreatedAt
	paid, err := count(db.Model(&Payout{}).Where("payee_id = ? AND account_hash = ? AND outcome = ?", p.PayeeID, p.AccountHash, Paid).Limit(1))
	if err != nil {
		return s, err
	}
	s.Paid = paid > 0
	err = db.Model(&Payout{}).Where("payee_id = ? AND account_hash = ? AND id <> ? AND stage IN ? AND outcome <> ?", p.PayeeID, p.AccountHash, p.ID,
		[]Stage{Sending, Sent}, Failed).Select("coalesce(sum(amount_minor), 0)").Scan(&s.OnTheWay).Error
	if err != nil {
		return s, err
	}
	if s.FailedAt, err = failedSince(db, p); err != nil {
		return s, err
	}
	released, err := count(db.Model(&PayeeRelease{}).Where("version_id = ? AND why = ?", p.PayeeVersionID, ReleaseNew))
	s.Released = released > 0
	return s, err
}

// failedSince is when the last payout to the account failed, unless one was paid since,
// or somebody has lifted the hold.
func failedSince(db *gorm.DB, p Payout) (time.Time, error) {
	var last []Payout
	err := db.Where("account_hash = ? AND id <> ? AND outcome IN ?", p.AccountHash, p.ID, []Outcome{Paid, Failed}).
		Order("settled_at DESC, id DESC").Limit(1).Find(&last).Error
	if err != nil || len(last) == 0 || last[0].Outcome == Paid {
		return time.Time{}, err
	}
	lifted, err := count(db.Model(&PayeeRelease{}).Where("version_id = ? AND why = ? AND released_at >= ?", p.PayeeVersionID, ReleaseFailed, Millis(last[0].SettledAt)))
	if err != nil || lifted > 0 {
		return time.Time{}, err
	}
	return last[0].SettledAt, nil
}

// New says whether the details are to be handled with care: nothing was ever proven paid
// to them, and nobody has lifted that.
func (s PayeeStanding) New() bool { return !s.Paid && !s.Released }

// RestsUntil is when money may first go to new details (D4); zero for at once.
func (s PayeeStanding) RestsUntil(r PayeeRules) time.Time {
	if !s.New() || r.Cooling == 0 {
		return time.Time{}
	}
	return s.Since.Add(r.CoolingTime())
}

// AboveStarter says whether so much is more than may be on its way to new details before
// a first payout was paid.
func (s PayeeStanding) AboveStarter(r PayeeRules, sum Money) bool {
	most, named := r.Starter[sum.Currency]
	return named && s.New() && s.OnTheWay+sum.Minor > most
}

// FailedUnseen says whether the last payout to the account failed after the order was
// signed: nobody who signed it could know (D6).
func (s PayeeStanding) FailedUnseen(r PayeeRules, approved time.Time) bool {
	return r.AfterFail && s.FailedAt.After(approved)
}

// PayeeRelease is a hold on a payee's details that people have lifted.
type PayeeRelease struct {
	ID         int64
	VersionID  PayeeVersionID
	Why        ReleaseWhy
	ReleasedBy PersonID
	ProposedBy *PersonID // of new details, whoever asked for it
	Reason     string
	ReleasedAt time.Time `gorm:"serializer:ms"`
}

// ReleaseWhy is what is lifted.
type ReleaseWhy string

// The holds that people lift.
const (
	ReleaseNew    ReleaseWhy = "new"    // rest and cap of new details, by two people
	ReleaseFailed ReleaseWhy = "failed" // after a payout that failed, by one
)

// HeldTo lists the orders to these details that are held for a reason.
func HeldTo(db *gorm.DB, id PayeeVersionID, why string) ([]Payout, error) {
	var held []Payout
	err := db.Where("payee_version_id = ? AND stage = ? AND held_why = ?", id, Held, why).Order("id").Find(&held).Error
	return held, err
}

// ReadyTo lists the orders to these details that wait only for their time.
func ReadyTo(db *gorm.DB, id PayeeVersionID) ([]Payout, error) {
	var ready []Payout
	err := db.Where("payee_version_id = ? AND stage = ?", id, Approved).Order("id").Find(&ready).Error
	return ready, err
}
