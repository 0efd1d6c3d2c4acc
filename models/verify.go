package models

import (
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Finding is one thing that Verify found to be wrong.
type Finding struct {
	Check string // which check found it
	Where string // order number, event number, cell
	What  string
}

func (f Finding) String() string { return f.Check + ": " + f.Where + ": " + f.What }

// Report is the result of Verify.
type Report struct {
	Events   int64
	Orders   int64
	Head     []byte // hash of the last event
	Findings []Finding
}

// verifyMany is how many findings are listed before Verify stops listing.
const verifyMany = 100

// Verify walks the chain of events, folds every order again from its events and
// compares it with its row, recounts the totals, and checks the invariants in
// SQL. It reads one snapshot, on two connections that see the same past, and changes
// nothing.
func Verify(db *gorm.DB) (Report, error) { return VerifyTelling(db, nil) }

// VerifyTelling is Verify that says now and then how many events it has read.
func VerifyTelling(db *gorm.DB, tell func(events int64)) (r Report, err error) {
	err = db.Transaction(func(tx *gorm.DB) error {
		on, leave, err := alongside(db, tx)
		if err != nil {
			return err
		}
		defer leave()
		if err := walkAndFold(on, &r, tell); err != nil {
			return err
		}
		return ask(on, &r)
	})
	return r, err
}

func (r *Report) find(check, where, format string, args ...any) {
	if len(r.Findings) < verifyMany {
		r.Findings = append(r.Findings, Finding{check, where, fmt.Sprintf(format, args...)})
	}
}

// add takes over what was found apart.
func (r *Report) add(found Report) {
	r.Findings = append(r.Findings, found.Findings[:min(len(found.Findings), verifyMany-len(r.Findings))]...)
}

// plain is a state as a person reads it: stage sent, outcome paid, version 1.
func plain(state string) string {
	return strings.NewReplacer("{", "", "}", "", `"`, "", ",", ", ", ":", " ").Replace(state)
}

// stateRow is an order with its state, as its row has it.
var stateRow = pack(
	[]string{"id", "grade", "by_hand", "contradicted", "approvals", "approvals_needed", "version"},
	[]string{"order_no", "stage", "held_from", "outcome", "unclear_reason", "need", "wants", "room"})

// readState cuts the next one out.
func readState(p *packed) (PayoutID, string, State) {
	var s State
	id := p.number()
	s.Grade, s.ByHand, s.Clash = Grade(p.number()), p.flag(), p.flag()
	s.Approvals, s.Needed, s.Version = int(p.number()), int(p.number()), int(p.number())
	orderNo := p.text()
	s.Stage, s.HeldFrom, s.Outcome, s.Unclear = Stage(p.text()), Stage(p.text()), Outcome(p.text()), UnclearReason(p.text())
	s.Need, s.Wants, s.Room = p.text(), Role(p.text()), p.text()
	return PayoutID(id), orderNo, s
}

func compareFolds(on []*gorm.DB, folds map[PayoutID]*State, r *Report) error {
	err := share(on, spansOf("payouts", "id", stateRow).cut, func(rows *packed) error {
		for rows.more() {
			id, orderNo, is := readState(rows)
			r.Orders++
			switch told := folds[id]; {
			case told == nil:
				r.find("fold", orderNo, "no event tells how it began")
			case *told != is:
				r.find("fold", orderNo, "its row says %s, its events say %s", plain(is.text()), plain(told.text()))
			}
			delete(folds, id)
		}
		return rows.ended("payouts")
	})
	for id := range folds {
		r.find("fold", fmt.Sprint(id), "events tell of an order that has no row")
	}
	return err
}
