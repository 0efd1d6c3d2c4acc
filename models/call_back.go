package models

import (
	"time"

	"gorm.io/gorm"
)

// CallBack is a call to a payee about a change of their details (D3): to a number that
// was known before, not to one that came with the request.
type CallBack struct {
	ID           int64
	ChangeID     int64
	CallerID     PersonID
	CalledAt     time.Time `gorm:"serializer:ms"`
	SealedNumber []byte
	Source       NumberSource
	SourceNote   string    // where exactly: contract 118 of 2024, page 3
	KnownSince   time.Time `gorm:"serializer:ms"`
	Reached      string    // who was on the telephone
	ReadBack     bool      // they said the new number themselves
	Note         string
	KeptAt       time.Time `gorm:"serializer:ms"`
}

// NumberSource is where a telephone number comes from.
type NumberSource string

// The sources, the strongest first.
const (
	FromContract    NumberSource = "contract"
	FromInvoice     NumberSource = "invoice"
	FromRegister    NumberSource = "register"
	FromEarlierCall NumberSource = "earlier_call"
	FromElsewhere   NumberSource = "other"
)

// NumberSources lists them in the order of the form.
var NumberSources = []NumberSource{FromContract, FromInvoice, FromRegister, FromEarlierCall, FromElsewhere}

// CheckCall says whether the person may call about the change: not whoever asked for it.
func (c Change) CheckCall(by Person) error {
	if err := may(by, VerbCall); err != nil {
		return err
	}
	if c.ProposedBy == by.ID {
		return Refuse(Forbidden, "call.own_change")
	}
	return c.checkWaiting()
}

// Check refuses a call that proves nothing: to a number of which nobody knew so many days
// before the change was asked for, before it was asked for, or in the future.
func (b CallBack) Check(c Change, r PayeeRules, now time.Time) (wrong Refusals) {
	if b.KnownSince.AddDate(0, 0, r.knownDays()).After(c.ProposedAt) { // the day itself is too late
		wrong = append(wrong, Refuse(Invalid, "call.number_too_young", "Proposed", c.ProposedAt, "Days", r.knownDays()).On("known_since"))
	}
	switch {
	case b.CalledAt.Before(c.ProposedAt.Truncate(time.Minute)):
		wrong = append(wrong, Refuse(Invalid, "call.too_early", "Proposed", c.ProposedAt).On("called_at"))
	case b.CalledAt.After(now):
		wrong = append(wrong, Refuse(Invalid, "call.not_yet").On("called_at"))
	}
	return wrong
}

// CallsAbout lists the calls about a change, the first one first.
func CallsAbout(db *gorm.DB, change int64) ([]CallBack, error) {
	var calls []CallBack
	err := db.Where("change_id = ?", change).Order("id").Find(&calls).Error
	return calls, err
}

// CheckCalls says whether enough people have heard the change from the payee: needed
// different callers to whom the number was read back. One who heard otherwise outweighs
// them all.
func CheckCalls(calls []CallBack, needed int) error {
	heard := map[PersonID]bool{}
	for _, call := range calls {
		if !call.ReadBack {
			return Refuse(Conflict, "call.not_read_back", "Reached", call.Reached)
		}
		heard[call.CallerID] = true
	}
	if len(heard) < needed {
		return Refuse(Conflict, "call.missing", "Count", len(heard), "Needed", needed)
	}
	return nil
}
