package models

import (
	"slices"
	"strings"
)

// Signer is somebody who signed, with the roles held then that let one sign.
type Signer struct {
	ID    PersonID
	Roles []Role
}

// Signer is the person as somebody who signs now.
func (p Person) Signer() Signer {
	return Signer{p.ID, slices.DeleteFunc(slices.Clone(p.Roles), func(r Role) bool { return !slices.Contains(Signing, r) })}
}

// fits says whether the signature may stand for a step.
func (s Signer) fits(step Step) bool {
	return step.Role == Anyone || slices.Contains(s.Roles, step.Role)
}

// Unsigned is what is not signed yet, of the way that lacks the fewest people: nothing
// if the need is met. Nobody counts twice, neither for two steps nor by two signatures
// (I4).
func (n Need) Unsigned(signed []Signer) Way {
	var least Way
	for i, way := range n {
		if open := way.open(signed); i == 0 || open.People() < least.People() {
			least = open
		}
	}
	return least
}

// Met says whether nothing is missing. A need that asks for nobody is never met.
func (n Need) Met(signed []Signer) bool { return n.Least() > 0 && n.Unsigned(signed).People() == 0 }

// Wanted is the role that a further signature has to come from to count; Anyone if
// every role that may sign does.
func (n Need) Wanted(signed []Signer) Role {
	if n.Met(signed) {
		return Anyone
	}
	var useful []Role
	for _, role := range Signing {
		if n.counts(signed, Signer{ID: nobody, Roles: []Role{role}}) {
			useful = append(useful, role)
		}
	}
	if len(useful) == 1 {
		return useful[0]
	}
	return Anyone
}

// nobody is a person who has not signed.
const nobody PersonID = -1

// counts says whether one more signature brings any way nearer to its end.
func (n Need) counts(signed []Signer, more Signer) bool {
	return slices.ContainsFunc(n, func(way Way) bool {
		return way.open(append(slices.Clip(signed), more)).People() < way.open(signed).People()
	})
}

// open are the steps that nobody is left for, when as many as can be are given
// somebody of their own.
func (w Way) open(signed []Signer) Way {
	m := matching{people: onceEach(signed), seated: map[PersonID]Step{}}
	var open Way
	for _, step := range w.pickyFirst() {
		left := 0
		for range step.Count {
			if !m.place(step, map[PersonID]bool{}) {
				left++
			}
		}
		if left > 0 {
			open = append(open, Step{left, step.Role})
		}
	}
	return open
}

// pickyFirst puts steps that anyone may sign at the end, so that they are what is
// called missing.
func (w Way) pickyFirst() Way {
	w = slices.Clone(w)
	slices.SortStableFunc(w, func(a, b Step) int { return strings.Compare(string(b.Role), string(a.Role)) })
	return w
}

func onceEach(signed []Signer) (people []Signer) {
	for _, s := range signed {
		if !slices.ContainsFunc(people, func(p Signer) bool { return p.ID == s.ID }) {
			people = append(people, s)
		}
	}
	return people
}

// matching gives each seat of the steps somebody of its own, moving others where that
// makes room.
type matching struct {
	people []Signer
	seated map[PersonID]Step
}

func (m *matching) place(free Step, asked map[PersonID]bool) bool {
	for _, person := range m.people {
		if asked[person.ID] || !person.fits(free) {
			continue
		}
		asked[person.ID] = true
		if other, taken := m.seated[person.ID]; !taken || m.place(other, asked) {
			m.seated[person.ID] = free
			return true
		}
	}
	return false
}
