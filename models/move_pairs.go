package models

import (
	"cmp"
	"slices"
)

// Pair is a move and a place in which it may happen.
type Pair struct {
	Move    Move
	Stage   Stage
	Outcome Outcome
}

func (p Pair) String() string {
	return string(p.Move) + " from " + string(p.Stage) + "/" + string(p.Outcome)
}

// Pairs lists the whole table of moves, in the order of Moves: what a proof that
// claims to have been everywhere has to reach.
func Pairs() []Pair {
	var all []Pair
	for _, m := range Moves {
		var own []Pair
		for from := range moves[m] {
			own = append(own, Pair{m, from.Stage, from.Outcome})
		}
		slices.SortFunc(own, func(a, b Pair) int {
			return cmp.Or(slices.Index(Stages, a.Stage)-slices.Index(Stages, b.Stage),
				slices.Index(Outcomes, a.Outcome)-slices.Index(Outcomes, b.Outcome))
		})
		all = append(all, own...)
	}
	return all
}
