package models

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// LooseSend is a send of the journal for which no order of this database stands, with
// everything that was sent under its number. What became of its money people find out
// at the gateway: one writes it down, and another who found the same closes it, as
// with a verdict (I4, I27).
type LooseSend struct {
	RestoredSend         // the last one under this number
	Requests     int     // as many left, or were about to
	Here         *Payout // the order of this number, which has another content here
}

// Looked says whether somebody wrote down what they found out.
func (s LooseSend) Looked() bool { return s.LookedBy != 0 }

// Closed says whether a second person found the same.
func (s LooseSend) Closed() bool { return s.AgreedBy != 0 }

// CheckLook allows a resolver or controller to write down what the gateway says, and
// to correct it until it is closed; never the maker of the order here.
func (s LooseSend) CheckLook(by Person) error {
	if err := may(by, VerbVerdict); err != nil {
		return err
	}
	switch {
	case s.Here != nil && s.Here.MadeBy(by.ID):
		return Refuse(Forbidden, "send.maker")
	case s.Closed():
		return Refuse(Conflict, "send.closed_already")
	}
	return nil
}

// CheckAgree says whether the person may be the second of the two: not the first, and
// not another approver of the order here where the first was one.
func (s LooseSend) CheckAgree(by Person, approvers []PersonID) error {
	if err := s.CheckLook(by); err != nil {
		return err
	}
	switch {
	case !s.Looked():
		return Refuse(Conflict, "send.nobody_looked")
	case s.LookedBy == by.ID:
		return Refuse(Forbidden, "send.own_look")
	case slices.Contains(approvers, by.ID) && slices.Contains(approvers, s.LookedBy):
		return Refuse(Forbidden, "send.two_approvers")
	}
	return nil
}

// The conditions of two indexes, word for word.
const (
	looseOpen   = "(payout_id IS NULL OR differs = 1) AND agreed_by = 0"
	looseClosed = "(payout_id IS NULL OR differs = 1) AND agreed_by > 0"
)

// LooseSends lists the sends that nobody has closed, the oldest first.
func LooseSends(db *gorm.DB, limit int) ([]LooseSend, error) {
	return looseSends(db.Where(looseOpen).Order("sent_at, order_no").Limit(limit))
}

// ClosedSends lists the sends that two people have closed, the latest first.
func ClosedSends(db *gorm.DB, limit int) ([]LooseSend, error) {
	return looseSends(db.Where(looseClosed).Order("agreed_at DESC, order_no").Limit(limit))
}

// FindLooseSend is what was sent under this number and no order here stands for; what
// is still open comes before what was closed.
func FindLooseSend(db *gorm.DB, orderNo string) (LooseSend, error) {
	found, err := looseSends(db.Where("order_no = ? AND (payout_id IS NULL OR differs = 1)", orderNo).Order("agreed_by > 0, sent_at"))
	if err != nil {
		return LooseSend{}, err
	}
	if len(found) == 0 {
		return LooseSend{}, Refuse(Missing, "send.missing")
	}
	s := found[0]
	if s.PayoutID != nil {
		p, err := FindPayout(db, *s.PayoutID)
		s.Here = &p
		return s, err
	}
	return s, nil
}

// looseSends puts together what left under one number and was closed at one time.
func looseSends(asked *gorm.DB) (all []LooseSend, err error) {
	var rows []RestoredSend
	if err := asked.Find(&rows).Error; err != nil {
		return nil, err
	}
	first := map[string]int{}
	for _, row := range rows {
		key := row.OrderNo + row.AgreedAt.String()
		at, more := first[key]
		if !more {
			first[key] = len(all)
			all = append(all, LooseSend{RestoredSend: row, Requests: 1})
			continue
		}
		all[at].Requests++
		if row.SentAt.After(all[at].SentAt) {
			all[at].RestoredSend = row
		}
	}
	return all, nil
}

// AddOrders gives each send the order of its number, where there is one.
func AddOrders(db *gorm.DB, sends []LooseSend) error {
	var ids []PayoutID
	for _, s := range sends {
		if s.PayoutID != nil {
			ids = append(ids, *s.PayoutID)
		}
	}
	var orders []Payout
	err := db.Where("id IN ?", ids).Find(&orders).Error
	byID := map[PayoutID]*Payout{}
	for i := range orders {
		byID[orders[i].ID] = &orders[i]
	}
	for i, s := range sends {
		if s.PayoutID != nil {
			sends[i].Here = byID[*s.PayoutID]
		}
	}
	return err
}

// Approvers signed the order here.
func (s LooseSend) Approvers(db *gorm.DB) ([]PersonID, error) {
	if s.Here == nil {
		return nil, nil
	}
	return Approvers(db, *s.Here)
}

// CountLooseSends counts the numbers that two people have yet to close, and those that
// they have closed.
func CountLooseSends(db *gorm.DB) (open, closed int64, err error) {
	if err := db.Model(&RestoredSend{}).Where(looseOpen).Distinct("order_no").Count(&open).Error; err != nil {
		return 0, 0, err
	}
	err = db.Model(&RestoredSend{}).Where(looseClosed).Distinct("order_no").Count(&closed).Error
	return open, closed, err
}

// Act is one of the two deeds on it, on what was found out so far.
func (s LooseSend) Act(verb ActVerb) Act {
	return Act{Verb: verb, Subject: "send", SubjectID: s.OrderNo, Digest: digestOf("countersign send v1", fmt.Append(nil, s.Requests), fmt.Append(nil, s.LookedBy), []byte(s.LookedWords))}
}

// Look writes down what somebody found out about all that is open under this number.
func (s LooseSend) Look(tx *gorm.DB, by Person, words string, at time.Time) error {
	rows, err := run(tx, "UPDATE restored_sends SET looked_by = ?, looked_words = ?, looked_at = ? WHERE order_no = ? AND "+looseOpen,
		by.ID, words, Millis(at), s.OrderNo)
	return s.kept(rows, err)
}

// Agree closes it, for the second person.
func (s LooseSend) Agree(tx *gorm.DB, by Person, words string, at time.Time) error {
	rows, err := run(tx, "UPDATE restored_sends SET agreed_by = ?, agreed_words = ?, agreed_at = ? WHERE order_no = ? AND "+looseOpen,
		by.ID, words, Millis(at), s.OrderNo)
	return s.kept(rows, err)
}

func (s LooseSend) kept(rows int64, err error) error {
	if err == nil && rows != int64(s.Requests) {
		return Refuse(Conflict, "send.closed_already")
	}
	return err
}
