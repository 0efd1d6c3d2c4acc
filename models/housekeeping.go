package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Setting is one value of the installation.
type Setting struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

// Settings of the installation.
const (
	SettingPublicURL = "public_url" // where gateways reach us, for notices
	SettingCord      = "cord"       // why all sending is stopped; "" sends
	SettingKeyMark   = "key_mark"   // fingerprint of the sealing key, not the key
	SettingJournal   = "journal"    // since when sends are kept in a journal outside the database; "" never

	SettingHeadKey      = "head_key"       // signs the heads of the log; sealed
	SettingHeadVerifier = "head_verifier"  // what anybody checks their signatures with
	SettingFormer       = "former_hashing" // what former sealing keys hashed with; sealed
	SettingFactor       = "second_factor"  // "everyone" must have one; "" whoever wants
)

// ReadSetting is the value of a setting, "" if it was never set.
func ReadSetting(db *gorm.DB, name string) (string, error) {
	var found []Setting
	if err := db.Where("name = ?", name).Find(&found).Error; err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].Value, nil
}

// WriteSetting sets a value.
func WriteSetting(tx *gorm.DB, name, value string) error {
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&Setting{name, value}).Error
}

// Duty is when a periodic duty last ran and how it went.
type Duty struct {
	Name string    `gorm:"primaryKey"`
	At   time.Time `gorm:"serializer:ms"`
	OK   bool      `gorm:"column:ok"`
	Note string
}

// TableName is the plural that GORM does not know.
func (Duty) TableName() string { return "duties" }

// Did notes that a duty ran.
func Did(tx *gorm.DB, d Duty) error {
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&d).Error
}

// Duties reads them all, by name.
func Duties(db *gorm.DB) (map[string]Duty, error) {
	var all []Duty
	err := db.Find(&all).Error
	byName := make(map[string]Duty, len(all))
	for _, d := range all {
		byName[d.Name] = d
	}
	return byName, err
}

// Lease is the right of one process to send (I21).
type Lease struct {
	Name   string `gorm:"primaryKey"`
	Holder string
	Fence  int64     // rises with every change of holder
	Until  time.Time `gorm:"serializer:ms"`
	Locked bool      // the holder had the store's post when it last took or renewed it
}

// TakeLease takes or renews the lease; held is false while another holds it. One
// that would last longer than any may was given by another clock, and does not
// bind (I20). Neither does one whose holder had the post that we have now (locked):
// its process has ended.
func TakeLease(tx *gorm.DB, name, holder string, locked bool, now time.Time, length time.Duration) (l Lease, held bool, err error) {
	err = tx.Take(&l, "name = ?", name).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		l = Lease{Name: name, Holder: holder, Fence: 1, Until: now.Add(length), Locked: locked}
		return l, true, tx.Create(&l).Error
	case err != nil:
		return l, false, err
	case l.Holder != holder && now.Before(l.Until) && !l.Until.After(now.Add(length)) && !(locked && l.Locked):
		return l, false, nil
	case l.Holder != holder:
		l.Holder, l.Fence = holder, l.Fence+1
	}
	l.Until, l.Locked = now.Add(length), locked
	return l, true, tx.Model(&l).Select("holder", "fence", "until", "locked").Updates(&l).Error
}

// HoldsLease says, inside a writing transaction, whether the fence is still the
// present one.
func HoldsLease(tx *gorm.DB, name, holder string, fence int64) (bool, error) {
	var count int64
	err := tx.Model(&Lease{}).Where("name = ? AND holder = ? AND fence = ?", name, holder, fence).Count(&count).Error
	return count == 1, err
}

// DropLease gives the lease back so that another process need not wait.
func DropLease(tx *gorm.DB, name, holder string) error {
	return tx.Model(&Lease{}).Where("name = ? AND holder = ?", name, holder).Update("until", 0).Error
}
