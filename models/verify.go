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
		counted, err := walkAndFold(on, &r, tell)
		if err != nil {
			return err
		}
		return ask(on, counted, &r)
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
