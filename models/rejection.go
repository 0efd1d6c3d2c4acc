package models

import (
	"slices"

	"gorm.io/gorm"
)

// Rejection is why an order shall not be paid: one of a few reasons, which can be counted,
// and words that its maker reads (screens.md 3).
type Rejection struct {
	For  RejectionReason
	Text string
}

// RejectionReason is what is wrong with an order; "" stands for an order that was rejected
// before there was a list, in words alone.
type RejectionReason string

// The reasons.
const (
	RejectAmount  RejectionReason = "amount"   // the papers say another sum
	RejectPayee   RejectionReason = "payee"    // another payee, or another account
	RejectPaid    RejectionReason = "paid"     // paid already, or entered twice
	RejectPapers  RejectionReason = "papers"   // missing, or about something else
	RejectNotOurs RejectionReason = "not_ours" // not ours to pay, or not now
	RejectOther   RejectionReason = "other"
)

// RejectionReasons lists them in the order of the page.
var RejectionReasons = []RejectionReason{RejectAmount, RejectPayee, RejectPaid, RejectPapers, RejectNotOurs, RejectOther}

// RejectedFor is the detail of the event that holds the reason.
const RejectedFor = "rejected_for"

// Check asks for one of the reasons.
func (r Rejection) Check() error {
	if !slices.Contains(RejectionReasons, r.For) {
		return Refuse(Invalid, "rejection.choose").On("because")
	}
	return nil
}

// rejectedFor finds orders by the reason; it goes along an index of these very words.
const rejectedFor = "SELECT payout_id FROM events WHERE verb = 'rejected' AND details ->> 'rejected_for' = ?"

// RejectionCount is how many orders were rejected for a reason.
type RejectionCount struct {
	For    RejectionReason
	Orders int64
}

// CountRejections counts those of a span of the log by their reasons, in the order of the
// list; those of before there was one come last.
func CountRejections(db *gorm.DB, f EventFilter) (counts []RejectionCount, err error) {
	t, err := f.ready(db)
	if err != nil {
		return nil, err
	}
	var found []RejectionCount
	err = t.narrow(db, false).Where("verb = ?", MoveReject).
		Select("coalesce(details ->> 'rejected_for', '') AS \"for\", count(*) AS orders").Group("for").Scan(&found).Error
	for _, reason := range append(slices.Clone(RejectionReasons), "") {
		if at := slices.IndexFunc(found, func(c RejectionCount) bool { return c.For == reason }); at >= 0 {
			counts = append(counts, found[at])
		}
	}
	return counts, err
}

func rejectionNames() (names []string) {
	for _, reason := range RejectionReasons {
		names = append(names, string(reason))
	}
	return names
}
