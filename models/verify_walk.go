package models

import (
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// walk is what the events say so far: the head of the chain, and where each order
// stands. Hashing is done before, for a hash needs no more than the one stored before
// it; what orders were to each other at a moment needs the events in their order.
type walk struct {
	report   *Report
	tell     func(events int64)
	next     int64
	head     string
	tree     *regrowth
	rows     *boundRows
	replaced map[PayoutID]PayoutID
	folds    orderStates
	read     map[string]*State // by text: orders share a few dozen states
	policies map[string]Policy
}

// tellEvery is after how many events a walk says how far it is.
const tellEvery = 50_000

// walkAndFold reads every event once: the chain must hold, the tree must have grown
// from it, and each move must be in the table and lead to what the event says. Then every
// row is held against them.
func walkAndFold(on []*gorm.DB, r *Report, tell func(int64)) (*recount, error) {
	replaced, err := replacedBy(on[0])
	if err != nil {
		return nil, err
	}
	tree, err := beginTree(on[0])
	if err != nil {
		return nil, err
	}
	policies, err := policiesByVersion(on[0])
	if err != nil {
		return nil, err
	}
	w := walk{policies: policies, replaced: replaced, report: r, tell: tell, next: 1, tree: tree, rows: newBoundRows(), read: map[string]*State{}}
	read := spansOf("events", "seq", eventPacked)
	if err := share(on, read.events, w.take); err != nil {
		return nil, err
	}
	tree.end()
	return w.rest(on)
}

// rest holds the rows of all tables against what was walked over.
func (w *walk) rest(on []*gorm.DB) (*recount, error) {
	fold, counted, altered := folded{states: &w.folds}, newRecount(w.rows), Report{}
	err := compareRows(on, w.rows, &altered, func(o *orderNow) {
		fold.take(o)
		counted.add(o)
	})
	fold.end(w.report)
	w.report.add(w.tree.found)
	w.report.add(altered)
	return counted, err
}

// take goes on over the next events.
func (w *walk) take(events []eventRow) error {
	for i := range events {
		if i == 0 {
			events[i].fits, _ = events[i].follows(w.head, nil)
		}
		if err := w.step(&events[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) step(e *eventRow) error {
	if e.seq != w.next {
		w.report.find("chain", fmt.Sprint(w.next), "missing; the next one there is %d", e.seq)
	}
	if !e.fits {
		w.report.find("chain", fmt.Sprint(e.seq), "does not fit the one before it")
	}
	w.next, w.head, w.report.Head = e.seq+1, e.hash, append(w.report.Head[:0], e.hash...)
	if w.report.Events++; w.tell != nil && w.report.Events%tellEvery == 0 {
		w.tell(w.report.Events)
	}
	if e.payoutID > 0 && e.after != "" {
		w.fold(e)
		switch Move(e.verb) {
		case MoveSend:
			w.checkChain(e)
		case MoveSubmit:
			w.checkNeed(e)
		}
	}
	for _, row := range w.rows.take(e.verb, e.binds) {
		w.report.find("rows", row, "event %d writes again what is written once", e.seq)
	}
	return w.tree.take(e)
}

// fold carries out the move of an event again.
func (w *walk) fold(e *eventRow) {
	said, err := w.state(e.after)
	if err != nil {
		w.report.find("fold", e.subjectID, "event %d carries no readable state", e.seq)
		return
	}
	var is State
	if was := w.folds.of(PayoutID(e.payoutID)); was != nil {
		is = *was
	}
	if Move(e.verb) == MoveDraft {
		is = Begin()
	} else if is, err = is.After(Move(e.verb), e.carried); err != nil {
		w.report.find("fold", e.subjectID, "event %d: %q cannot happen there", e.seq, e.verb)
	}
	if is != *said {
		w.report.find("fold", e.subjectID, "event %d leads to %s, it says %s", e.seq, plain(is.text()), plain(e.after))
	}
	w.folds.set(PayoutID(e.payoutID), said)
}

func (w *walk) state(text string) (*State, error) {
	if known := w.read[text]; known != nil {
		return known, nil
	}
	s, err := ReadState(text)
	if err != nil {
		return nil, err
	}
	w.read[strings.Clone(text)] = &s
	return &s, nil
}
