package models

import "gorm.io/gorm"

// Settled says whether the payee's details were ever agreed to: somebody approved an
// order to them, or confirmed a change. Until then they are what one person typed, who
// may correct them.
func Settled(db *gorm.DB, id PayeeID) (bool, error) {
	n, err := count(db.Model(&Payout{}).Where("payee_id = ? AND approved_at > 0", id).Limit(1))
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = count(db.Model(&PayeeVersion{}).Where("payee_id = ? AND change_id IS NOT NULL", id).Limit(1))
	return n > 0, err
}

// VersionBefore reads the version of the payee that this one took the place of.
func VersionBefore(db *gorm.DB, v PayeeVersion) (before PayeeVersion, ok bool, err error) {
	var found []PayeeVersion
	err = db.Where("payee_id = ? AND number < ?", v.PayeeID, v.Number).Order("number DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return v, false, err
	}
	return found[0], true, nil
}
