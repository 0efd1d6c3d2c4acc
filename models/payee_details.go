package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// PayeeDetails are the details of a payee as a change of them stands on paper: numbers
// only as keyed hashes and sealed bytes (I24).
type PayeeDetails struct {
	Number   int    `json:"number,omitempty"` // of the version that they are; none yet for those that are asked for
	Rail     string `json:"rail"`
	Name     string `json:"name"`
	Bank     string `json:"bank"`
	BankName string `json:"bank_name"`
	Last4    string `json:"last4"`
	Account  []byte `json:"account"` // keyed hash of the number
	Fields   []byte `json:"fields"`  // keyed hash of all answers
	Sealed   []byte `json:"sealed"`
}

// ReadPayeeDetails reads them from a change.
func ReadPayeeDetails(text string) (d PayeeDetails, err error) {
	if err = json.Unmarshal([]byte(text), &d); err != nil {
		err = fmt.Errorf("read a payee's details: %w", err)
	}
	return d, err
}

// Details are what a change of this version would change.
func (v PayeeVersion) Details() PayeeDetails {
	return PayeeDetails{
		Number: v.Number, Rail: v.Rail, Name: v.Name, Bank: v.Bank, BankName: v.BankName, Last4: v.Last4,
		Account: v.AccountHash, Fields: v.DetailsHash, Sealed: v.SealedFields,
	}
}

// Version is the version that these details make.
func (d PayeeDetails) Version() PayeeVersion {
	return PayeeVersion{
		Rail: d.Rail, Name: d.Name, Bank: d.Bank, BankName: d.BankName, Last4: d.Last4,
		AccountHash: d.Account, DetailsHash: d.Fields, SealedFields: d.Sealed,
	}
}

// SameAs says whether every answer is the same.
func (d PayeeDetails) SameAs(other PayeeDetails) bool { return bytes.Equal(d.Fields, other.Fields) }

// ChangeDetails makes confirmed details the payee's newest version. Orders keep theirs.
func ChangeDetails(tx *gorm.DB, c Change, d PayeeDetails, by PersonID, at time.Time) (PayeeVersion, error) {
	v := d.Version()
	was, err := LatestVersion(tx, PayeeSubject(c.Subject))
	if err != nil {
		return v, err
	}
	v.PayeeID, v.Number, v.CreatedBy, v.CreatedAt, v.ChangeID, v.ConfirmedBy = was.PayeeID, was.Number+1, c.ProposedBy, at, &c.ID, &by
	if v.DetailsHash, err = unlike(tx, v); err != nil {
		return v, err
	}
	if err := createVersion(tx, &v); err != nil {
		return v, err
	}
	return v, tx.Model(&Payee{}).Where("id = ?", v.PayeeID).Updates(nameForms(v.Name)).Error
}

// unlike is the hash of the details, another one where the payee goes back to details of
// before: each version has its own.
func unlike(tx *gorm.DB, v PayeeVersion) ([]byte, error) {
	n, err := count(tx.Model(&PayeeVersion{}).Where("payee_id = ? AND details_hash = ?", v.PayeeID, v.DetailsHash))
	if n == 0 {
		return v.DetailsHash, err
	}
	again := sha256.Sum256(fmt.Appendf(nil, "%x again as version %d", v.DetailsHash, v.Number))
	return again[:], err
}

// PayeeSubject is the payee whom a change is about.
func PayeeSubject(subject string) PayeeID {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return 0
	}
	return PayeeID(id)
}

// FindVersionNo reads one version of a payee by its number.
func FindVersionNo(db *gorm.DB, id PayeeID, number int) (PayeeVersion, error) {
	return oneVersion(db.Where("payee_id = ? AND number = ?", id, number))
}

// VersionOfChange reads the version that a change made; ok is false while it made none.
func VersionOfChange(db *gorm.DB, change int64) (v PayeeVersion, ok bool, err error) {
	v, err = oneVersion(db.Where("change_id = ?", change))
	var none Refusal
	if errors.As(err, &none) {
		return v, false, nil
	}
	return v, err == nil, err
}

func oneVersion(db *gorm.DB) (v PayeeVersion, err error) {
	var found []PayeeVersion
	if err = db.Limit(1).Find(&found).Error; err != nil || len(found) == 0 {
		return v, orMissing(err)
	}
	return found[0], nil
}

func orMissing(err error) error {
	if err != nil {
		return err
	}
	return Refuse(Missing, "payee.missing")
}

// OpenTo lists the orders to a payee that have not left and wait for signatures or for
// being sent, the oldest first. Drafts are their maker's and are asked about at submitting.
func OpenTo(db *gorm.DB, id PayeeID) ([]Payout, error) {
	var open []Payout
	err := db.Where("payee_id = ? AND stage IN ?", id, []Stage{AwaitingApproval, Approved}).Order("id").Find(&open).Error
	return open, err
}

// typedLike are the newest versions of payees of this name on this rail, in whatever
// script it was written.
func typedLike(db *gorm.DB, v PayeeVersion) ([]PayeeVersion, error) {
	var ids []PayeeID
	if err := db.Model(&Payee{}).Where("folded = ?", FoldName(v.Name)).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, err
	}
	var like []PayeeVersion
	for _, id := range ids {
		latest, err := LatestVersion(db, id)
		if err != nil {
			return nil, err
		}
		if latest.Rail == v.Rail {
			like = append(like, latest)
		}
	}
	return like, nil
}

// place says what typed details are: known ones (same is set), a correction of what the
// same person alone has typed so far (of is set), or a new payee. Another account of a
// payee in the book is none of these: two people change it, unless this is somebody else
// of the same name.
func (v PayeeVersion) place(db *gorm.DB, somebodyElse bool) (same, of *PayeeVersion, err error) {
	like, err := typedLike(db, v)
	if err != nil {
		return nil, nil, err
	}
	if at := slices.IndexFunc(like, func(k PayeeVersion) bool { return bytes.Equal(k.DetailsHash, v.DetailsHash) }); at >= 0 {
		return &like[at], nil, nil
	}
	if somebodyElse || len(like) == 0 {
		return nil, nil, nil
	}
	for i, k := range like {
		settled, err := Settled(db, k.PayeeID)
		if err != nil {
			return nil, nil, err
		}
		if !settled && k.CreatedBy == v.CreatedBy {
			return nil, &like[i], nil
		}
	}
	return nil, nil, Refuse(Invalid, "payee.known_otherwise", "Name", like[0].Name, "Last4", like[0].Last4).On("somebody_else")
}

// CheckTyped refuses typed details that the book has otherwise.
func (v PayeeVersion) CheckTyped(db *gorm.DB, somebodyElse bool) error {
	_, _, err := v.place(db, somebodyElse)
	return err
}

// KeepPayeeVersion finds the version with exactly these details, or stores them as place
// says.
func KeepPayeeVersion(tx *gorm.DB, v *PayeeVersion, somebodyElse bool) error {
	same, of, err := v.place(tx, somebodyElse)
	switch {
	case err != nil:
		return err
	case same != nil:
		*v = *same
		return nil
	case of != nil:
		v.PayeeID, v.Number = of.PayeeID, of.Number+1
		return addVersion(tx, v)
	}
	payee := Payee{CreatedBy: v.CreatedBy, CreatedAt: v.CreatedAt}
	payee.named(v.Name)
	if err := tx.Create(&payee).Error; err != nil {
		return err
	}
	v.PayeeID, v.Number = payee.ID, 1
	return createVersion(tx, v)
}

// createVersion stores details and compares them with all others (D7).
func createVersion(tx *gorm.DB, v *PayeeVersion) error {
	if err := tx.Create(v).Error; err != nil {
		return err
	}
	return compareDetails(tx, *v, v.CreatedAt)
}

// addVersion stores a correction; somebody who goes back to what they typed before gets
// that version.
func addVersion(tx *gorm.DB, v *PayeeVersion) error {
	var before []PayeeVersion
	err := tx.Where("payee_id = ? AND details_hash = ?", v.PayeeID, v.DetailsHash).Find(&before).Error
	if err != nil || len(before) > 0 {
		if len(before) > 0 {
			*v = before[0]
		}
		return err
	}
	return createVersion(tx, v)
}
