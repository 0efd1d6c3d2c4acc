package models

import (
	"cmp"
	"slices"

	"gorm.io/gorm"
)

// Asks is what the order needs to be approved. Orders whose need names no role, and all
// that were submitted before needs did, keep the number alone.
func (s State) Asks() Need {
	if s.Need == "" {
		return Anybody(s.Needed)
	}
	need, err := ReadNeed(s.Need)
	if err != nil {
		return nil // which nobody can meet
	}
	return need
}

// Blocked says that an order which waits for signatures cannot get them any more: those
// who signed, and the active people who still may and see it at all, do not meet its need
// (E9).
func Blocked(p Payout, signed []Signer, people []Person) bool {
	if p.Stage != AwaitingApproval {
		return false
	}
	able := slices.Clone(signed)
	for _, person := range people {
		if p.hurdle(person, nil) == "" {
			able = append(able, person.Signer())
		}
	}
	return !p.Asks().Met(able)
}

// Hurdle is why somebody who holds a role that signs cannot sign an order, or not once
// more: the end of a catalogue key.
type Hurdle string

// The hurdles.
const (
	HurdleMaker  Hurdle = "maker"
	HurdlePayee  Hurdle = "payee" // they entered the payee's details
	HurdleSigned Hurdle = "signed"
	HurdleGone   Hurdle = "gone"
	HurdleScope  Hurdle = "scope"   // they do not see the account or the currency
	HurdleTooFew Hurdle = "too_few" // they can sign, and that is not enough
	HurdleNoRole Hurdle = "role"
)

// hurdleMost is how many people are named.
const hurdleMost = 12

// hurdle is why the person cannot sign the order, "" if they can.
func (p Payout) hurdle(by Person, signed []Signer) Hurdle {
	switch {
	case !by.May(VerbApprove):
		return HurdleNoRole
	case p.MadeBy(by.ID):
		return HurdleMaker
	case by.ID == p.PayeeBy:
		return HurdlePayee
	case slices.ContainsFunc(signed, func(s Signer) bool { return s.ID == by.ID }):
		return HurdleSigned
	case !by.Active:
		return HurdleGone
	case !by.Scope.Holds(p.AccountID, p.Currency):
		return HurdleScope
	}
	return ""
}

// InTheWay is somebody who might be thought to sign an order, and why they cannot.
type InTheWay struct {
	Person Person
	Why    Hurdle
}

// WhyBlocked says of everybody who holds a role that signs why they cannot free a blocked
// order; nil if it is not blocked.
func WhyBlocked(p Payout, signed []Signer, people []Person) (all []InTheWay) {
	if !Blocked(p, signed, people) {
		return nil
	}
	for _, person := range people {
		why := p.hurdle(person, signed)
		if why == HurdleNoRole && p.MadeBy(person.ID) {
			why = HurdleMaker
		}
		if why == "" {
			why = HurdleTooFew
		}
		if why != HurdleNoRole {
			all = append(all, InTheWay{person, why})
		}
	}
	slices.SortStableFunc(all, func(a, b InTheWay) int { return cmp.Compare(a.Why.place(), b.Why.place()) })
	return all[:min(len(all), hurdleMost)]
}

// place is where a hurdle stands in the sentence: first what this order is about.
func (h Hurdle) place() int {
	return slices.Index([]Hurdle{HurdleMaker, HurdlePayee, HurdleSigned, HurdleTooFew, HurdleScope, HurdleGone}, h)
}

// BlockedOrders lists the orders that nobody is left to sign.
func BlockedOrders(db *gorm.DB) (blocked []PayoutID, err error) {
	waiting, err := InStage(db, AwaitingApproval)
	if err != nil {
		return nil, err
	}
	return BlockedAmong(db, waiting)
}

// BlockedAmong lists those of the orders that nobody is left to sign.
func BlockedAmong(db *gorm.DB, orders []Payout) (blocked []PayoutID, err error) {
	orders = slices.DeleteFunc(slices.Clone(orders), func(p Payout) bool { return p.Stage != AwaitingApproval })
	if len(orders) == 0 {
		return nil, nil
	}
	people, err := People(db)
	if err != nil {
		return nil, err
	}
	signed, err := signersOfWaiting(db)
	for _, p := range orders {
		if Blocked(p, signed[p.ID], people) {
			blocked = append(blocked, p.ID)
		}
	}
	return blocked, err
}

// signersOfWaiting are the signatures that count, by order that waits.
func signersOfWaiting(db *gorm.DB) (map[PayoutID][]Signer, error) {
	var found []Approval
	err := db.Select("approvals.payout_id, approvals.person_id, approvals.roles").
		Joins("JOIN payouts ON payouts.id = approvals.payout_id AND payouts.version = approvals.version").
		Where("payouts.stage = ? AND payouts.outcome = ? AND payouts.approvals > 0", AwaitingApproval, None).Find(&found).Error
	signed := map[PayoutID][]Signer{}
	for _, a := range found {
		signed[a.PayoutID] = append(signed[a.PayoutID], a.Signer())
	}
	return signed, err
}

// SignersOf are those who gave these signatures.
func SignersOf(approvals []Approval) []Signer {
	signers := make([]Signer, len(approvals))
	for i, a := range approvals {
		signers[i] = a.Signer()
	}
	return signers
}
