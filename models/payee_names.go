package models

import (
	"time"

	"gorm.io/gorm"
)

// named fills in the forms in which a payee's name is compared, searched and found.
func (p *Payee) named(name string) {
	p.Name, p.Folded = name, FoldName(name)
	p.Backward = backwards(p.Folded)
	p.Romanised, p.Initials = Romanise(p.Folded)
}

// nameForms are the columns of a payee that follow from the name.
func nameForms(name string) map[string]any {
	var p Payee
	p.named(name)
	return map[string]any{"name": p.Name, "folded": p.Folded, "backward": p.Backward, "romanised": p.Romanised, "initials": p.Initials}
}

// foldAtOnce bounds how many payees are filled in at a time.
const foldAtOnce = 500

// FoldNames fills in the forms of names of payees that were stored before there were
// these, the oldest after the one that came last, and compares their details with those
// before. It says which was the last; 0 once there are no more.
func FoldNames(tx *gorm.DB, after PayeeID, at time.Time) (last PayeeID, err error) {
	var old []Payee
	if err := tx.Where("backward = '' AND id > ?", after).Order("id").Limit(foldAtOnce).Find(&old).Error; err != nil || len(old) == 0 {
		return 0, err
	}
	for _, p := range old {
		if err := tx.Model(&Payee{}).Where("id = ?", p.ID).Updates(nameForms(p.Name)).Error; err != nil {
			return 0, err
		}
		v, err := LatestVersion(tx, p.ID)
		if err != nil {
			return 0, err
		}
		if err := compareDetails(tx, v, at); err != nil {
			return 0, err
		}
		last = p.ID
	}
	return last, appendRows(tx, VerbBound)
}
