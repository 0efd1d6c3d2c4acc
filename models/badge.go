package models

import "fmt"

// Badge is how a state is shown: a word, a shape and a tone (screens.md 0).
// Filled means that somebody is waited for; outlined that it is over and somebody
// should follow up; bare that nobody waits. Solid violet is doubt and nothing else.
type Badge struct {
	Key    string // of the word in the catalogue
	Detail string // catalogue key said after the word, or ""
	Count  string // "1 of 2", or ""
	Shape  string // in icons/status
	Tone   string
	Form   string // bare, filled, outlined, solid
	Clash  bool   // the contradiction, always before the other badge
}

// ContradictionBadge overlays the badge of an order whose evidence disagrees.
var ContradictionBadge = Badge{Key: "badge.contradiction", Shape: "both", Tone: "red", Form: "filled", Clash: true}

// Flags are the facts beside the state that a badge depends on.
type Flags struct {
	Blocked  bool   // nobody is left who may approve
	HeldWhy  string // catalogue key
	NotReady bool   // the account is paused
}

// Badge is a total function of the state and its flags.
func (s State) Badge(f Flags) Badge {
	if s.Stage == Sent {
		return s.outcomeBadge()
	}
	return s.stageBadge(f)
}

func (s State) stageBadge(f Flags) Badge {
	switch s.Stage {
	case Draft:
		return Badge{Key: "badge.draft", Shape: "draft", Tone: "grey", Form: "bare"}
	case AwaitingApproval:
		if f.Blocked {
			return Badge{Key: "badge.blocked", Detail: "badge.blocked.no_approver", Shape: "barred", Tone: "amber", Form: "filled"}
		}
		return Badge{Key: "badge.needs_approval", Count: s.signed(), Shape: "half", Tone: "blue", Form: "filled"}
	case Approved:
		if s.Room == "" {
			return Badge{Key: "badge.no_room", Shape: "clock", Tone: "amber", Form: "filled"}
		}
		return Badge{Key: "badge.ready", Shape: "clock", Tone: "blue", Form: "bare"}
	case Held:
		return Badge{Key: "badge.held", Detail: f.HeldWhy, Shape: "pause", Tone: "amber", Form: "filled"}
	case Sending:
		return Badge{Key: "badge.sending", Shape: "arrow", Tone: "teal", Form: "bare"}
	}
	return Badge{Key: "badge." + string(s.Stage), Shape: "dash", Tone: "grey", Form: "bare"}
}

func (s State) outcomeBadge() Badge {
	switch s.Outcome {
	case Pending:
		return Badge{Key: "badge.with_gateway", Shape: "todot", Tone: "teal", Form: "bare"}
	case Paid:
		return Badge{Key: "badge.paid", Shape: "check", Tone: "green", Form: "bare"}
	case Failed:
		return Badge{Key: "badge.failed", Shape: "cross", Tone: "red", Form: "outlined"}
	case Returned:
		return Badge{Key: "badge.returned", Shape: "back", Tone: "brown", Form: "outlined"}
	}
	// Whatever else a sent order may be, it is doubt: never failure, never success.
	return Badge{Key: "badge.unclear", Detail: s.reasonKey(), Shape: "unclear", Tone: "violet", Form: "solid"}
}

func (s State) signed() string { return fmt.Sprintf("%d of %d", s.Approvals, s.Needed) }

func (s State) reasonKey() string {
	if s.Unclear == ReasonNone {
		return ""
	}
	return "reason." + string(s.Unclear)
}
