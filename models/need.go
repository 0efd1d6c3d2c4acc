package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Anyone is the role of a step that whoever may approve can sign.
const Anyone Role = ""

// Signing are the roles that a step may ask for in particular.
var Signing = permissions[VerbApprove]

// Step asks for so many people who hold a role.
type Step struct {
	Count int
	Role  Role
}

// Way is steps that all have to be signed; nobody counts for two of them.
type Way []Step

// Need is what an order needs to be approved: one of these ways (features.md E2).
type Need []Way

// Anybody is the need of so many people who may approve, whatever their role.
func Anybody(count int) Need { return Need{{{count, Anyone}}} }

// People is how many have to sign.
func (w Way) People() (n int) {
	for _, step := range w {
		n += step.Count
	}
	return n
}

// Least is how many people the shortest way takes.
func (n Need) Least() int {
	if len(n) == 0 {
		return 0
	}
	least := n[0].People()
	for _, way := range n[1:] {
		least = min(least, way.People())
	}
	return least
}

// Plain is how many people a need asks for that asks for no role; ok is false for others.
func (n Need) Plain() (count int, ok bool) {
	if len(n) != 1 || len(n[0]) != 1 || n[0][0].Role != Anyone {
		return 0, false
	}
	return n[0][0].Count, true
}

// needMost bounds the people and the ways of a need.
const needMost = 5

// sound says whether the need can be read and asks for somebody in every way.
func (n Need) sound() bool {
	if len(n) == 0 || len(n) > needMost {
		return false
	}
	for _, way := range n {
		if people := way.People(); people < 1 || people > needMost {
			return false
		}
		for i, step := range way {
			known := step.Role == Anyone || slices.Contains(Signing, step.Role)
			twice := slices.ContainsFunc(way[:i], func(other Step) bool { return other.Role == step.Role })
			if step.Count < 1 || !known || twice {
				return false
			}
		}
	}
	return true
}

// With is the need with a further step in each of its ways.
func (n Need) With(more Step) Need {
	all := make(Need, len(n))
	for i, way := range n {
		all[i] = slices.Clone(way)
		at := slices.IndexFunc(way, func(s Step) bool { return s.Role == more.Role })
		if at < 0 {
			all[i] = append(all[i], more)
			continue
		}
		all[i][at].Count += more.Count
	}
	return all
}

// The words of a need as it is written in files, in the database and in the log:
// 1 approver + 1 controller or 3 anyone.
const (
	anyoneWord = "anyone"
	andWord    = " + "
	orWord     = " or "
)

func (s Step) String() string {
	if s.Role == Anyone {
		return fmt.Sprint(s.Count, " ", anyoneWord)
	}
	return fmt.Sprint(s.Count, " ", s.Role)
}

func (w Way) String() string { return joined([]Step(w), andWord) }

func (n Need) String() string { return joined([]Way(n), orWord) }

func joined[T fmt.Stringer](parts []T, by string) string {
	words := make([]string, len(parts))
	for i, part := range parts {
		words[i] = part.String()
	}
	return strings.Join(words, by)
}

// ReadNeed reads a need as it is written; a bare number is so many people.
func ReadNeed(text string) (Need, error) {
	var n Need
	for _, alternative := range strings.Split(text, orWord) {
		var way Way
		for _, part := range strings.Split(alternative, strings.TrimSpace(andWord)) {
			step, err := ReadStep(part)
			if err != nil {
				return nil, err
			}
			way = append(way, step)
		}
		n = append(n, way)
	}
	if !n.sound() {
		return nil, Refuse(Invalid, "policy.need", "Need", text)
	}
	return n, nil
}

// ReadStep reads one step.
func ReadStep(text string) (Step, error) {
	figure, role, _ := strings.Cut(strings.TrimSpace(text), " ")
	count, err := strconv.Atoi(figure)
	role = strings.TrimSpace(role)
	if role == anyoneWord {
		role = ""
	}
	if err != nil || role != "" && !slices.Contains(Signing, Role(role)) {
		return Step{}, Refuse(Invalid, "policy.need", "Need", text)
	}
	return Step{count, Role(role)}, nil
}

// MarshalText writes the need in JSON as one text.
func (n Need) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads it back.
func (n *Need) UnmarshalText(text []byte) (err error) {
	*n, err = ReadNeed(string(text))
	return err
}
