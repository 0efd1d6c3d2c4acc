package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// OwnLingers is how long an account counts as somebody's own after two people have agreed
// that it is theirs no longer (D7): who takes a declaration back to be paid there has to
// wait for a quarter of a year, and everybody who signs is told meanwhile.
const OwnLingers = 90 * 24 * time.Hour

// OwnAccountEnd says that a declared account is somebody's no longer. Declared again, it
// is theirs again.
type OwnAccountEnd struct {
	ID           int64
	OwnAccountID int64
	ChangeID     int64
	EndedAt      time.Time `gorm:"serializer:ms"`
	CountsUntil  time.Time `gorm:"serializer:ms"`
	AgainAt      time.Time `gorm:"serializer:ms"`
}

// stillOwn narrows to accounts that count as somebody's own at a time.
func stillOwn(db *gorm.DB, at time.Time) *gorm.DB {
	return db.Where("NOT EXISTS (SELECT 1 FROM own_account_ends e WHERE e.own_account_id = own_accounts.id AND e.again_at = 0 AND e.counts_until <= ?)", Millis(at))
}

// FindOwnAccount reads one declaration.
func FindOwnAccount(db *gorm.DB, id int64) (OwnAccount, error) {
	var a OwnAccount
	err := db.Take(&a, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return a, Refuse(Missing, "own.missing")
	}
	return a, err
}

// EndOf is the end of a declaration that counts; ok is false while the account is theirs.
func EndOf(db *gorm.DB, id int64) (end OwnAccountEnd, ok bool, err error) {
	var found []OwnAccountEnd
	err = db.Where("own_account_id = ? AND again_at = 0", id).Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return end, false, err
	}
	return found[0], true, nil
}

// EndsOf are the ends that count of a person's accounts, by declaration.
func EndsOf(db *gorm.DB, id PersonID) (map[int64]OwnAccountEnd, error) {
	var found []OwnAccountEnd
	err := db.Where("again_at = 0 AND own_account_id IN (SELECT id FROM own_accounts WHERE person_id = ?)", id).Find(&found).Error
	ends := map[int64]OwnAccountEnd{}
	for _, end := range found {
		ends[end.OwnAccountID] = end
	}
	return ends, err
}

// EndOwnAccount stores that it is theirs no longer, as two people agreed.
func EndOwnAccount(tx *gorm.DB, id, change int64, at time.Time) (OwnAccountEnd, error) {
	end := OwnAccountEnd{OwnAccountID: id, ChangeID: change, EndedAt: at, CountsUntil: at.Add(OwnLingers)}
	return end, orTaken(tx.Create(&end).Error, "own.ended_already")
}

// again makes an account somebody's own again that was theirs before.
func (a OwnAccount) again(tx *gorm.DB) error {
	var was OwnAccount
	err := tx.Take(&was, "person_id = ? AND account_hash = ?", a.PersonID, a.AccountHash).Error
	if err != nil {
		return err
	}
	undone := tx.Model(&OwnAccountEnd{}).Where("own_account_id = ? AND again_at = 0", was.ID).Update("again_at", Millis(a.AddedAt))
	if undone.Error == nil && undone.RowsAffected == 0 {
		return Refuse(Conflict, "own.already").On("number")
	}
	return undone.Error
}

// Concern notes whom the change concerns besides whoever proposes it. Who takes their own
// declaration back asks for it themselves; they may not confirm it for that alone.
func (c *Change) Concern(about *PersonID) {
	if c.Kind == ChangeOwnAccount && about != nil && *about == c.ProposedBy {
		about = nil
	}
	c.About = about
}

// checkOwnEnd says who may ask that a declaration ends: whose account it is (then it
// concerns nobody else), and a people admin of anybody else's. A controller who is neither
// confirms it, like any change.
func (c Change) checkOwnEnd(by Person) error {
	if c.About == nil && by.Active && by.ID == c.ProposedBy {
		return nil
	}
	return may(by, VerbPeople)
}
