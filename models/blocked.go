package models

import (
	"slices"

	"gorm.io/gorm"
)

// Blocked says that an order which waits for signatures cannot get them any more:
// too few active people are left who may sign, are not its maker and have not
// signed yet (E9).
func Blocked(p Payout, signed []PersonID, people []Person) bool {
	if p.Stage != AwaitingApproval {
		return false
	}
	left := 0
	for _, person := range people {
		if person.Active && person.May(VerbApprove) && person.ID != p.MakerID && !slices.Contains(signed, person.ID) {
			left++
		}
	}
	return left < p.Needed-p.Approvals
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

// signersOfWaiting are the people whose signatures count, by order that waits.
func signersOfWaiting(db *gorm.DB) (map[PayoutID][]PersonID, error) {
	var found []Approval
	err := db.Select("approvals.payout_id, approvals.person_id").
		Joins("JOIN payouts ON payouts.id = approvals.payout_id AND payouts.version = approvals.version").
		Where("payouts.stage = ? AND payouts.outcome = ? AND payouts.approvals > 0", AwaitingApproval, None).Find(&found).Error
	signed := map[PayoutID][]PersonID{}
	for _, a := range found {
		signed[a.PayoutID] = append(signed[a.PayoutID], a.PersonID)
	}
	return signed, err
}
