package models

import (
	"encoding/hex"
	"time"

	"gorm.io/gorm"
)

// RestoredSend is a send of which the journal knows and this database did not when
// it was started, because it was restored from an older backup (I27).
type RestoredSend struct {
	OrderNo       string `gorm:"primaryKey"`
	RequestDigest []byte `gorm:"primaryKey"`
	ContentDigest []byte
	PayoutID      *PayoutID // nil: no such order here
	AccountSlug   string
	SentAt        time.Time `gorm:"serializer:ms"`
	RequestBytes  int
	Differs       bool      // what left is not what the order says here
	FoundAt       time.Time `gorm:"serializer:ms"`
	LookedBy      PersonID  // who asked the gateway, if the send is loose
	LookedAt      time.Time `gorm:"serializer:ms"`
	LookedWords   string
	AgreedBy      PersonID  // who found the same and so closed it
	AgreedAt      time.Time `gorm:"serializer:ms"`
	AgreedWords   string
}

// Loose says whether no order here stands for the send, so that people have to ask
// the gateway by its number.
func (r RestoredSend) Loose() bool { return r.PayoutID == nil || r.Differs }

// AddRestoredSend keeps what the journal told; fresh is false if that is kept already.
func AddRestoredSend(tx *gorm.DB, r *RestoredSend) (fresh bool, err error) {
	known, err := HasRestoredSend(tx, r.OrderNo, r.RequestDigest)
	if err != nil || known {
		return false, err
	}
	return true, tx.Create(r).Error
}

// HasRestoredSend says whether the send was dealt with already.
func HasRestoredSend(db *gorm.DB, orderNo string, requestDigest []byte) (bool, error) {
	return one(db, []any{new(int)}, "SELECT 1 FROM restored_sends WHERE order_no = ? AND request_digest = ?", orderNo, requestDigest)
}

// HasEvent says whether the event of this number has a hash that begins so: then the
// whole past before it is the same too.
func HasEvent(db *gorm.DB, seq int64, hash string) (bool, error) {
	if seq == 0 {
		return hash == "", nil
	}
	var stored []byte
	found, err := one(db, []any{&stored}, "SELECT hash FROM events WHERE seq = ?", seq)
	text := hex.EncodeToString(stored)
	return found && hash != "" && len(hash) <= len(text) && text[:len(hash)] == hash, err
}

// HasLeft says whether an attempt is on record that may have left us.
func HasLeft(db *gorm.DB, id PayoutID) (bool, error) {
	return one(db, []any{new(int)}, "SELECT 1 FROM attempts WHERE payout_id = ? AND not_sent = 0", id)
}

// AnyAttempt says whether this database has ever sent anything.
func AnyAttempt(db *gorm.DB) (bool, error) {
	return one(db, []any{new(int)}, "SELECT 1 FROM attempts LIMIT 1")
}

// AskAll lets every order that is still open be asked about now, and once more those
// that were settled since: news of them may have been lost with the newer database.
func AskAll(tx *gorm.DB, now, since time.Time) (asked int64, err error) {
	return run(tx, `UPDATE payouts SET next_action_at = ?, leased_by = '', leased_until = 0
		WHERE stage = 'sent' AND (outcome IN ('pending', 'unclear') OR contradicted = 1 OR settled_at >= ?)`,
		Millis(now), Millis(since))
}
