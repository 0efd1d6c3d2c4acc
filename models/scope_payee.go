package models

import (
	"slices"
	"strconv"

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
func (c Change) CheckSubject(db *gorm.DB, by Person) (err error) {
	switch {
	case c.Kind == ChangePayee:
		err = CheckPayeeScope(db, PayeeSubject(c.Subject), by)
	case c.Kind == ChangeNewPayee:
		err = c.checkEntering(db, by)
	case c.Kind == ChangeSending && c.Subject != AllSending:
		err = checkAccountSubject(db, c.Subject, by)
	}
	if refusal, ok := err.(Refusal); ok && refusal.Kind == Missing {
		return errNoChange
	}
	return err
}

// checkEntering asks of somebody who is to be entered for an account of their rail, and of
// somebody who was for the payee.
func (c Change) checkEntering(db *gorm.DB, by Person) error {
	if by.Scope.Whole() {
		return nil
	}
	made, done, err := VersionOfChange(db.WithContext(Everywhere(db.Statement.Context)), c.ID)
	switch {
	case err != nil:
		return err
	case done:
		return CheckPayeeScope(db, made.PayeeID, by)
	}
	return CheckRail(db, readNewPayeeSubject(c.Subject).Rail, by)
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

func checkAccountSubject(db *gorm.DB, subject string, by Person) error {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return errNoChange
	}
	a, err := FindAccount(db, AccountID(id))
	if err != nil {
		return err
	}
	return a.CheckScope(by)
}
