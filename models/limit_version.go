package models

import (
	"time"

	"gorm.io/gorm"
)

// NoLimits are those of an installation that has set none.
var NoLimits = Limits{Zone: "UTC"}

// LimitVersion is one version of the limits. Versions are added, never edited.
type LimitVersion struct {
	Version   int    `gorm:"primaryKey;autoIncrement:false"`
	Content   Limits `gorm:"type:text"`
	Note      string
	CreatedBy string
	CreatedAt time.Time `gorm:"serializer:ms;autoCreateTime:false"`
}

// CurrentLimits are those that count now; version 0 where none were ever set.
func CurrentLimits(db *gorm.DB) (v LimitVersion, err error) {
	v.Content = NoLimits
	_, err = one(db, []any{&v.Version, &v.Content, &v.Note, &v.CreatedBy, moment{&v.CreatedAt}},
		"SELECT version, content, note, created_by, created_at FROM limit_versions ORDER BY version DESC LIMIT 1")
	return v, err
}

// LimitVersions lists every version, the newest first.
func LimitVersions(db *gorm.DB) (all []LimitVersion, err error) {
	err = db.Order("version DESC").Find(&all).Error
	return all, err
}

// LimitsAround are the limits before a version and in it.
func LimitsAround(db *gorm.DB, version int) (before, after Limits, err error) {
	before, after = NoLimits, NoLimits
	var both []LimitVersion
	err = db.Where("version IN ?", []int{version - 1, version}).Find(&both).Error
	for _, v := range both {
		if v.Version == version {
			after = v.Content
		} else {
			before = v.Content
		}
	}
	return before, after, err
}

// AddLimits stores the next version.
func AddLimits(tx *gorm.DB, v *LimitVersion) error {
	if err := v.Content.Check(); err != nil {
		return err
	}
	before, err := CurrentLimits(tx)
	if err != nil {
		return err
	}
	v.Version, v.Content = before.Version+1, v.Content.Sorted()
	return tx.Create(v).Error
}
