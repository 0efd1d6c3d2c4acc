package models

import (
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

// Blocked says that an order which waits for signatures cannot get them any more:
// those who signed, and the active people who still may, do not meet its need (E9).
func Blocked(p Payout, signed []Signer, people []Person) bool {
	if p.Stage != AwaitingApproval {
		return false
	}
	able := slices.Clone(signed)
	for _, person := range people {
		if person.Active && person.May(VerbApprove) && person.ID != p.MakerID && person.ID != p.PayeeBy {
			able = append(able, person.Signer())
		}
	}
	return !p.Asks().Met(able)
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
