package commands

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestWhatTheProgramMakesOfMemory(t *testing.T) {
	growth, bound := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	defer func() { debug.SetGCPercent(growth); debug.SetMemoryLimit(bound) }()
	now := func() [2]int64 { return [2]int64{int64(debug.SetGCPercent(100)), debug.SetMemoryLimit(math.MaxInt64)} }

	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	SpendMemory()
	if got := now(); got != [2]int64{heapGrowth, heapBound} {
		t.Errorf("by itself: %v", got)
	}
	t.Setenv("GOGC", "50")
	t.Setenv("GOMEMLIMIT", "1GiB")
	SpendMemory()
	if got := now(); got != [2]int64{100, math.MaxInt64} {
		t.Errorf("against what the environment says: %v", got)
	}
}
