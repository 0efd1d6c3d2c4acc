package torture

import (
	"testing"

	"countersign/services/servicestest"
	"countersign/torture/faultydisk"
)

// TestI29_ADiskThatErrsTakesNothingBack lets one write or sync after the other fail
// under load, that one alone or every one from there on. A commit that reported an
// error is of unknown result: it is read again after the restart, never assumed.
func TestI29_ADiskThatErrsTakesNothingBack(t *testing.T) {
	folder := t.TempDir()
	if err := faultydisk.Install(folder); err != nil {
		t.Fatal(err)
	}
	town := servicestest.NewIn(t, folder)
	times, hits := size(18, 240), 0
	got := ruin(t, town, times, func(level int) {
		kind := faultydisk.Kind(level % 3)
		n := 1 + level*120/times // writes; there are fewer syncs
		if kind == faultydisk.Sync {
			n = 1 + n/8
		}
		faultydisk.Break(n, kind, level/3%2 > 0)
	}, func() {
		hits += min(faultydisk.Hits(), 1)
		faultydisk.Mend()
	})
	if hits != times {
		t.Errorf("the disk failed %d times of %d", hits, times)
	}
	report(t, "disk errors", "%d writes and syncs that failed, torn ones among them, half of them for good: %s", hits, got)
}

// Whatever can be got wrong about a disk that errs is caught by the same counts: a
// listener that acknowledges what no commit has kept, and a program that opens the
// file anew after an error and goes on as if nothing had been.
func TestI29_KnownBad_WhoeverGoesOnAfterADiskErrorIsCaught(t *testing.T) {
	for _, kind := range []faultydisk.Kind{faultydisk.Write, faultydisk.Tear, faultydisk.Sync} {
		town, l := onFaultyDisk(t)
		faultydisk.Break(1, kind, true)
		if acknowledged := l.run(hasty(t, town)); acknowledged != len(l.letters) {
			t.Errorf("%s: the hasty listener acknowledged %d of %d", kind, acknowledged, len(l.letters))
		}
		faultydisk.Mend()
		town.Restart()
		if l.lost() == 0 {
			t.Errorf("%s: nothing was found missing", kind)
		}

		town, l = onFaultyDisk(t)
		faultydisk.Break(1, kind, false)
		if fillUp(town) == nil {
			t.Errorf("%s: the disk did not fail", kind)
		}
		town.Restart() // by itself, and nobody has looked
		if wrong := goesOn(t, town, pagesOf(t, town).URL, l); len(wrong) < 5 {
			t.Errorf("%s: of a program that does everything it should not, this was found: %q", kind, wrong)
		}
	}
}

func onFaultyDisk(t *testing.T) (*servicestest.Town, *load) {
	t.Helper()
	folder := t.TempDir()
	if err := faultydisk.Install(folder); err != nil {
		t.Fatal(err)
	}
	town := servicestest.NewIn(t, folder)
	return town, newLoad(town, 0)
}
