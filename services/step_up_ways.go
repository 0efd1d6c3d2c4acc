package services

import (
	"gorm.io/gorm"

	"countersign/models"
)

// Ways are the methods by which somebody signs here. Whoever has a factor uses it; a
// password does for those who have none, and a click for the people of a demonstration.
type Ways struct {
	Passkeys       []models.Passkey
	Code           bool
	Password       bool
	Click          bool
	UnknownPasskey bool // there are only passkeys whose key is not on record: they must be added again
}

// Ways reads what the person of a session signs by.
func (s *StepUp) Ways(db *gorm.DB, in models.Session) (w Ways, err error) {
	factors, err := models.FactorsOf(db, in.PersonID)
	if err != nil {
		return w, err
	}
	for _, p := range factors.Passkeys {
		if p.EnrolledSeq > 0 {
			w.Passkeys = append(w.Passkeys, p)
		}
	}
	w.Code = factors.Code != nil
	w.UnknownPasskey = factors.Any() && len(w.Passkeys) == 0 && !w.Code
	w.Click = !factors.Any() && s.Demo && in.Factor == models.FactorDemo
	w.Password = !factors.Any() && !w.Click
	return w, nil
}

// For narrows the ways to those that do for an act. Who came in by a recovery code has lost
// the factor that is to be replaced, and a passkey whose key is not on record signs nothing:
// there the password proves who changes factors, and nothing else.
func (w Ways) For(act models.Act, in models.Session) Ways {
	if act.AboutFactors() && (w.UnknownPasskey || in.Factor == models.FactorRecovery) {
		return Ways{Password: true}
	}
	return w
}
