package models

import "gorm.io/gorm"

// usedBy is true of versions whose details the person typed, or paid to.
const usedBy = "(created_by = ? OR EXISTS (SELECT 1 FROM payouts p WHERE p.payee_version_id = payee_versions.id AND p.maker_id = ?))"

// KnownPayees lists the newest version of each payee on a rail whose details the
// maker has typed or paid to before, by name. A version that another maker has
// changed since is not offered: nobody goes back to old details by accident.
func KnownPayees(db *gorm.DB, rail string, maker PersonID, limit int) ([]PayeeVersion, error) {
	return LatestPayeeVersions(db.Where(usedBy, maker, maker), rail, limit)
}

// KnowsPayee says whether the maker has typed, or paid to, exactly this version.
func KnowsPayee(db *gorm.DB, id PayeeVersionID, maker PersonID) (bool, error) {
	n, err := count(db.Model(&PayeeVersion{}).Where("id = ?", id).Where(usedBy, maker, maker))
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
