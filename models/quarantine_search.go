package models

import "gorm.io/gorm"

// QuarantineMatch is a message in quarantine that may be about an order, and what
// of the order it has.
type QuarantineMatch struct {
	Notice
	By string // number, amount, or account: it only came in there since the order was sent
}

// quarantineSearched is how many messages a search looks at; the newest first.
const quarantineSearched = 200

// SearchQuarantine looks for the order's numbers, its amount and its gateway
// account among what was not to be trusted since it was sent (screens.md 4). What
// it finds proves nothing and is for eyes.
func SearchQuarantine(db *gorm.DB, p Payout) (found []QuarantineMatch, err error) {
	var notices []Notice
	err = db.Omit("body", "headers").Where("quarantine <> ''").
		Where("payout_id = ? OR order_no = ? OR account_id = ? AND last_at >= ?", p.ID, p.OrderNo, p.AccountID, Millis(p.SentAt)).
		Order("id DESC").Limit(quarantineSearched).Find(&notices).Error
	for _, n := range notices {
		found = append(found, QuarantineMatch{Notice: n, By: n.matches(p)})
	}
	return found, err
}

func (n Notice) matches(p Payout) string {
	switch {
	case n.PayoutID != nil && *n.PayoutID == p.ID, n.OrderNo == p.OrderNo:
		return "number"
	case n.AmountMinor == p.AmountMinor && (n.Currency == "" || n.Currency == p.Currency):
		return "amount"
	}
	return "account"
}
