package models

import (
	"slices"
	"testing"
)

// M6: the same seed picks the same acts, another one others, and what comes later changes
// nothing of it.
func TestM06_ASampleIsDrawnAgainByItsSeed(t *testing.T) {
	t.Parallel()
	var all []Event
	for seq := range int64(1000) {
		all = append(all, Event{Seq: seq + 1})
	}
	one := Sample{Size: 25, Seed: "audit of November"}
	first := one.pick(all)
	if len(first) != 25 || !slices.Equal(first, one.pick(all)) {
		t.Errorf("drawn twice: %v", first)
	}
	if other := (Sample{Size: 25, Seed: "another"}).pick(all); slices.Equal(first, other) {
		t.Error("another seed picked the same")
	}
	if few := (Sample{Size: 10, Seed: one.Seed}).pick(all); !slices.Equal(few, first[:10]) {
		t.Error("a smaller sample is not the beginning of a larger one")
	}
	slices.Sort(first)
	spread := 0
	for _, seq := range first {
		if seq > 500 {
			spread++
		}
	}
	if spread < 5 || spread > 20 {
		t.Errorf("of 25, %d are of the second half", spread)
	}
	for _, bad := range []Sample{{Size: 0, Seed: "x"}, {Size: 501, Seed: "x"}, {Size: 5}} {
		if bad.Check() == nil {
			t.Errorf("%+v was not refused", bad)
		}
	}
}
