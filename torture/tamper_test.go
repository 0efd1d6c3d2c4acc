package torture

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services"
	"countersign/services/bundle"
)

// tamperSeed makes the edits; any other does as well.
const tamperSeed = 20261121

// errUndone takes an edit back.
var errUndone = errors.New("undone")

// seen is how an edit was found.
type seen struct {
	verify, head, bundle bool
	weak                 bool // by a check that does not look at the rows outside the log
}

func (s seen) found() bool { return s.verify || s.head || s.bundle }

// TestTampering edits at random what the chain covers, as somebody can who has the file
// and the source: verify, a head that left, or the checker of bundles finds each (I19).
// The known-bad variant is a check without the digests of rows: it has to miss some.
func TestTampering(t *testing.T) {
	t.Parallel()
	g := newTamperGround(t)
	random := rand.New(rand.NewPCG(tamperSeed, 1))
	tried, ways, missed, lost := map[string]int{}, map[string]int{}, 0, 0
	for n := 0; n < size(60, 1000); {
		kind := tamperings[n%len(tamperings)]
		what, s, done := g.try(kind, random)
		if !done {
			continue // the database itself refused it, or nothing changed by it
		}
		n++
		tried[kind.name]++
		if !s.found() {
			lost++
			t.Errorf("not found: %s: %s", kind.name, what)
		}
		if !s.weak && !s.head && !s.bundle {
			missed++
		}
		for way, hit := range map[string]bool{"verify": s.verify, "head": s.head && !s.verify, "bundle": s.bundle} {
			if hit {
				ways[way]++
			}
		}
	}
	if missed == 0 {
		t.Error("the known-bad variant: a check that does not look at rows found everything too")
	}
	var kinds []string
	for _, name := range slices.Sorted(maps.Keys(tried)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", tried[name], name))
	}
	report(t, "tampering", "%s: not found %d; %d by verify, %d only by a head that left, %d by the checker of bundles; %d of them missed by a check that does not look at rows (seed %d)",
		strings.Join(kinds, ", "), lost, ways["verify"], ways["head"], ways["bundle"], missed, tamperSeed)
}

// try makes one edit, looks for it in every way, and takes it back.
func (g *tamperGround) try(kind tampering, random *rand.Rand) (what string, s seen, done bool) {
	g.T.Helper()
	if kind.bundle != nil {
		whole, what, done := kind.bundle(g, random)
		_, err := bundle.Check(whole, g.head, g.verifier)
		s.bundle = errors.As(err, new(bundle.Refused))
		return what, s, done
	}
	err := g.Store.AsOne(g.T.Context(), func(whole *models.Store) (err error) {
		tx := whole.Read(g.T.Context())
		if err := tx.Exec("PRAGMA defer_foreign_keys = ON").Error; err != nil {
			return err
		}
		if what, err = kind.edit(g, tx, random); err != nil {
			return err
		}
		s, done = g.look(whole, tx), true
		return errUndone
	})
	if !done && !refusedEdit(err) || done && !errors.Is(err, errUndone) {
		g.T.Fatal(kind.name, what, err)
	}
	return what, s, done
}

// refusedEdit says that the database would not hold such a row, or that nothing changed.
func refusedEdit(err error) bool {
	for _, known := range []error{errNothing, gorm.ErrDuplicatedKey, gorm.ErrForeignKeyViolated, gorm.ErrCheckConstraintViolated, gorm.ErrRecordNotFound} {
		if errors.Is(err, known) {
			return true
		}
	}
	return strings.Contains(err.Error(), "constraint failed") || strings.Contains(err.Error(), "cannot store")
}

// look asks every check. One that cannot read the past does not call it whole.
func (g *tamperGround) look(whole *models.Store, tx *gorm.DB) (s seen) {
	report, err := models.Verify(tx)
	s.verify, s.weak = err != nil || len(report.Findings) > 0, err != nil
	for _, f := range report.Findings {
		s.weak = s.weak || f.Check != "rows"
	}
	core := *g.Core
	core.Store = whole
	check, err := (&services.Heads{Core: &core}).CheckHead(g.T.Context(), g.head, g.verifier)
	s.head = err != nil || check.Wrong != ""
	return s
}
