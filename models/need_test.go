package models

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func mustRead(t *testing.T, text string) Need {
	t.Helper()
	n, err := ReadNeed(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return n
}

var (
	ann  = Signer{1, []Role{Approver}}
	ben  = Signer{2, []Role{Approver}}
	cat  = Signer{3, []Role{Controller}}
	dora = Signer{4, []Role{Approver, Controller}}
	eve  = Signer{5, nil} // signed before roles were kept
)

func TestI4_TheNeedSaysWhoIsMissing(t *testing.T) {
	t.Parallel()
	by := func(all ...Signer) []Signer { return all }
	for _, c := range []struct {
		need   string
		signed []Signer
		open   string
		wants  Role
	}{
		{"2 anyone", nil, "2 anyone", Anyone},
		{"2 anyone", by(ann), "1 anyone", Anyone},
		{"2 anyone", by(eve, cat), "", Anyone},
		{"1 approver + 1 controller", nil, "1 controller + 1 approver", Anyone},
		{"1 approver + 1 controller", by(ann), "1 controller", Controller},
		{"1 approver + 1 controller", by(ann, ben), "1 controller", Controller},
		{"1 approver + 1 controller", by(cat), "1 approver", Approver},
		{"1 approver + 1 controller", by(dora), "1 approver", Anyone}, // whatever dora is taken for, the other role is missing
		{"1 approver + 1 controller", by(dora, ann), "", Anyone},
		{"1 approver + 1 controller", by(dora, cat), "", Anyone},
		{"1 controller + 1 anyone", by(cat), "1 anyone", Anyone},
		{"1 controller + 1 anyone", by(ann), "1 controller", Controller},
		{"1 controller + 1 anyone", by(cat, ann), "", Anyone},
		{"2 approver or 1 controller", nil, "1 controller", Anyone},
		{"2 approver or 1 controller", by(ann), "1 approver", Anyone},
		{"2 approver or 1 controller", by(ann, cat), "", Anyone},
		{"2 approver or 1 controller", by(ann, ben), "", Anyone},
		{"1 approver", by(eve), "1 approver", Approver},
		{"1 controller", by(eve, ann, ben), "1 controller", Controller},
	} {
		need := mustRead(t, c.need)
		if open := need.Unsigned(c.signed); open.String() != c.open || need.Met(c.signed) != (c.open == "") {
			t.Errorf("%s by %v: missing %q, want %q", c.need, c.signed, open, c.open)
		}
		if wants := need.Wanted(c.signed); wants != c.wants {
			t.Errorf("%s by %v: wants %q, want %q", c.need, c.signed, wants, c.wants)
		}
	}
	if Need(nil).Met([]Signer{ann}) || Anybody(0).Met([]Signer{ann}) {
		t.Error("a need of nobody is met")
	}
}

// chance draws needs and signatures.
type chance struct{ *rand.Rand }

func (r chance) need() (n Need) {
	for !n.sound() {
		n = nil
		for range 1 + r.IntN(3) {
			var way Way
			for _, role := range []Role{Approver, Controller, Anyone} {
				if count := r.IntN(3); count > 0 {
					way = append(way, Step{count, role})
				}
			}
			n = append(n, way)
		}
	}
	return n
}

func (r chance) signed() (all []Signer) {
	for range r.IntN(7) {
		roles := [][]Role{nil, {Approver}, {Controller}, {Approver, Controller}}[r.IntN(4)]
		all = append(all, Signer{PersonID(1 + r.IntN(6)), roles})
	}
	return all
}

// people is how many different ones signed.
func people(signed []Signer) int { return len(onceEach(signed)) }

// twiceCounted breaks the rule: every signature is somebody else.
func twiceCounted(n Need, signed []Signer) bool {
	for i := range signed {
		signed[i].ID = PersonID(100 + i)
	}
	return n.Met(signed)
}

func TestI4_NoPersonEverCountsTwice(t *testing.T) {
	t.Parallel()
	r := chance{rand.New(rand.NewPCG(4, 18))}
	caught := 0
	for range 20_000 {
		need, signed := r.need(), r.signed()
		if need.Met(signed) && people(signed) < need.Least() {
			t.Fatalf("%s is met by %v", need, signed)
		}
		if need.Met(signed) != need.Met(onceEach(signed)) {
			t.Fatalf("%s: the second signatures of %v make a difference", need, signed)
		}
		if met, wants := need.Met(signed), need.Wanted(signed); !met && wants != Anyone && need.counts(signed, Signer{nobody, []Role{Approver}}) == need.counts(signed, Signer{nobody, []Role{Controller}}) {
			t.Fatalf("%s by %v wants %q", need, signed, wants)
		}
		if again, err := ReadNeed(need.String()); err != nil || again.String() != need.String() {
			t.Fatalf("%s is read as %s: %v", need, again, err)
		}
		if twiceCounted(need, slices.Clone(signed)) && people(signed) < need.Least() {
			caught++
		}
	}
	if caught == 0 {
		t.Error("a rule that counts signatures instead of people was not caught")
	}
}

func TestWhatNoNeedIsIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "approver", "0 anyone", "-1 approver", "6 anyone", "1 maker", "1 approver + 1 approver", "1 approver or", "2 approver +", "1 auditor or 1 anyone"} {
		if n, err := ReadNeed(text); err == nil {
			t.Errorf("%q is read as %s", text, n)
		}
	}
	if n := mustRead(t, "2"); fmt.Sprint(n) != "2 anyone" {
		t.Errorf("a bare number is %s", n)
	}
}
