package models

import "gorm.io/gorm"

// eventRow is an event as it lies on the disk, with what can be said of it without
// those before it.
type eventRow struct {
	seq, at, actorID, payoutID                                              int64
	verb, actor, role, subject, subjectID, before, after, text, binds, hash string
	fits                                                                    bool // its hash, to the one before it
	carried                                                                 Effect
}

// eventPacked is the expression that writes an event.
var eventPacked = pack(
	[]string{"seq", "at", "actor_id", "payout_id"},
	[]string{"verb", "actor", "role", "subject", "subject_id", "before", "after", "details", "binds", "hash"})

// events gives the reading of the next events, hashed. The first of them is not: the
// one before it lies in another span.
func (s *spans) events(db *gorm.DB) (func(*gorm.DB) ([]eventRow, error), error) {
	read, err := s.cut(db)
	if read == nil || err != nil {
		return nil, err
	}
	return func(db *gorm.DB) ([]eventRow, error) {
		rows, err := read(db)
		if err != nil {
			return nil, err
		}
		return readEvents(rows), rows.ended("events")
	}, nil
}

func readEvents(rows *packed) []eventRow {
	events := make([]eventRow, 0, spanLength)
	var buffer []byte
	for rows.more() {
		events = append(events, readEvent(rows))
		e := &events[len(events)-1]
		if len(events) > 1 {
			e.fits, buffer = e.follows(events[len(events)-2].hash, buffer[:0])
		}
		if e.payoutID > 0 && e.after != "" {
			e.carried = effectIn(e.text)
		}
	}
	return events
}

func readEvent(p *packed) eventRow {
	return eventRow{
		seq: p.number(), at: p.number(), actorID: p.number(), payoutID: p.number(),
		verb: p.text(), actor: p.text(), role: p.text(), subject: p.text(), subjectID: p.text(),
		before: p.text(), after: p.text(), text: p.text(), binds: p.text(), hash: p.text(),
	}
}

// follows says whether the event's hash is that of the event as it lies on the disk;
// the details are hashed as they are written there, to the byte.
func (e *eventRow) follows(previous string, buffer []byte) (bool, []byte) {
	fits, buffer := chainOf(buffer, []byte(previous), e.seq, e.at, e.verb, e.actorID, [...]string{e.actor, e.role, e.subject, e.subjectID}, e.payoutID,
		[...]string{e.before, e.after, e.text, e.binds})
	return e.hash == string(fits[:]), buffer
}
