package commands

import (
	"os"
	"runtime/debug"
)

// A payment desk's data is on its disk: the heap is small, and collecting it whenever
// it has doubled costs a tenth of what notices cost. It may grow fivefold, up to a
// bound from which on it is collected as often as need be (performance.md 4.9).
const (
	heapGrowth = 400       // percent
	heapBound  = 160 << 20 // bytes, of the 200 MiB that a running program may take
)

// SpendMemory sets that, unless the environment says otherwise.
func SpendMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapBound)
	}
}
