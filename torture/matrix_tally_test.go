package torture

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"countersign/services/gateway/sandbox"
)

// cell is one row for one family at one moment.
type cell struct {
	m      int
	family string
	when   moment
}

// tally counts what was played, and what passed.
type tally struct {
	mu     sync.Mutex
	passed map[cell]bool
	acts   int
}

func newTally() *tally { return &tally{passed: map[cell]bool{}} }

func (n *tally) add(c *stand, passed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := cell{c.row.m, c.town.Account(c.rail).Family, c.when}
	before, played := n.passed[at]
	n.passed[at] = passed && (before || !played)
	n.acts++
}

// report wants every cell to be played or to have a reason why not, M39 apart.
func (n *tally) report(t *testing.T) {
	t.Helper()
	good, reasons, storms, cells := 0, 0, 0, 0
	for m := 1; m <= 40; m++ {
		rows := matrixRows()
		at := slices.IndexFunc(rows, func(r row) bool { return r.m == m })
		if at < 0 && m != 39 {
			t.Errorf("M%d is in no row", m)
		}
		for _, family := range []string{sandbox.Apay, sandbox.Cashy} {
			for _, when := range moments {
				cells++
				switch passed, played := n.passed[cell{m, family, when}]; {
				case m == 39:
					storms++
				case passed:
					good++
				case !played && meaningless(rows[at], family, when):
					reasons++
				default:
					t.Errorf("M%d %s %s: played %v, passed %v", m, family, when, played, passed)
				}
			}
		}
	}
	report(t, "matrix", "%d of %d cells (M1-M40 x 2 families x %d moments) in %d orders; %d are the storm's (M39), %d have no meaning: %s",
		good, cells, len(moments), n.acts, storms, reasons, reasonsOf(matrixRows()))
}

func meaningless(r row, family string, when moment) bool {
	return r.none[when] != "" || r.only != "" && r.only != family
}

// reasonsOf are the cells without meaning, in short.
func reasonsOf(rows []row) (text string) {
	for _, r := range rows {
		for _, when := range moments {
			if r.none[when] != "" {
				text += fmt.Sprintf("M%d %s, ", r.m, when)
			}
		}
		if r.only != "" {
			text += fmt.Sprintf("M%d of the other family, ", r.m)
		}
	}
	return text[:max(len(text)-2, 0)]
}
