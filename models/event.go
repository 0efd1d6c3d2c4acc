package models

import (
	"bytes"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Event is one line of the past. Timeline and audit are the same events, seen
// from two sides. They are only ever added, and chained by hash (I19).
type Event struct {
	Seq       int64     `gorm:"primaryKey;autoIncrement:false"`
	At        time.Time `gorm:"serializer:ms"`
	Verb      string    // a Move, or another act: "asked", "noted", "signed_in" …
	ActorID   PersonID  // 0: the machine
	Actor     string    // as the person was called then
	Role      string    // the role that allowed it
	Subject   string    // payout, person, account, session, policy, notice, list, settings
	SubjectID string
	PayoutID  PayoutID
	Before    string // State as JSON, for moves
	After     string
	Details   Details
	Binds     string `json:",omitempty"` // the rows that the act wrote: a line each of digest, table, key
	Hash      []byte
}

// Details are the names and values of an event. No secret, no full account
// number is ever among them (I24).
type Details map[string]string

// Value writes the details as JSON with sorted names, the form that is hashed.
func (d Details) Value() (driver.Value, error) { return d.text(), nil }

// With adds more to them, and gives them back.
func (d Details) With(more Details) Details {
	maps.Copy(d, more)
	return d
}

// Scan reads them back.
func (d *Details) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("event details are %T, not text", value)
	}
	return json.Unmarshal([]byte(text), d)
}

func (d Details) text() string {
	valid := make(map[string]string, len(d))
	for name, value := range d {
		// JSON would write other bytes in another way than it reads them, and the
		// event would look edited.
		valid[strings.ToValidUTF8(name, "\uFFFD")] = strings.ToValidUTF8(value, "\uFFFD")
	}
	text, err := json.Marshal(valid)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

// Actor is who does something: a person in a role, or the machine.
type Actor struct {
	ID   PersonID
	Name string
	Role Role
}

// Machine is the actor of everything that no person did.
func Machine(part string) Actor { return Actor{Name: part} }

// Append adds the event to the log. The head of the chain is read inside the
// transaction and kept no longer than that: another process may have written.
//
// In a unit of the store it is written when the next one comes or the unit ends, and
// binds what the act has written until then.
func Append(tx *gorm.DB, e Event) error {
	n := newsOf(tx)
	if n == nil {
		return link(tx, e)
	}
	if err := linkLast(tx); err != nil {
		return err
	}
	n.last = &e
	return nil
}

// linkLast writes the event that still waits for what its act writes after it.
func linkLast(tx *gorm.DB) error {
	n := newsOf(tx)
	if n == nil || n.last == nil {
		return nil
	}
	e := *n.last
	n.last = nil
	lines, err := bindings(tx)
	if err != nil {
		return err
	}
	e.Binds += lines
	return link(tx, e)
}

// link writes the event behind the last one.
func link(tx *gorm.DB, e Event) error {
	head, err := head(tx)
	if err != nil {
		return err
	}
	e.Seq = head.Seq + 1
	e.At = e.At.UTC().Truncate(time.Millisecond)
	e.Hash = e.chain(head.Hash)
	if err := addEvent(tx, &e); err != nil {
		return fmt.Errorf("append event %s: %w", e.Verb, err)
	}
	tell(tx, e)
	return nil
}

// Head is the last event of the chain: its number and hash name the whole past.
func Head(db *gorm.DB) (seq int64, hash []byte, err error) {
	if err := linkLast(db); err != nil {
		return 0, nil, err
	}
	last, err := head(db)
	return last.Seq, last.Hash, err
}

// LastEventAt is the number and the time of the last event; zero in an empty log.
func LastEventAt(db *gorm.DB) (seq int64, at time.Time, err error) {
	_, err = one(db, []any{&seq, moment{&at}}, "SELECT seq, at FROM events ORDER BY seq DESC LIMIT 1")
	return seq, at, err
}

// chain hashes the previous hash and every field, each preceded by its length,
// so that no two events can run into each other.
func (e Event) chain(previous []byte) []byte {
	sum, _ := chainOf(nil, previous, e.Seq, Millis(e.At), e.Verb, int64(e.ActorID), [...]string{e.Actor, e.Role, e.Subject, e.SubjectID},
		int64(e.PayoutID), [...]string{e.Before, e.After, e.Details.text(), e.Binds})
	return sum[:]
}

// chainOf is the one way in which an event is hashed. The buffer is given back to
// be used again. An event that binds no rows has no frame for them: so were all made
// before rows were bound.
func chainOf(buffer, previous []byte, seq, at int64, verb string, actor int64, who [4]string, payout int64, what [4]string) ([32]byte, []byte) {
	buffer = appendFrame(buffer, string(previous))
	buffer = appendFrameInt(buffer, seq)
	buffer = appendFrameInt(buffer, at)
	buffer = appendFrame(buffer, verb)
	buffer = appendFrameInt(buffer, actor)
	for _, field := range who {
		buffer = appendFrame(buffer, field)
	}
	buffer = appendFrameInt(buffer, payout)
	if what[3] == "" {
		return chainEnd(buffer, what[:3])
	}
	return chainEnd(buffer, what[:])
}

func chainEnd(buffer []byte, what []string) ([32]byte, []byte) {
	for _, field := range what {
		buffer = appendFrame(buffer, field)
	}
	return sha256.Sum256(buffer), buffer
}

func appendFrame(buffer []byte, field string) []byte {
	return append(binary.BigEndian.AppendUint64(buffer, uint64(len(field))), field...)
}

func appendFrameInt(buffer []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(buffer, 8), uint64(n))
}

// Follows says whether the event's hash fits the one before it.
func (e Event) Follows(previous []byte) bool { return bytes.Equal(e.Hash, e.chain(previous)) }

func frame(h hash.Hash, field []byte) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(field)))
	h.Write(length[:])
	h.Write(field)
}

func frameInt(h hash.Hash, n int64) {
	var bytes [8]byte
	binary.BigEndian.PutUint64(bytes[:], uint64(n))
	frame(h, bytes[:])
}
