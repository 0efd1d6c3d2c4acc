package sandbox

import (
	"slices"
	"time"
)

// Push is something that the platform can be made to say of an order on demand.
type Push string

// What can be said. The first three happen too: the money moves, and questions
// are answered accordingly. The others are only said.
const (
	PushPaid     Push = "paid"
	PushFailed   Push = "failed"
	PushReversed Push = "reversed"
	PushBadSign  Push = "bad_sign"
	PushLess     Push = "less"
	PushSame     Push = "same" // the notice sent last, byte by byte
)

// Pushes are all of them, in the order of the control page.
func Pushes() []Push {
	return []Push{PushPaid, PushFailed, PushReversed, PushBadSign, PushLess, PushSame}
}

// Key is the catalogue key of the push.
func (p Push) Key() string { return "push." + string(p) }

var happens = map[Push]Word{PushPaid: Paid, PushFailed: Failed, PushReversed: Reversed}

var claimed = map[Push]Tell{
	PushBadSign: {Say: Paid, Alter: AlterBadSign, Once: true},
	PushLess:    {Say: Paid, Alter: AlterLess, Once: true},
}

// Push makes the platform say something of an order that exists, now and not at
// the next RunDue. What happened is tried again as any notice is; what is only
// said is said once.
func (s *Sandbox) Push(number string, p Push) error {
	now := s.now()
	r, last, err := s.pushed(number, p, now)
	switch {
	case err != nil:
		return err
	case p == PushSame:
		return s.repeat(r, last, now)
	}
	tell, ok := claimed[p]
	if !ok {
		tell = Tell{Say: happens[p]}
	}
	s.tell(r, tell, s.at(now))
	return nil
}

// pushed finds the order and lets happen what is to be said, if it is of the
// kind that happens.
func (s *Sandbox) pushed(number string, p Push, now time.Time) (*record, *letter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.existing(number)
	switch {
	case r == nil:
		return nil, nil, ErrNoOrder
	case !slices.Contains(Pushes(), p):
		return nil, nil, ErrNoScenario
	case r.NotifyURL == "":
		return nil, nil, ErrNoAddress
	}
	if word, happened := happens[p]; happened {
		s.turn(r, word, now)
		r.play.Query = nil // whoever asks from now on is told so
	}
	return r, r.last, nil
}

func (s *Sandbox) repeat(r *record, last *letter, now time.Time) error {
	if last == nil {
		return ErrNothing
	}
	s.postAll(series{r: r, word: r.said(), try: 1}, last, now)
	return nil
}

// said is the word of the notice sent last.
func (r *record) said() Word {
	if len(r.Notices) == 0 {
		return ""
	}
	return r.Notices[len(r.Notices)-1].Say
}

// Tell makes the platform send one notice of the test's choice, now.
func (s *Sandbox) Tell(number string, t Tell) error {
	s.mu.Lock()
	r := s.existing(number)
	s.mu.Unlock()
	if r == nil {
		return ErrNoOrder
	}
	s.tell(r, t, s.at(s.now()))
	return nil
}

// Compose writes and signs a notice without sending it, for those who post it
// themselves, three hundred times a second (M39).
func (s *Sandbox) Compose(number string, t Tell) (Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.existing(number)
	if r == nil {
		return Sent{}, ErrNoOrder
	}
	word := t.Say
	if word == "" {
		word = r.Word
	}
	now := s.now()
	l := s.letter(r, word, t.Alter, now)
	return Sent{At: now, Say: word, Method: l.method, URL: l.url, Header: l.header, Body: l.body}, nil
}

// existing finds the booked order of a number. Under the lock.
func (s *Sandbox) existing(number string) *record {
	known := s.named[number]
	if at := slices.IndexFunc(known, func(r *record) bool { return r.Exists }); at >= 0 {
		return known[at]
	}
	return nil
}
