package models

import (
	"bytes"
	"fmt"

	"gorm.io/gorm"
)

// signaturesAtOnce is how many signatures are read at a time.
const signaturesAtOnce = 2000

// sumSignatures computes the digest of every signature again, and that of the list that one
// was given for. That the act's event names it, and that it is over what was approved, is
// asked in SQL.
func sumSignatures(tx *gorm.DB) (r Report, err error) {
	for last := int64(0); ; {
		var some []Signature
		if err := tx.Where("id > ?", last).Order("id").Limit(signaturesAtOnce).Find(&some).Error; err != nil || len(some) == 0 {
			return r, err
		}
		for _, s := range some {
			if last = s.ID; !bytes.Equal(s.Sum(), s.Digest) {
				r.find("S5", fmt.Sprint(s.Subject, " ", s.SubjectID), "what the signature says does not come to its digest")
			}
			if !s.Whole() {
				r.find("S5", fmt.Sprint(s.Subject, " ", s.SubjectID), "the list that goes with the signature is not the list that was signed")
			}
		}
	}
}
