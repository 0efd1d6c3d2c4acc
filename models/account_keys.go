package models

import (
	"time"

	"gorm.io/gorm"
)

// AccountKeys are keys that somebody proposed for an account. Sealed as they are, they
// are in use nowhere.
type AccountKeys struct {
	ID          int64
	AccountID   AccountID
	SealedKeys  []byte
	Fingerprint string
	MadeBy      PersonID
	MadeAt      time.Time `gorm:"serializer:ms"`
}

// AddAccountKeys stores proposed keys and wipes those that were proposed before.
func AddAccountKeys(tx *gorm.DB, k *AccountKeys) error {
	if err := WipeAccountKeys(tx, k.AccountID); err != nil {
		return err
	}
	return tx.Create(k).Error
}

// TakeAccountKeys reads proposed keys that come into use now, and wipes them here.
func TakeAccountKeys(tx *gorm.DB, id int64) (k AccountKeys, err error) {
	if k, err = FindAccountKeys(tx, id); err != nil {
		return k, err
	}
	return k, WipeAccountKeys(tx, k.AccountID)
}

// FindAccountKeys reads proposed keys; those that were wiped are missing.
func FindAccountKeys(db *gorm.DB, id int64) (k AccountKeys, err error) {
	var found []AccountKeys
	err = db.Where("id = ? AND octet_length(sealed_keys) > 0", id).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = Refuse(Missing, "account.keys_missing")
	}
	if err != nil {
		return k, err
	}
	return found[0], nil
}

// WipeAccountKeys forgets keys that were proposed for the account.
func WipeAccountKeys(tx *gorm.DB, id AccountID) error {
	_, err := run(tx, "UPDATE account_keys SET sealed_keys = x'' WHERE account_id = ?", id)
	return err
}

// MostOverlap is how long notices signed with former keys may be taken.
const MostOverlap = 30 * 24 * time.Hour

// KeysContent is what a change of an account's keys is about: never the keys themselves,
// only what they are called.
type KeysContent struct {
	Keys        int64  `json:"keys,omitempty"` // the proposed ones; 0 for those that stand
	Fingerprint string `json:"fingerprint"`
	Overlap     int    `json:"overlap_hours"`    // how long notices signed with the former keys are taken
	Tested      string `json:"tested,omitempty"` // what the gateway said to a question signed with them
}

// Check refuses what could not be carried out.
func (k KeysContent) Check(a GatewayAccount) error {
	switch {
	case k.Overlap < 0 || time.Duration(k.Overlap)*time.Hour > MostOverlap:
		return Refuse(Invalid, "account.overlap_range").On("overlap")
	case k.Fingerprint == a.Fingerprint:
		return Refuse(Invalid, "account.keys_same").On("key")
	}
	return nil
}

// TakesFormer says whether notices that came at this time may be signed with the keys
// before the present ones.
func (a GatewayAccount) TakesFormer(at time.Time) bool {
	return len(a.SealedFormer) > 0 && at.Before(a.FormerUntil)
}
