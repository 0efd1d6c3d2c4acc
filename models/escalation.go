package models

import (
	"time"

	"gorm.io/gorm"
)

// LookAgainMost is how often two people may agree to look again before the case goes
// to a controller (screens.md 4).
const LookAgainMost = 3

// Escalation is why a case is the controller's; "" is not.
type Escalation string

// The reasons.
const (
	EscalatedDisagreed Escalation = "disagreed"  // the second person judged otherwise
	EscalatedAgain     Escalation = "look_again" // looked at again three times
)

// EscalationOf says why the case of an order in doubt is the controller's, from what
// was proposed about it: the last verdict that was judged found two people of two
// minds, or three times they agreed on nothing but to look again.
func EscalationOf(p Payout, past []Verdict) Escalation {
	about := p.Doubt()
	var last Verdict
	again := 0
	for _, v := range past {
		if about == NoDoubt || v.About != about || !v.State.Judged() {
			continue
		}
		if v.ID > last.ID {
			last = v
		}
		if v.State == VerdictConfirmed && v.Says == SaidLookAgain {
			again++
		}
	}
	switch {
	case last.State == VerdictDisagreed:
		return EscalatedDisagreed
	case again >= LookAgainMost:
		return EscalatedAgain
	}
	return ""
}

// Doubt is what two people have to settle about the order.
func (p Payout) Doubt() Doubt {
	switch {
	case p.Clash:
		return Contradicted
	case p.Outcome == Unclear:
		return Unsettled
	}
	return NoDoubt
}

// CheckProposal is CheckPropose for an order about which something was proposed
// before: after two people have disagreed, a controller proposes the next verdict, and
// somebody else confirms it as always.
func (p Payout) CheckProposal(by Person, past []Verdict) error {
	if err := p.CheckPropose(by); err != nil {
		return err
	}
	if EscalationOf(p, past) == EscalatedDisagreed && !by.May(VerbClose) {
		return Refuse(Forbidden, "verdict.escalated")
	}
	return nil
}

// CameBack is the time for which looking again was promised, once the case has come
// back and until somebody proposes anew; zero if it has not.
func CameBack(past []Verdict) time.Time {
	var last Verdict
	for _, v := range past {
		if v.ID > last.ID && v.State != VerdictCancelled {
			last = v
		}
	}
	if last.ReturnedAt.IsZero() {
		return time.Time{}
	}
	return last.LookAgainAt
}

// CaseFlag is what puts a case before others.
type CaseFlag struct {
	Escalated Escalation
	Promised  time.Time // looking again was promised for then
}

// Raised says whether the case comes before others.
func (f CaseFlag) Raised() bool { return f.Escalated != "" || !f.Promised.IsZero() }

// CaseFlags are those of these orders, by order; cases without one are left out.
func CaseFlags(db *gorm.DB, orders []Payout) (map[PayoutID]CaseFlag, error) {
	past, err := verdictsAbout(db, orders)
	flags := map[PayoutID]CaseFlag{}
	for _, p := range orders {
		f := CaseFlag{Escalated: EscalationOf(p, past[p.ID]), Promised: CameBack(past[p.ID])}
		if f.Raised() && p.Doubt() != "" {
			flags[p.ID] = f
		}
	}
	return flags, err
}

func verdictsAbout(db *gorm.DB, orders []Payout) (map[PayoutID][]Verdict, error) {
	ids := make([]PayoutID, len(orders))
	for i, p := range orders {
		ids[i] = p.ID
	}
	var all []Verdict
	err := db.Where("payout_id IN ?", ids).Order("id").Find(&all).Error
	past := map[PayoutID][]Verdict{}
	for _, v := range all {
		past[v.PayoutID] = append(past[v.PayoutID], v)
	}
	return past, err
}

// undecided is the condition of an index, word for word.
const undecided = "(state = 'disagreed' OR says = 'look_again')"

// EscalatedOrders lists the orders in doubt whose case is the controller's.
func EscalatedOrders(db *gorm.DB) ([]Payout, error) {
	candidates := db.Session(&gorm.Session{NewDB: true}).Model(&Verdict{}).Select("payout_id").Where(undecided)
	var orders []Payout
	err := db.Where("id IN (?) AND (stage = 'sent' AND outcome = 'unclear' OR contradicted = 1)", candidates).Order("id").Find(&orders).Error
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	flags, err := CaseFlags(db, orders)
	var escalated []Payout
	for _, p := range orders {
		if flags[p.ID].Escalated != "" {
			escalated = append(escalated, p)
		}
	}
	return escalated, err
}

// PromisesDue lists what two people agreed to look at again by now.
func PromisesDue(db *gorm.DB, now time.Time, limit int) ([]Verdict, error) {
	var due []Verdict
	err := db.Where("says = 'look_again' AND state = 'confirmed' AND returned_at = 0").
		Where("look_again_at <= ?", Millis(now)).Order("look_again_at, id").Limit(limit).Find(&due).Error
	return due, err
}

// KeepPromise notes that the case came back, once.
func KeepPromise(tx *gorm.DB, v Verdict, at time.Time) (kept bool, err error) {
	rows, err := run(tx, "UPDATE verdicts SET returned_at = ? WHERE id = ? AND returned_at = 0", Millis(at), v.ID)
	return rows == 1, err
}
