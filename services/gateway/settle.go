package gateway

import "fmt"

// Settle gives an answer its outcome, unless it speaks of another order or in a
// word that nobody documented.
func (answer Answer) Settle(a Account, o Order, says Outcome) Answer {
	answer.Problem = answer.Facts.Differs(a, o)
	switch {
	case answer.Problem == ProblemOtherOrder:
		answer.Alarm = AlarmOtherOrder
		return answer
	case says == Unknown:
		answer.Problem, answer.Alarm = ProblemUnmapped, AlarmUnmapped
	}
	answer.Outcome = says
	return answer
}

// Settle gives a notice whose signature is right its outcome, unless it is for
// another merchant.
func (n Notice) Settle(a Account, says Outcome) Notice {
	if other(n.Facts.MerchantID, a.MerchantID) {
		n.Check = CheckOtherMerchant
		return n
	}
	n.Outcome = says
	return n
}

// BalanceError is why a balance could not be had.
type BalanceError struct {
	Problem Problem
	Code    string // the gateway's own, if there was one
}

func (e *BalanceError) Error() string {
	return fmt.Sprintf("gateway: no balance: %s %s", e.Problem, e.Code)
}

// Lines is an object for people: its members in order, secrets masked.
func Lines(object *Object, secretFields []string) []WireLine {
	lines := make([]WireLine, 0, len(object.Members()))
	for _, member := range object.Members() {
		value := maskMember(member, secretFields)
		line := WireLine{Name: member.Name, Value: value.Scalar()}
		if line.Value == "" {
			line.Value = value.Compact()
		}
		lines = append(lines, line)
	}
	return lines
}
