package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
)

// HandOn is an order that somebody, who may sign it, left to another who may: "not me". It
// holds for one version of the order and takes no right from either.
type HandOn struct {
	PayoutID PayoutID `gorm:"primaryKey"`
	Version  int      `gorm:"primaryKey"`
	FromID   PersonID `gorm:"primaryKey"`
	ToID     PersonID
	At       time.Time `gorm:"serializer:ms"`
}

// CheckHandOn says whether the person may leave the order to another: both may sign it now,
// in a role that both hold. Nobody leaves an order to its maker.
func (p Payout) CheckHandOn(by, to Person, signed []PersonID) error {
	if err := p.CheckDecide(by, signed); err != nil {
		return err
	}
	switch {
	case to.ID == by.ID:
		return Refuse(Invalid, "hand.yourself").On("to")
	case p.MadeBy(to.ID):
		return Refuse(Invalid, "hand.made_it", "Name", to.Name).On("to")
	case to.ID == p.PayeeBy:
		return Refuse(Invalid, "hand.entered_payee", "Name", to.Name).On("to")
	case slices.Contains(signed, to.ID):
		return Refuse(Invalid, "hand.has_signed", "Name", to.Name).On("to")
	case !p.sharesRole(by, to) || p.CheckDecide(to, signed) != nil || p.CheckScope(to) != nil:
		return Refuse(Invalid, "hand.may_not", "Name", to.Name).On("to")
	}
	return nil
}

// sharesRole says whether both hold a role whose signature the order waits for.
func (p Payout) sharesRole(by, to Person) bool {
	return slices.ContainsFunc(by.Signer().Roles, func(r Role) bool { return to.Has(r) && (p.Wants == Anyone || p.Wants == r) })
}

// CanTake are the people to whom somebody may leave the order, those who stand in for them
// first.
func (p Payout) CanTake(by Person, people []Person, signed []PersonID, standing []StandIn, now time.Time) []Person {
	able := slices.DeleteFunc(slices.Clone(people), func(to Person) bool { return p.CheckHandOn(by, to, signed) != nil })
	delegate := func(to Person) int {
		if slices.ContainsFunc(standing, func(s StandIn) bool { return s.PersonID == by.ID && s.DelegateID == to.ID && s.Works(now) }) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(able, func(a, b Person) int { return delegate(a) - delegate(b) })
	return able
}

// KeepHandOn writes it down. Who gets an order back has left it to nobody any more.
func KeepHandOn(tx *gorm.DB, h HandOn) error {
	for _, mine := range []PersonID{h.FromID, h.ToID} {
		if err := tx.Where("payout_id = ? AND version = ? AND from_id = ?", h.PayoutID, h.Version, mine).Delete(&HandOn{}).Error; err != nil {
			return err
		}
	}
	return tx.Create(&h).Error
}

// HandedOn are those of the order as it is now, the oldest first.
func HandedOn(db *gorm.DB, p Payout) (all []HandOn, err error) {
	err = db.Where("payout_id = ? AND version = ?", p.ID, p.Version).Order("at").Find(&all).Error
	return all, err
}

// TakeBackFrom undoes what was left to somebody who is gone: it waits for those again who
// left it to them.
func TakeBackFrom(tx *gorm.DB, gone PersonID) error {
	return tx.Where("to_id = ?", gone).Delete(&HandOn{}).Error
}

// leftToOthers is true of orders that the person has left to another as they are now.
const leftToOthers = "EXISTS (SELECT 1 FROM hand_ons h WHERE h.payout_id = payouts.id AND h.version = payouts.version AND h.from_id = ?)"
