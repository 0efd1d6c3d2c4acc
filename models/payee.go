package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// PayeeID names a payee, PayeeVersionID one dated version of their details.
type (
	PayeeID        int64
	PayeeVersionID int64
)

// Payee is somebody who gets paid. What is known of them stands in versions
// that never change: an order points at its version for ever (I25).
type Payee struct {
	ID        PayeeID
	Name      string
	Folded    string // the name as searches compare it: FoldName
	Backward  string // the same from its end
	Romanised string // as people type it in Latin letters: Romanise
	Initials  string
	CreatedBy PersonID
	CreatedAt time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// PayeeVersion is one state of a payee's details for one rail.
type PayeeVersion struct {
	ID           PayeeVersionID
	PayeeID      PayeeID
	Number       int
	Rail         string
	Name         string
	Bank         string // the bank's code
	BankName     string
	Last4        string
	AccountHash  []byte // keyed hash of the account number
	DetailsHash  []byte // keyed hash of all fields
	SealedFields []byte // all fields, encrypted (I24)
	ChangeID     *int64 // the change that made it; nil for what was typed with an order
	ConfirmedBy  *PersonID
	CreatedBy    PersonID
	CreatedAt    time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// FindPayeeVersion reads one version.
func FindPayeeVersion(db *gorm.DB, id PayeeVersionID) (PayeeVersion, error) {
	var v PayeeVersion
	err := db.Take(&v, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return v, Refuse(Missing, "payee.missing")
	}
	return v, err
}

// FindPayee reads one payee.
func FindPayee(db *gorm.DB, id PayeeID) (Payee, error) {
	var p Payee
	err := db.Take(&p, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return p, Refuse(Missing, "payee.missing")
	}
	return p, err
}

// PayeeVersions lists all details that a payee ever had, the newest first.
func PayeeVersions(db *gorm.DB, id PayeeID) ([]PayeeVersion, error) {
	var all []PayeeVersion
	err := db.Where("payee_id = ?", id).Order("number DESC").Find(&all).Error
	return all, err
}

// LatestVersion reads the newest details of a payee.
func LatestVersion(db *gorm.DB, id PayeeID) (PayeeVersion, error) {
	var v PayeeVersion
	err := db.Where("payee_id = ?", id).Order("number DESC").Limit(1).Take(&v).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return v, Refuse(Missing, "payee.missing")
	}
	return v, err
}

// LatestPayeeVersions lists the newest version of each payee on a rail, by name, for
// the form that offers the book. Nobody goes back to old details by accident.
func LatestPayeeVersions(db *gorm.DB, rail string, limit int) ([]PayeeVersion, error) {
	var latest []PayeeVersion
	err := db.Where("rail = ? AND number = (SELECT max(number) FROM payee_versions other WHERE other.payee_id = payee_versions.payee_id)", rail).
		Order("name, id").Limit(limit).Find(&latest).Error
	return latest, err
}

// NewerVersion reads the newest version of the payee, if it is newer than this one.
func NewerVersion(db *gorm.DB, v PayeeVersion) (newer PayeeVersion, ok bool, err error) {
	var found []PayeeVersion
	err = db.Where("payee_id = ? AND number > ?", v.PayeeID, v.Number).Order("number DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return v, false, err
	}
	return found[0], true, nil
}
