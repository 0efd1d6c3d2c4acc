package services

import (
	"strconv"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Signed is a proof that its person was there for one act a moment ago. StepUp alone
// makes one. The act takes it in its own write, once.
type Signed struct {
	signature models.Signature
	whatever  bool                            // a click in a demonstration's story: it signs what takes it
	claim     func(tx *gorm.DB) (bool, error) // uses the factor up; false where it was used before
	opened    time.Time                       // when the person was shown what they sign first; zero where that is not known
}

// Reading is the proof of somebody who was shown what they sign at this time first.
func (s Signed) Reading(since time.Time) Signed {
	s.opened = since
	return s
}

// note adds to the details of the act's event by what it was signed, and how many seconds
// after it was opened, so that an auditor sees who approves without reading.
func (s Signed) note(signature models.Signature, now time.Time, d models.Details) models.Details {
	if read := now.Sub(s.opened); !s.opened.IsZero() && read >= 0 {
		d[models.ReadSeconds] = strconv.Itoa(int(read / time.Second))
	}
	return signature.Note(d)
}

// take uses the proof up for the act, and stores it.
func (s Signed) take(tx *gorm.DB, by models.PersonID, act models.Act, now time.Time) (models.Signature, error) {
	signature := s.signature
	if s.whatever {
		signature = models.SignatureOver(act, signature.PersonID, signature.Method, now, signature.Nonce)
	}
	switch {
	case s.claim == nil:
		return signature, stepUpRefusal(act, "step_up.missing", "")
	case signature.PersonID == by && signature.Of(act) && !signature.Is(act):
		return signature, stepUpRefusal(act, "step_up.changed", "")
	case signature.PersonID != by || !signature.Is(act):
		return signature, stepUpRefusal(act, "step_up.other_act", "")
	case !signature.Fresh(now):
		return signature, stepUpRefusal(act, "step_up.too_old", "")
	}
	first, err := s.claim(tx)
	if err == nil && first {
		signature.MadeAt = now.UTC().Truncate(time.Millisecond)
		first, err = models.KeepSignature(tx, &signature)
	}
	if err == nil && !first {
		err = stepUpRefusal(act, "step_up.used", "")
	}
	return signature, err
}
