package models

import (
	"strconv"
	"time"
)

// CheckReveal allows to see the whole numbers of these details: who entered them, and
// everybody who decides about orders (invariants.md 3).
func (v PayeeVersion) CheckReveal(by Person) error {
	if err := may(by, VerbReveal); err != nil {
		return err
	}
	if by.ID != v.CreatedBy && !holdsAny(by, Approver, Resolver, Controller) {
		return Refuse(Forbidden, "payee.not_yours")
	}
	return nil
}

// CheckChange says whether the person may ask for other details.
func (p Payee) CheckChange(by Person) error { return may(by, VerbPayee) }

// Event is an act about a payee's details, for the log.
func (v PayeeVersion) Event(verb string, by Actor, at time.Time, more Details) Event {
	details := Details{"name": v.Name, "last4": v.Last4, "version": strconv.Itoa(v.Number), "rail": v.Rail}
	for name, value := range more {
		details[name] = value
	}
	return Event{
		At: at, Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role), Subject: "payee", SubjectID: v.PayeeID.Value(), Details: details,
	}
}
