package models

import (
	"slices"

	"gorm.io/gorm"
)

// Standstill is how sending stands, of all accounts or of one: the content of a change that
// lets it go on (invariants.md 3). Stopped says why it does not go, "" that it goes.
type Standstill struct {
	Stopped string `json:"stopped"`
	Since   int64  `json:"since"` // which stop it is: its event; of an account its moment
}

// AllSending is the subject of a change that lets all sending go on. Of one account it is
// the account.
const AllSending = "all"

// CordStands is how all sending stands.
func CordStands(db *gorm.DB) (s Standstill, err error) {
	if s.Stopped, err = ReadSetting(db, SettingCord); err != nil || s.Stopped == "" {
		return s, err
	}
	err = db.Model(&Event{}).Where("verb = ?", "cord_pulled").Select("coalesce(max(seq), 0)").Scan(&s.Since).Error
	return s, err
}

// Standstill is how sending through the account stands.
func (a GatewayAccount) Standstill() Standstill {
	if a.Paused == "" {
		return Standstill{}
	}
	return Standstill{Stopped: a.Paused, Since: Millis(a.PausedAt)}
}

// restartTakes is how many people let sending go on: one asks, another confirms.
const restartTakes = 2

// Restarters are the active people who may let all sending go on: they see all of it.
func Restarters(people []Person) (able []Person) {
	for _, p := range people {
		if p.Active && p.May(VerbRestart) && p.CheckWhole() == nil {
			able = append(able, p)
		}
	}
	return able
}

// StopsForGood says whether a stop of all sending could not be ended: it takes two people,
// and there are fewer (features.md E9).
func (h House) StopsForGood() bool { return len(Restarters(h.People)) < restartTakes }

// WouldStopForGood says whether a change takes the second of those people away.
func (h House) WouldStopForGood(after House) bool { return after.StopsForGood() && !h.StopsForGood() }

// ofPart says whether the change concerns a part of the installation, so that a limited
// scope is enough for it.
func (c Change) ofPart() bool {
	return slices.Contains(partKinds, c.Kind) || c.Kind == ChangeSending && c.Subject != AllSending
}
