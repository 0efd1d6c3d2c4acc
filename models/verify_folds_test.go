package models

import (
	"slices"
	"testing"
)

// Where an order stands is kept whatever its number is: one after the other, far beyond
// all others, below nought; and one that was far beyond is the same when others have come
// near. A number reserves nothing.
func TestI19_WhereAnOrderStandsIsKeptWhateverItsNumber(t *testing.T) {
	var states orderStates
	ids := []PayoutID{1, 4000, -3, 1 << 60}
	for id := PayoutID(2); id < 3*spanLength; id++ {
		ids = append(ids, id)
	}
	stands := map[PayoutID]*State{}
	for i, id := range slices.Concat(ids, []PayoutID{4000, 1, 1 << 60}) {
		stands[id] = &State{Version: i}
		states.set(id, stands[id])
	}
	if len(states.dense) > 8*spanLength {
		t.Errorf("%d places are reserved for %d orders", len(states.dense), len(stands))
	}
	for id, is := range stands {
		if states.of(id) != is {
			t.Fatalf("where order %d stands is forgotten", id)
		}
	}
	for id := range stands {
		if id > 0 && id < 1<<60 {
			states.set(id, nil) // its row was there
		}
	}
	var left Report
	(&folded{states: &states}).end(&left)
	if len(left.Findings) != 2 {
		t.Errorf("two orders have no row, found are %v", left.Findings)
	}
}
