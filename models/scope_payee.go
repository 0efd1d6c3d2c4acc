package models

import (
	"gorm.io/gorm"
	"strconv"
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
	case c.Kind == ChangeSending && c.Subject != AllSending:
		err = checkAccountSubject(db, c.Subject, by)
	}
	if refusal, ok := err.(Refusal); ok && refusal.Kind == Missing {
		return errNoChange
	}
	return err
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
