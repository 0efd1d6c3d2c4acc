package models

import (
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Delegation says who stands in for somebody in one of their roles, and when (features.md
// E10). It gives nobody a right: the delegate holds the role and sees as much already.
// What waits for the one is told to the other, by name and with the end.
type Delegation struct {
	ID         int64
	PersonID   PersonID
	DelegateID PersonID
	Role       Role
	FromAt     time.Time `gorm:"serializer:ms"`
	UntilAt    time.Time `gorm:"serializer:ms"`
	MadeAt     time.Time `gorm:"serializer:ms"`
	EndedAt    time.Time `gorm:"serializer:ms"` // before its time
	EndedBy    *PersonID
}

// Delegable are the roles in which somebody can stand in.
var Delegable = []Role{Approver, Resolver, Controller}

// DelegationLasts is the longest that somebody stands in for another.
const DelegationLasts = 92 * 24 * time.Hour

// CheckDelegate says whether somebody can name this person: who is active, holds the role
// and sees all that they see.
func (d Delegation) CheckDelegate(from, to Person) error {
	switch {
	case !from.Active || !slices.Contains(Delegable, d.Role) || !from.Has(d.Role):
		return Refuse(Forbidden, "delegation.not_your_role")
	case to.ID == from.ID:
		return Refuse(Invalid, "delegation.yourself").On("to")
	case !to.Active || !to.Has(d.Role):
		return Refuse(Invalid, "delegation.other_role", "Name", to.Name, "Role", d.Role).On("to")
	case !from.Scope.Within(to.Scope):
		return Refuse(Invalid, "delegation.scope", "Name", to.Name).On("to")
	}
	return nil
}

// CheckDates refuses an end that is past or too far, and a beginning after it.
func (d Delegation) CheckDates(now time.Time) error {
	switch {
	case d.FromAt.IsZero():
		return Refuse(Invalid, "delegation.from").On("from")
	case !d.UntilAt.After(now) || !d.UntilAt.After(d.FromAt):
		return Refuse(Invalid, "delegation.until").On("until")
	case d.UntilAt.Sub(d.FromAt) > DelegationLasts || d.FromAt.After(now.Add(365*24*time.Hour)):
		return Refuse(Invalid, "delegation.too_long", "Days", int(DelegationLasts/(24*time.Hour))).On("until")
	}
	return nil
}

// CheckEnd says whether the person may end it before its time: either of the two.
func (d Delegation) CheckEnd(by PersonID, now time.Time) error {
	switch {
	case by != d.PersonID && by != d.DelegateID:
		return Refuse(Missing, "delegation.missing")
	case !d.EndedAt.IsZero() || !d.UntilAt.After(now):
		return Refuse(Conflict, "delegation.over")
	}
	return nil
}

// Stands says whether it holds at this time. It ends by itself.
func (d Delegation) Stands(at time.Time) bool {
	return d.EndedAt.IsZero() && !at.Before(d.FromAt) && at.Before(d.UntilAt)
}

// overlaps says whether both would hold at some time.
func (d Delegation) overlaps(other Delegation) bool {
	return d.FromAt.Before(other.UntilAt) && other.FromAt.Before(d.UntilAt)
}

// StandIn is a delegation with its two people.
type StandIn struct {
	Delegation
	From, To Person
}

// Works says whether it means anything now: it stands, and both still hold what it is about.
func (s StandIn) Works(at time.Time) bool {
	return s.Stands(at) && s.CheckDelegate(s.From, s.To) == nil
}

// For says whether the order waits for the one who is away, so that the delegate is told
// of it: they could sign it themselves.
func (s StandIn) For(p Payout, signed []PersonID) bool {
	return slices.Contains(Signing, s.Role) && p.CheckDecide(s.From, signed) == nil && p.CheckScope(s.From) == nil &&
		p.CheckDecide(s.To, signed) == nil && p.CheckScope(s.To) == nil
}

// ForCase says whether the delegate settles the case in the place of its owner: they could
// take it on themselves.
func (s StandIn) ForCase(p Payout) bool {
	return p.OwnerID == s.PersonID && slices.Contains(Allowed(VerbVerdict), s.Role) && p.CheckPropose(s.To) == nil && p.CheckScope(s.To) == nil
}

// StandIns are all delegations that are not over, the first to begin first.
func StandIns(db *gorm.DB, people []Person, now time.Time) (all []StandIn, err error) {
	var open []Delegation
	err = db.Where("ended_at = 0 AND until_at > ?", Millis(now)).Order("from_at, id").Find(&open).Error
	by := map[PersonID]Person{}
	for _, p := range people {
		by[p.ID] = p
	}
	for _, d := range open {
		all = append(all, StandIn{d, by[d.PersonID], by[d.DelegateID]})
	}
	return all, err
}

// Of are those that concern the person, either way.
func StandInsOf(all []StandIn, id PersonID) (own []StandIn) {
	for _, s := range all {
		if s.PersonID == id || s.DelegateID == id {
			own = append(own, s)
		}
	}
	return own
}

// AddDelegation stores one; of one role nobody has two delegates at a time.
func AddDelegation(tx *gorm.DB, d *Delegation, now time.Time) error {
	var open []Delegation
	if err := tx.Where("ended_at = 0 AND until_at > ?", Millis(now)).Where("person_id = ? AND role = ?", d.PersonID, d.Role).Find(&open).Error; err != nil {
		return err
	}
	if slices.ContainsFunc(open, d.overlaps) {
		return Refuse(Conflict, "delegation.overlaps").On("from")
	}
	d.MadeAt = now
	return tx.Create(d).Error
}

// FindDelegation reads one.
func FindDelegation(db *gorm.DB, id int64) (Delegation, error) {
	var d Delegation
	err := db.Take(&d, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return d, Refuse(Missing, "delegation.missing")
	}
	return d, err
}

// End stores that it is over before its time.
func (d Delegation) End(tx *gorm.DB, by PersonID, at time.Time) error {
	var ender *PersonID
	if by != 0 {
		ender = &by
	}
	ended := tx.Model(&Delegation{}).Where("id = ? AND ended_at = 0", d.ID).Updates(map[string]any{"ended_at": Millis(at), "ended_by": ender})
	if ended.Error == nil && ended.RowsAffected != 1 {
		return Refuse(Conflict, "delegation.over")
	}
	return ended.Error
}
