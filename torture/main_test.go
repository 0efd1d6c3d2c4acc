package torture

import (
	"flag"
	"os"
	"testing"
)

// full asks for the whole of every proof; without it each runs the part that fits
// into everyday testing.
var full = flag.Bool("full", false, "run every proof whole, which takes long")

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}

// size is how much of a proof runs: its everyday part, or the whole.
func size(everyday, whole int) int {
	if *full {
		return whole
	}
	return everyday
}
