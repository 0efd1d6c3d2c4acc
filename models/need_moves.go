package models

// Asking is what a submission under this need carries.
func Asking(n Need) Effect {
	e := Effect{Needed: n.Least(), Wants: n.Wanted(nil)}
	if _, plain := n.Plain(); !plain {
		e.Need = n.String()
	}
	return e
}

// AskingAgain is what an order carries whose signatures are void and that asks for the
// same ones anew.
func (p Payout) AskingAgain() Effect { return Asking(p.Asks()) }

// Signed is the move that the newest of these signatures makes, and what it carries.
func (p Payout) Signed(by []Signer) (Move, Effect) {
	need := p.Asks()
	var e Effect
	if needed := len(by) + need.Unsigned(by).People(); needed != p.Needed {
		e.Needed = needed
	}
	if need.Met(by) {
		return MoveApprove, e
	}
	e.Wants = need.Wanted(by)
	return MoveSign, e
}
