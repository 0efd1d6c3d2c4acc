package models

import "gorm.io/gorm"

// Asked is what an order needs and why, from the facts that were frozen when it was
// submitted.
type Asked struct {
	Answer Answer
	Policy Policy
	Facts  Facts
}

// AskedOf asks the policy again what the order's submission asked for. Orders submitted
// before facts were kept are held to their band alone.
func AskedOf(db *gorm.DB, policy Policy, p Payout) (a Asked, err error) {
	a.Policy = policy
	submission, _, err := LastMove(db, p.ID, MoveSubmit)
	if err != nil {
		return a, err
	}
	var known bool
	if a.Facts, known = ReadFacts(submission); !known {
		a.Facts = Facts{Sum: p.Amount()}
		a.Policy.Rules = Rules{}
	}
	if at, _ := a.Policy.BandOf(a.Facts.Sum); at < 0 {
		a.Answer.Need = p.Asks()
		return a, nil
	}
	a.Answer, err = a.Policy.Need(a.Facts)
	return a, err
}

// PolicyOf is the policy that the order is held to; a draft is held to none.
func PolicyOf(db *gorm.DB, p Payout) (Policy, error) {
	if p.PolicyVersion == 0 {
		return CurrentPolicy(db)
	}
	return FindPolicy(db, p.PolicyVersion)
}
