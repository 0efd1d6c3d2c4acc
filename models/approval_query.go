package models

import (
	"slices"

	"gorm.io/gorm"
)

// signedNow is true of orders whose present version carries the person's signature.
const signedNow = "EXISTS (SELECT 1 FROM approvals a WHERE a.payout_id = payouts.id AND a.version = payouts.version AND a.person_id = ?)"

// ToDecide narrows orders to those that the person may sign, reject or ask about
// now: what CheckDecide allows, as a question to the database.
func ToDecide(db *gorm.DB, by Person) *gorm.DB {
	awaiting := db.Model(&Payout{}).Where("stage = ?", AwaitingApproval)
	if may(by, VerbApprove) != nil {
		return awaiting.Where("1 = 0")
	}
	return awaiting.Where("maker_id <> ? AND payee_by <> ? AND NOT "+signedNow, by.ID, by.ID, by.ID).Where(notGiven+" AND NOT "+leftToOthers, givenMark(by.ID), by.ID).Where("wants IN ?", wantedOf(by))
}

// ForOthers narrows orders to those that wait for somebody else's signature.
func ForOthers(db *gorm.DB, by Person) *gorm.DB {
	awaiting := db.Model(&Payout{}).Where("stage = ?", AwaitingApproval)
	if may(by, VerbApprove) != nil {
		return awaiting
	}
	return awaiting.Where("(maker_id = ? OR payee_by = ? OR "+signedNow+" OR wants NOT IN ? OR NOT "+notGiven+" OR "+leftToOthers+")", by.ID, by.ID, by.ID, wantedOf(by), givenMark(by.ID), by.ID)
}

// wantedOf is what an order may want so that the person's signature counts.
func wantedOf(by Person) []Role { return append(by.Signer().Roles, Anyone) }

// CountToDecide is how many orders wait for this person.
func CountToDecide(db *gorm.DB, by Person) (int, error) { return count(ToDecide(db, by)) }

// CountForOthers is how many orders wait for somebody else.
func CountForOthers(db *gorm.DB, by Person) (int, error) { return count(ForOthers(db, by)) }

func count(narrowed *gorm.DB) (int, error) {
	var n int64
	err := narrowed.Count(&n).Error
	return int(n), err
}

// Decision is what somebody decided about an order, and the order as it is now.
type Decision struct {
	Event
	Payout Payout
}

// deciding are the moves by which an approver decides.
var deciding = []Move{MoveSign, MoveApprove, MoveReject}

// decided are the decisions of one person. That the actor is somebody is the condition
// of the index: without it everybody's decisions are walked through.
func decided(db *gorm.DB, by PersonID) *gorm.DB {
	return db.Where("actor_id = ? AND actor_id > 0 AND verb IN ?", by, deciding)
}

// Decisions lists what the person decided, the newest first; before is the number
// of the last event of the page before, 0 for the first page.
func Decisions(db *gorm.DB, by PersonID, before int64, limit int) ([]Decision, error) {
	var events []Event
	found := decided(db, by).Order("seq DESC").Limit(limit)
	if before > 0 {
		found = found.Where("seq < ?", before)
	}
	if err := found.Find(&events).Error; err != nil {
		return nil, err
	}
	return withPayouts(db, events)
}

func withPayouts(db *gorm.DB, events []Event) ([]Decision, error) {
	ids := make([]PayoutID, len(events))
	for i, e := range events {
		ids[i] = e.PayoutID
	}
	var payouts []Payout
	if err := db.Where("id IN ?", ids).Find(&payouts).Error; err != nil {
		return nil, err
	}
	decisions := make([]Decision, len(events))
	for i, e := range events {
		decisions[i].Event = e
		if at := slices.IndexFunc(payouts, func(p Payout) bool { return p.ID == e.PayoutID }); at >= 0 {
			decisions[i].Payout = payouts[at]
		}
	}
	return decisions, nil
}

// CountDecisions is how often the person decided.
func CountDecisions(db *gorm.DB, by PersonID) (int, error) {
	return count(decided(db.Model(&Event{}), by))
}

// LastMove reads the newest event of an order with one of these verbs; ok is false
// if there is none.
func LastMove(db *gorm.DB, id PayoutID, moves ...Move) (e Event, ok bool, err error) {
	var found []Event
	err = db.Where("payout_id = ? AND payout_id > 0 AND verb IN ?", id, moves).Order("seq DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return e, false, err
	}
	return found[0], true, nil
}

// CouldSign lists the people who see the order and whose signature would count now, were it
// submitted.
func (p Payout) CouldSign(people []Person, signed []PersonID) []Person {
	p.Stage, p.Outcome = AwaitingApproval, None
	return slices.DeleteFunc(slices.Clone(people), func(by Person) bool { return p.CheckDecide(by, signed) != nil || p.CheckScope(by) != nil })
}
