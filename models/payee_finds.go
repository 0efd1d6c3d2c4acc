package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// PayeeFind is something that a payee's details have in common with another payee, or with
// one of our own people (features.md D7): somebody looks at it, once.
type PayeeFind struct {
	ID        int64
	Kind      FindKind
	PayeeID   PayeeID
	VersionID PayeeVersionID // the details that were compared
	OtherID   *PayeeID       // nil where it is about a colleague
	PersonID  *PersonID      // the colleague
	FoundAt   time.Time      `gorm:"serializer:ms"`
	LookedBy  *PersonID
	LookedAt  time.Time `gorm:"serializer:ms"`
	Note      string    // what they found out
}

// FindKind is what two have in common.
type FindKind string

// The kinds, the gravest first.
const (
	FindOwn    FindKind = "own"    // the account is a colleague's own
	FindShared FindKind = "shared" // another payee has the same account number
	FindAlike  FindKind = "alike"  // another payee has the same name, or nearly so
)

// Open says whether nobody has looked at it yet.
func (f PayeeFind) Open() bool { return f.LookedBy == nil }

// CheckLook says whether the person may say what they found out: not whoever entered the
// details, nor the colleague whom it is about.
func (f PayeeFind) CheckLook(by Person, enteredBy PersonID) error {
	if err := CheckBlocking(by); err != nil {
		return err
	}
	switch {
	case by.ID == enteredBy:
		return Refuse(Forbidden, "find.own_details")
	case f.PersonID != nil && *f.PersonID == by.ID:
		return Refuse(Forbidden, "find.about_you")
	case !f.Open():
		return Refuse(Conflict, "find.looked_already")
	}
	return nil
}

// Look stores what somebody found out.
func (f PayeeFind) Look(tx *gorm.DB, by PersonID, note string, at time.Time) error {
	looked := tx.Model(&PayeeFind{}).Where("id = ? AND looked_at = 0", f.ID).Updates(map[string]any{"looked_by": by, "looked_at": Millis(at), "note": note})
	if looked.Error == nil && looked.RowsAffected != 1 {
		return Refuse(Conflict, "find.looked_already")
	}
	return looked.Error
}

// FindPayeeFind reads one.
func FindPayeeFind(db *gorm.DB, id int64) (PayeeFind, error) {
	var f PayeeFind
	err := db.Take(&f, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return f, Refuse(Missing, "find.missing")
	}
	return f, err
}

// CountOpenFinds counts those at which nobody has looked yet.
func CountOpenFinds(db *gorm.DB) (int, error) {
	return count(db.Model(&PayeeFind{}).Where("looked_at = 0"))
}

// OpenFindsOf are those of them that concern a payee, from either side.
func OpenFindsOf(db *gorm.DB, id PayeeID) ([]PayeeFind, error) {
	var all []PayeeFind
	err := db.Where("id IN (SELECT id FROM payee_finds WHERE payee_id = ? UNION SELECT id FROM payee_finds WHERE other_id = ?) AND looked_at = 0", id, id).
		Order("id").Limit(findsMost).Find(&all).Error
	return all, err
}

// findsListed bounds the page of a week.
const findsListed = 300

// FindsBetween lists what was found in a time, the newest first.
func FindsBetween(db *gorm.DB, from, to time.Time) ([]PayeeFind, error) {
	var all []PayeeFind
	err := db.Where("found_at >= ? AND found_at < ?", Millis(from), Millis(to)).Order("found_at DESC, id DESC").Limit(findsListed).Find(&all).Error
	return all, err
}

// OldestOpenFind is when the oldest of those at which nobody has looked was found; ok is
// false for none.
func OldestOpenFind(db *gorm.DB) (at time.Time, ok bool, err error) {
	var found []PayeeFind
	err = db.Where("looked_at = 0").Order("id").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return at, false, err
	}
	return found[0].FoundAt, true, nil
}
