package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// AccountHashing is what account numbers are hashed as.
const AccountHashing = "account number"

// OwnAccount is an account of one of our own people (features.md D7), declared by
// themselves or by a people admin, sealed, and hashed only to be compared with those of
// payees.
type OwnAccount struct {
	ID           int64
	PersonID     PersonID
	AccountHash  []byte
	SealedNumber []byte
	Last4        string
	AddedBy      PersonID
	AddedAt      time.Time `gorm:"serializer:ms"`
}

// CheckOwnAccounts says whether the person may see and declare somebody's own accounts:
// their own, or as people admin anybody's.
func CheckOwnAccounts(by Person, of PersonID) error {
	if by.Active && by.ID == of {
		return nil
	}
	return may(by, VerbPeople)
}

// OwnAccountsOf lists a person's own accounts.
func OwnAccountsOf(db *gorm.DB, id PersonID) ([]OwnAccount, error) {
	var all []OwnAccount
	err := db.Where("person_id = ?", id).Order("id").Find(&all).Error
	return all, err
}

// AddOwnAccount stores one of a person of this name, once, and finds the payees who have
// it.
func AddOwnAccount(tx *gorm.DB, a *OwnAccount, name string) error {
	err := tx.Create(a).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return a.again(tx)
	}
	if err != nil {
		return err
	}
	return compareOwn(tx, *a, name)
}

// ownerOf is whose own account it is; ok is false for nobody's.
func ownerOf(db *gorm.DB, accountHash []byte, at time.Time) (p Person, ok bool, err error) {
	var found []Person
	counts := stillOwn(db.Model(&OwnAccount{}).Select("person_id").Where("account_hash = ?", accountHash), at)
	err = db.Where("id IN (?)", counts).Order("id").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return p, false, err
	}
	return found[0], true, nil
}

// CheckOwnPayout refuses the signature of whoever has declared the account that an order
// goes to as their own.
func CheckOwnPayout(db *gorm.DB, p Payout, by Person, at time.Time) error {
	return refuseOwn(db, p.AccountHash, by.ID, at, "payout.own_account")
}

// CheckOwnEntry refuses whoever has declared an account as their own to ask that it be
// entered in the book of payees, and to confirm it.
func CheckOwnEntry(db *gorm.DB, d PayeeDetails, by PersonID, at time.Time) error {
	return refuseOwn(db, d.Account, by, at, "payee.own_entry")
}

func refuseOwn(db *gorm.DB, account []byte, by PersonID, at time.Time, key string) error {
	n, err := count(stillOwn(db.Model(&OwnAccount{}).Where("account_hash = ? AND person_id = ?", account, by), at).Limit(1))
	if err == nil && n > 0 {
		err = Refuse(Forbidden, key)
	}
	return err
}
