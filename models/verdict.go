package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// Verdict is what two people decide about an order in doubt, or about a
// contradiction: one proposes with evidence, another confirms.
type Verdict struct {
	ID            int64
	PayoutID      PayoutID
	About         Doubt
	Says          Said
	Evidence      EvidenceKind
	Text          string // the evidence itself
	Reason        string
	ReceivedMinor int64
	LookAgainAt   time.Time `gorm:"serializer:ms"`
	ProposerID    PersonID
	ProposedAt    time.Time `gorm:"serializer:ms"`
	State         VerdictState
	ConfirmerID   *PersonID
	ConfirmedAt   time.Time `gorm:"serializer:ms"`
	Answer        string    // the confirmer's own words
	ReturnedAt    time.Time `gorm:"serializer:ms"` // when a case to look at again came back
}

// The words of the two people as their events tell them, masked: what an outsider is shown
// is held against these (X14).
const (
	VerdictText   = "evidence_text" // what the proposer went by
	VerdictReason = "proposer_words"
	VerdictAnswer = "judge_words"
)

// OpenVerdict is the proposal that waits for a second person; ok is false if
// none does.
func OpenVerdict(db *gorm.DB, id PayoutID) (v Verdict, ok bool, err error) {
	var found []Verdict
	err = db.Where("payout_id = ? AND state = 'open'", id).Find(&found).Error
	if err != nil || len(found) == 0 {
		return v, false, err
	}
	return found[0], true, nil
}

// AddVerdict stores a proposal; one may be open at a time, and never the maker's.
func AddVerdict(tx *gorm.DB, v *Verdict) error {
	v.State = VerdictOpen
	err := tx.Create(v).Error
	switch {
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return Refuse(Conflict, "verdict.open_already")
	case isRefusedByTrigger(err):
		return Refuse(Forbidden, "verdict.maker")
	}
	return err
}

// CloseVerdict stores how a proposal ended.
func CloseVerdict(tx *gorm.DB, v *Verdict) error {
	result := tx.Model(v).Where("state = 'open'").Select("state", "confirmer_id", "confirmed_at", "answer").Updates(v)
	if isRefusedByTrigger(result.Error) {
		return Refuse(Forbidden, "verdict.maker")
	}
	if result.Error != nil {
		return result.Error
	}
	if result.RowsAffected != 1 {
		return Refuse(Conflict, "verdict.closed")
	}
	return nil
}

// OvertakenBy says whether a verified word of the gateway makes the proposal void
// (states.md, who may resolve it). Of an unclear order every word that settles it, or
// names it as working, does. While a contradiction is open the word decides nothing, so
// only one that denies the proposal does: proof for what stands leaves "paid" and "paid
// and returned" as they are.
func (v Verdict) OvertakenBy(said Outcome) bool {
	if v.About != Contradicted {
		return true
	}
	return said == Paid && v.Says == SaidNotPaid || said == Failed && v.Says != SaidNotPaid
}

// Verdicts lists the proposals about an order, the newest first.
func Verdicts(db *gorm.DB, id PayoutID) ([]Verdict, error) {
	var all []Verdict
	err := db.Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}

// Contradiction is a verified fact that denies what an order was held to be.
type Contradiction struct {
	ID       int64
	PayoutID PayoutID
	Standing string
	News     string
	Source   string
	OpenedAt time.Time `gorm:"serializer:ms"`
	ClosedAt time.Time `gorm:"serializer:ms"`
}

// OpenContradiction stores that evidence disagrees; one is open at a time and
// further contrary news belong to it.
func OpenContradiction(tx *gorm.DB, c *Contradiction) error {
	var open int64
	err := tx.Model(&Contradiction{}).Where("payout_id = ? AND closed_at = 0", c.PayoutID).Count(&open).Error
	if err != nil || open > 0 {
		return err
	}
	return tx.Create(c).Error
}

// CloseContradiction ends the open contradiction of an order.
func CloseContradiction(tx *gorm.DB, id PayoutID, at time.Time) error {
	return tx.Model(&Contradiction{}).Where("payout_id = ? AND closed_at = 0", id).Update("closed_at", Millis(at)).Error
}

// Contradictions lists those of an order, the newest first.
func Contradictions(db *gorm.DB, id PayoutID) ([]Contradiction, error) {
	var all []Contradiction
	err := db.Where("payout_id = ?", id).Order("id DESC").Find(&all).Error
	return all, err
}
