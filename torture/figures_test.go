package torture

import (
	"fmt"
	"os"
	"testing"
)

// figuresFile is the environment's name of the file that collects the figures, for
// a run of many packages shows no output of those that passed.
const figuresFile = "COUNTERSIGN_FIGURES"

// report is the line of figures of one proof; what it says was counted in this run.
func report(t *testing.T, proof, format string, values ...any) {
	t.Helper()
	line := fmt.Sprintf("%-22s %s", proof, fmt.Sprintf(format, values...))
	t.Log(line)
	path := os.Getenv(figuresFile)
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := fmt.Fprintln(file, line); err != nil {
		t.Fatal(err)
	}
}
