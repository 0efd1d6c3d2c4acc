package models

import (
	"errors"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// ListMost is how many orders one signature covers: a page of the inbox.
const ListMost = 50

// Listed is an order as a list showed it: its number, and the digest of the content that
// stood there.
type Listed struct {
	OrderNo string
	Digest  []byte
}

// List are orders that are approved by one signature (features.md E11).
type List []Listed

// Act is to approve all of the list, as it was shown.
func (l List) Act() Act {
	digests := make([][]byte, len(l))
	for i, one := range l {
		digests[i] = one.Digest
	}
	return ListAct(digests)
}

// ListAct is to approve several contents at once, in this order.
func ListAct(digests [][]byte) Act {
	return Act{Verb: ActApproveList, Subject: "payouts", SubjectID: strconv.Itoa(len(digests)), Digest: ListDigest(digests), List: digests}
}

// ListRefusal says of each order that cannot be approved in a list why. Nothing of the
// list is: what was signed is all of it.
type ListRefusal []Unlisted

// Unlisted is one of them.
type Unlisted struct {
	Payout Payout
	Why    Refusal
}

func (r ListRefusal) Error() string { return "the list cannot be approved: " + r[0].Why.Error() }

// Unwrap lets the first refusal stand for all.
func (r ListRefusal) Unwrap() error { return r[0].Why }

// Open reads the orders of a list for somebody who is to approve them by one signature.
// Each must be one that they could approve on its card, with the content that was shown,
// and with nothing about it that asks for a look of its own.
func (l List) Open(db *gorm.DB, by Person, now time.Time) ([]Payout, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	var orders []Payout
	var refused ListRefusal
	for _, one := range l {
		p, err := one.open(db, by, now)
		if why := (Refusal{}); errors.As(err, &why) && why.Kind != Missing {
			refused = append(refused, Unlisted{p, why})
			continue
		}
		if err != nil {
			return nil, err
		}
		orders = append(orders, p)
	}
	if len(refused) > 0 {
		return orders, refused
	}
	return orders, nil
}

// check refuses a list that is none.
func (l List) check() error {
	seen := map[string]bool{}
	for _, one := range l {
		if seen[one.OrderNo] {
			return Refuse(Invalid, "list.twice")
		}
		seen[one.OrderNo] = true
	}
	switch {
	case len(l) == 0:
		return Refuse(Invalid, "list.none")
	case len(l) > ListMost:
		return Refuse(Invalid, "list.too_many", "Most", ListMost)
	}
	return nil
}

func (l Listed) open(db *gorm.DB, by Person, now time.Time) (p Payout, err error) {
	if p, err = FindOrder(db, l.OrderNo); err != nil {
		return p, err
	}
	if err := p.CheckScope(by); err != nil {
		return p, err
	}
	signed, err := Approvers(db, p)
	if err != nil {
		return p, err
	}
	if err := p.CheckApproval(by, signed, l.Digest); err != nil {
		return p, err
	}
	alone, err := aloneNow(db, p, now)
	if err == nil && alone != "" {
		err = Refuse(Conflict, "list.alone_"+string(alone))
	}
	return p, err
}
