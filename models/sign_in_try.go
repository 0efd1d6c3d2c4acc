package models

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// SignInTry counts tries under one name: a login or an address (S4).
type SignInTry struct {
	Name        string `gorm:"primaryKey"`
	Wrong       int
	FirstAt     time.Time `gorm:"serializer:ms"`
	LockedUntil time.Time `gorm:"serializer:ms"`
}

// CountTry counts one try under the name before its password is looked at, so
// that many tries at once are still counted. The last one of the allowance locks
// the name; while it is locked nothing is counted and locked says until when.
func CountTry(tx *gorm.DB, name string, at time.Time, allowance int, lock time.Duration) (locked time.Time, err error) {
	var found []SignInTry
	if err := tx.Where("name = ?", name).Find(&found).Error; err != nil {
		return locked, err
	}
	try := SignInTry{Name: name, FirstAt: at}
	if len(found) == 1 {
		try = found[0].again(at, lock)
	}
	if at.Before(try.LockedUntil) {
		return try.LockedUntil, nil
	}
	if try.Wrong++; try.Wrong >= allowance {
		try.LockedUntil = at.Add(lock)
	}
	return locked, tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&try).Error
}

// again starts counting anew once the lock, or the time without one, is over. One
// that lies further ahead than a small correction explains was counted by another
// clock, and does not bind (I20).
func (t SignInTry) again(at time.Time, lock time.Duration) SignInTry {
	over := t.FirstAt.Add(lock)
	if !t.LockedUntil.IsZero() {
		over = t.LockedUntil
	}
	if at.Before(over) && !over.After(at.Add(2*lock)) {
		return t
	}
	return SignInTry{Name: t.Name, FirstAt: at}
}

// TakeBackTry takes back the count of a try that was right. At a login nothing
// is left of the wrong ones before it; at an address they stay.
func TakeBackTry(tx *gorm.DB, login, address string) error {
	if err := tx.Where("name = ?", login).Delete(&SignInTry{}).Error; err != nil {
		return err
	}
	return tx.Model(&SignInTry{}).Where("name = ? AND wrong > 0", address).
		Updates(map[string]any{"wrong": gorm.Expr("wrong - 1"), "locked_until": 0}).Error
}

// WrongBetween counts the sign-ins of a person that were refused between their last two, and
// says when the first of these two was; zero where there is none before.
func WrongBetween(db *gorm.DB, id PersonID) (wrong int64, since time.Time, err error) {
	var last []Event
	err = db.Select("seq", "at").Where("actor_id = ? AND actor_id > 0 AND +verb = 'signed_in'", id).Order("seq DESC").Limit(2).Find(&last).Error
	if err != nil || len(last) < 2 {
		return 0, since, err
	}
	refused := db.Model(&Event{}).Where("actor_id = ? AND actor_id > 0 AND seq > ? AND +verb IN ('sign_in_refused', 'factor_refused')", id, last[1].Seq)
	return wrong, last[1].At, refused.Count(&wrong).Error
}

// DropTries removes counts that began before the time and lock nobody any more.
func DropTries(tx *gorm.DB, before time.Time) error {
	return tx.Where("first_at < ? AND locked_until < ?", Millis(before), Millis(before)).Delete(&SignInTry{}).Error
}
