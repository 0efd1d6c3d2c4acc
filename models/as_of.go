package models

import (
	"slices"
	"time"
)

// AsOf is an order as it stood when its log had come so far: the state is folded again
// from those events, and nothing that came later is told. Later says whether its content
// was edited since, so that today's is not that one.
func AsOf(d Dossier, events []Event, until func(Event) bool) (then Dossier, past []Event, later bool) {
	n := slices.IndexFunc(events, func(e Event) bool { return !until(e) })
	if n < 0 {
		n = len(events)
	}
	past, rest := events[:n], events[n:]
	later = slices.ContainsFunc(rest, func(e Event) bool { return Move(e.Verb) == MoveEdit })
	if n == 0 {
		return Dossier{OrderNo: d.OrderNo, PayoutID: d.PayoutID}, nil, later
	}
	if len(rest) == 0 {
		return d, past, false
	}
	at := past[n-1].At
	d.State, _ = Replay(past)
	if d.State.Outcome == None {
		d.GatewayNo = ""
	}
	d.Approvals = before(d.Approvals, at, func(a DossierApproval) time.Time { return a.At })
	d.Attempts = before(d.Attempts, at, func(a DossierAttempt) time.Time { return a.StartedAt })
	d.Questions = before(d.Questions, at, func(q DossierQuestion) time.Time { return q.At })
	d.Notices = before(d.Notices, at, func(n DossierNotice) time.Time { return n.At })
	d.Verdicts = before(d.Verdicts, at, func(v DossierVerdict) time.Time { return v.ProposedAt })
	return d, past, later
}

func before[T any](all []T, at time.Time, when func(T) time.Time) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return when(one).After(at) })
}
