package models

import (
	"slices"

	"gorm.io/gorm"
)

// CheckPayeeScope says whether the payee is within the person's scope: paid within it, or
// never paid at all. One outside is answered as one that is not there (invariants.md 3).
func CheckPayeeScope(db *gorm.DB, id PayeeID, by Person) error {
	if by.Scope.Whole() {
		return nil
	}
	var seen int64
	everywhere := db.WithContext(Everywhere(db.Statement.Context))
	err := everywhere.Model(&Payee{}).Where("id = ?", id).Where(scoped["payees"](by.Scope, "payees")).Count(&seen).Error
	if err == nil && seen == 0 {
		err = Refuse(Missing, "payee.missing")
	}
	return err
}

// CheckSubject says whether what the change is about is within the person's scope; one
// outside is a change that is not there.
func (c Change) CheckSubject(db *gorm.DB, by Person) error {
	if by.Scope.Whole() {
		return nil
	}
	var seen int64
	everywhere := db.WithContext(Everywhere(db.Statement.Context))
	err := everywhere.Model(&Change{}).Where("id = ?", c.ID).Where(ofChange(by.Scope, "changes")).Count(&seen).Error
	if err == nil && seen == 0 {
		err = errNoChange
	}
	return err
}

// CheckRail says whether there is an account within the person's scope that pays by this
// rail.
func CheckRail(db *gorm.DB, rail string, by Person) error {
	accounts, err := Accounts(db)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.CheckScope(by) == nil && slices.Contains(a.RailIDs(), rail) {
			return nil
		}
	}
	return Refuse(Missing, "rail.missing")
}
