package models

import (
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
)

// PayeeBlock is a number or a name to which nothing is paid (features.md D7).
type PayeeBlock struct {
	ID           int64
	Kind         BlockKind
	NumberHash   []byte // keyed, of BlockedNumber
	SealedNumber []byte
	Last4        string
	Name         string // of a number, under which it was known
	Folded       string // of a name: FoldName
	Reason       string
	BlockedBy    PersonID
	BlockedAt    time.Time `gorm:"serializer:ms"`
	LiftedAt     time.Time `gorm:"serializer:ms"`
	ChangeID     *int64    // by which two people took it off
}

// BlockKind is what is blocked.
type BlockKind string

// The kinds: any number of a payee, be it of an account or of a document, or a name.
const (
	BlockNumber BlockKind = "number"
	BlockName   BlockKind = "name"
)

// BlockedHashing is what the numbers of the list are hashed as, and BlockedPlace where
// they are sealed.
const (
	BlockedHashing = "blocked number"
	BlockedPlace   = "blocked number"
)

// Counts says whether it is still on the list.
func (b PayeeBlock) Counts() bool { return b.ChangeID == nil }

// Label is what is blocked, as people know it.
func (b PayeeBlock) Label() string {
	if b.Kind == BlockName {
		return b.Name
	}
	return strings.TrimSpace(b.Name + " ····" + b.Last4)
}

// CheckBlocking says whether the person may put something on the list: it stops payouts
// of everybody.
func CheckBlocking(by Person) error {
	if err := may(by, VerbPayeeOK); err != nil {
		return err
	}
	return by.CheckWhole()
}

// PayeeMarks is what the list knows a payee by: the name, and the keyed hash of every
// number of theirs.
type PayeeMarks struct {
	Name    string
	Numbers [][]byte
}

// BlockOf is what of a payee is on the list; ok is false for nothing.
func BlockOf(db *gorm.DB, m PayeeMarks) (b PayeeBlock, ok bool, err error) {
	var found []PayeeBlock
	if len(m.Numbers) > 0 {
		err = db.Where("number_hash IN ? AND kind = 'number' AND lifted_at = 0", m.Numbers).Order("id").Limit(1).Find(&found).Error
	}
	if folded := FoldName(m.Name); err == nil && len(found) == 0 && folded != "" {
		err = db.Where("folded = ? AND kind = 'name' AND lifted_at = 0", folded).Limit(1).Find(&found).Error
	}
	if err != nil || len(found) == 0 {
		return b, false, err
	}
	return found[0], true, nil
}

// CheckBlocked refuses a payee who is on the list. Pages, submission, approval, letting
// go on and the sender ask here.
func CheckBlocked(db *gorm.DB, m PayeeMarks) error {
	b, blocked, err := BlockOf(db, m)
	if err != nil || !blocked {
		return err
	}
	return Refuse(Forbidden, "payee.blocked_"+string(b.Kind), "What", b.Label(), "At", b.BlockedAt, "Reason", b.Reason)
}

// AddPayeeBlock puts something on the list, once.
func AddPayeeBlock(tx *gorm.DB, b *PayeeBlock) error {
	err := tx.Create(b).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Refuse(Conflict, "block.already").On(string(b.Kind))
	}
	return err
}

// Lift takes it off, as two people agreed.
func (b PayeeBlock) Lift(tx *gorm.DB, change int64, at time.Time) error {
	lifted := tx.Model(&PayeeBlock{}).Where("id = ? AND lifted_at = 0", b.ID).Updates(map[string]any{"lifted_at": Millis(at), "change_id": change})
	if lifted.Error == nil && lifted.RowsAffected != 1 {
		return Refuse(Conflict, "block.lifted_already")
	}
	return lifted.Error
}

// blocksListed bounds the page of the list.
const blocksListed = 500

// PayeeBlocks lists them: those that count before those that were taken off, the newest
// first.
func PayeeBlocks(db *gorm.DB) ([]PayeeBlock, error) {
	var all []PayeeBlock
	err := db.Order("lifted_at <> 0, id DESC").Limit(blocksListed).Find(&all).Error
	return all, err
}

// FindPayeeBlock reads one.
func FindPayeeBlock(db *gorm.DB, id int64) (PayeeBlock, error) {
	var b PayeeBlock
	err := db.Take(&b, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return b, Refuse(Missing, "block.missing")
	}
	return b, err
}

// OpenOrders lists the orders that have not left and wait for signatures or for being
// sent.
func OpenOrders(db *gorm.DB) ([]Payout, error) {
	var open []Payout
	err := db.Where("stage IN ?", []Stage{AwaitingApproval, Approved}).Order("id").Find(&open).Error
	return open, err
}
