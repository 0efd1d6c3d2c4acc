package models

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// The walk over the whole past reads millions of rows, so it goes around GORM:
// one statement, plain variables, each state read once.

// walk is what the events say so far: the head of the chain, and where each order
// stands.
type walk struct {
	report   *Report
	tell     func(events int64)
	next     int64
	buffer   []byte
	replaced map[PayoutID]PayoutID
	folds    map[PayoutID]*State
	read     map[string]*State // by text: orders share a few dozen states
}

// tellEvery is after how many events a walk says how far it is.
const tellEvery = 50_000

// eventRow is an event as it lies on the disk.
type eventRow struct {
	seq, at, actorID, payoutID                                 int64
	verb, actor, role, subject, subjectID, before, after, text string
	hash                                                       []byte
}

const everyEvent = "SELECT seq, at, verb, actor_id, actor, role, subject, subject_id, payout_id, before, after, details, hash FROM events ORDER BY seq"

// walkAndFold reads every event once: the chain must hold, and each move must be
// in the table and lead to what the event says.
func walkAndFold(tx *gorm.DB, r *Report, tell func(int64)) error {
	replaced, err := replacedBy(tx)
	if err != nil {
		return err
	}
	rows, err := tx.Raw(everyEvent).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	w := walk{replaced: replaced, report: r, tell: tell, next: 1, folds: map[PayoutID]*State{}, read: map[string]*State{}}
	for rows.Next() {
		if err := w.step(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return compareFolds(tx, w.folds, r)
}

func (w *walk) step(rows *sql.Rows) error {
	var e eventRow
	err := rows.Scan(&e.seq, &e.at, &e.verb, &e.actorID, &e.actor, &e.role, &e.subject, &e.subjectID, &e.payoutID, &e.before, &e.after, &e.text, &e.hash)
	if err != nil {
		return fmt.Errorf("read event after %d: %w", w.next-1, err)
	}
	if e.seq != w.next {
		w.report.find("chain", fmt.Sprint(w.next), "missing; the next one there is %d", e.seq)
	}
	var fits [32]byte
	fits, w.buffer = e.chain(w.report.Head, w.buffer[:0])
	if !bytes.Equal(e.hash, fits[:]) {
		w.report.find("chain", fmt.Sprint(e.seq), "does not fit the one before it")
	}
	w.next, w.report.Head = e.seq+1, e.hash
	if w.report.Events++; w.tell != nil && w.report.Events%tellEvery == 0 {
		w.tell(w.report.Events)
	}
	if e.payoutID > 0 && e.after != "" {
		w.fold(e)
		if Move(e.verb) == MoveSend {
			w.checkChain(e)
		}
	}
	return nil
}

// fold carries out the move of an event again.
func (w *walk) fold(e eventRow) {
	said, err := w.state(e.after)
	if err != nil {
		w.report.find("fold", e.subjectID, "event %d carries no readable state", e.seq)
		return
	}
	var is State
	if was := w.folds[PayoutID(e.payoutID)]; was != nil {
		is = *was
	}
	if Move(e.verb) == MoveDraft {
		is = Begin()
	} else if is, err = is.After(Move(e.verb), e.effect()); err != nil {
		w.report.find("fold", e.subjectID, "event %d: %q cannot happen there", e.seq, e.verb)
	}
	if is != *said {
		w.report.find("fold", e.subjectID, "event %d leads to %s, it says %s", e.seq, plain(is.text()), plain(e.after))
	}
	w.folds[PayoutID(e.payoutID)] = said
}

func (w *walk) state(text string) (*State, error) {
	if known := w.read[text]; known != nil {
		return known, nil
	}
	s, err := ReadState(text)
	if err != nil {
		return nil, err
	}
	w.read[text] = &s
	return &s, nil
}

// effect is what the move carried. Most carried nothing, and their details need
// not be read.
func (e eventRow) effect() Effect {
	if !strings.Contains(e.text, `"grade"`) && !strings.Contains(e.text, `"needed"`) && !strings.Contains(e.text, `"reason"`) {
		return Effect{}
	}
	var d Details
	if json.Unmarshal([]byte(e.text), &d) != nil {
		return Effect{} // what it led to is compared all the same
	}
	return d.effect()
}

// chain is the hash of the event as it lies on the disk; the details are hashed
// as they are written there, to the byte.
func (e eventRow) chain(previous, buffer []byte) ([32]byte, []byte) {
	return chainOf(buffer, previous, e.seq, e.at, e.verb, e.actorID, [...]string{e.actor, e.role, e.subject, e.subjectID}, e.payoutID,
		[...]string{e.before, e.after, e.text})
}
