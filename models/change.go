package models

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"time"

	"gorm.io/gorm"
)

// Change is something about this installation that two people change (invariants.md 3):
// one proposes it, another confirms it, and neither is the person whom it concerns.
type Change struct {
	ID         int64
	Kind       ChangeKind
	Subject    string // within the kind: a person, a payee; "" for the one policy
	Content    string // canonical JSON of the kind's own struct; secrets only as sealed bytes
	Digest     []byte // what both people agree on
	Before     string // the same struct as it stood when it was proposed
	Reason     string
	State      ChangeState
	ProposedBy PersonID
	ProposedAt time.Time `gorm:"serializer:ms"`
	DecidedBy  *PersonID
	DecidedAt  time.Time `gorm:"serializer:ms"`
	Answer     string    // why it was refused
	About      *PersonID // whom it concerns; nil for nobody
}

// ChangeState is how far a change has come.
type ChangeState string

// The states of a change. Overtaken is one whose ground was another by the time it was
// to be confirmed.
const (
	ChangeWaiting   ChangeState = "waiting"
	ChangeConfirmed ChangeState = "confirmed"
	ChangeRefused   ChangeState = "refused"
	ChangeWithdrawn ChangeState = "withdrawn"
	ChangeOvertaken ChangeState = "overtaken"
)

// ChangeLine is one thing that a change changes. Name is a catalogue key; what stood and
// what is to stand are text, or something that refusals know how to write: roles, sums,
// times.
type ChangeLine struct {
	Name          string
	Before, After any
}

// Seal is the digest over what is changed into what, on which ground.
func (c Change) Seal() []byte {
	ground := sha256.Sum256([]byte(c.Before))
	h := sha256.New()
	for _, field := range [][]byte{[]byte(c.Kind), []byte(c.Subject), []byte(c.Content), ground[:]} {
		frame(h, field)
	}
	return h.Sum(nil)
}

// CheckPropose says whether the person may propose such a change.
func (c Change) CheckPropose(by Person) error {
	switch {
	case c.Kind == ChangeOwnAccount:
		return c.checkOwnEnd(by)
	case !by.May(c.Kind.Proposing()):
		return Refuse(Forbidden, "change.not_yours_to_propose")
	case c.concerns(by):
		return Refuse(Forbidden, "change.about_proposer")
	}
	return c.checkScope(by)
}

// CheckDecide says whether the person may confirm or refuse the change.
func (c Change) CheckDecide(by Person) error {
	switch {
	case c.ProposedBy == by.ID:
		return Refuse(Forbidden, "change.own_proposal")
	case c.concerns(by):
		return Refuse(Forbidden, "change.about_you")
	case !by.May(c.Kind.Confirming()):
		return Refuse(Forbidden, "change.not_yours_to_decide")
	}
	if err := c.checkScope(by); err != nil {
		return err
	}
	return c.checkWaiting()
}

// checkScope leaves what concerns the whole installation to those who see the whole of it.
func (c Change) checkScope(by Person) error {
	if c.ofPart() {
		return nil
	}
	return by.CheckWhole()
}

// CheckWithdraw says whether the person may take the proposal back: whoever made it.
func (c Change) CheckWithdraw(by Person) error {
	if c.ProposedBy != by.ID {
		return Refuse(Forbidden, "change.not_your_proposal")
	}
	return c.checkWaiting()
}

// Verb is by which verb the person has to do with the change.
func (c Change) Verb(p Person) Verb {
	if c.ProposedBy == p.ID {
		return c.Kind.Proposing()
	}
	return c.Kind.Confirming()
}

// CheckSee says whether the person may see the change: whoever may propose or decide on
// such a one, whoever proposed it, whoever it concerns, and who reads the audit. To
// others it is missing.
func (c Change) CheckSee(by Person) error {
	if by.May(c.Kind.Proposing()) || by.May(c.Kind.Confirming()) || by.May(VerbAudit) || c.ProposedBy == by.ID || c.concerns(by) {
		return nil
	}
	return errNoChange
}

// CheckDigest says whether the person looked at this very change.
func (c Change) CheckDigest(seen []byte) error {
	if !bytes.Equal(seen, c.Digest) || !bytes.Equal(c.Digest, c.Seal()) {
		return Refuse(Conflict, "change.seen_otherwise")
	}
	return nil
}

// Waits says whether nobody has decided yet.
func (c Change) Waits() bool { return c.State == ChangeWaiting }

// Touches says whether the person proposed the change or is concerned by it.
func (c Change) Touches(id PersonID) bool {
	return c.ProposedBy == id || c.About != nil && *c.About == id
}

func (c Change) concerns(p Person) bool { return c.About != nil && *c.About == p.ID }

func (c Change) checkWaiting() error {
	if !c.Waits() {
		return errChangeDecided
	}
	return nil
}

var (
	errNoChange      = Refuse(Missing, "change.missing")
	errChangeDecided = Refuse(Conflict, "change.decided")
)

// AddChange stores a proposal, one at a time for each subject.
func AddChange(tx *gorm.DB, c *Change) error {
	c.State, c.Digest = ChangeWaiting, c.Seal()
	return orTaken(tx.Create(c).Error, "change.waits_already")
}

// End stores how a change ended; of two who decide at once, one does. by is nil where the
// machine found it overtaken.
func (c Change) End(tx *gorm.DB, state ChangeState, by *PersonID, answer string, at time.Time) error {
	ended := tx.Model(&Change{}).Where("id = ? AND state = ?", c.ID, ChangeWaiting).
		Updates(map[string]any{"state": state, "decided_by": by, "decided_at": Millis(at), "answer": answer})
	if ended.Error == nil && ended.RowsAffected != 1 {
		return errChangeDecided
	}
	return ended.Error
}

// FindChange reads one change.
func FindChange(db *gorm.DB, id int64) (Change, error) {
	var c Change
	err := db.Take(&c, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, errNoChange
	}
	return c, err
}

// WaitingChange is the one that waits about a subject; ok is false if none does.
func WaitingChange(db *gorm.DB, kind ChangeKind, subject string) (c Change, ok bool, err error) {
	var found []Change
	err = db.Where("kind = ? AND subject = ? AND state = ?", kind, subject, ChangeWaiting).Find(&found).Error
	if err != nil || len(found) == 0 {
		return c, false, err
	}
	return found[0], true, nil
}

// WaitingChanges are all that wait, the oldest first.
func WaitingChanges(db *gorm.DB) ([]Change, error) {
	var all []Change
	err := db.Where("state = ?", ChangeWaiting).Order("id").Find(&all).Error
	return all, err
}

// DecidedChanges are the last ones that wait no more, the newest first.
func DecidedChanges(db *gorm.DB, most int) ([]Change, error) {
	var all []Change
	err := db.Where("state <> ?", ChangeWaiting).Order("decided_at DESC, id DESC").Limit(most).Find(&all).Error
	return all, err
}

// CarriedOut are the last changes about a subject that were carried out, the newest first.
func CarriedOut(db *gorm.DB, kind ChangeKind, subject string, most int) (all []Change, err error) {
	err = db.Where("kind = ? AND subject = ? AND state = ?", kind, subject, ChangeConfirmed).Order("decided_at DESC, id DESC").Limit(most).Find(&all).Error
	return all, err
}

// CountChangesFor counts what waits for the person's decision.
func CountChangesFor(db *gorm.DB, by Person) (n int, err error) {
	waiting, err := WaitingChanges(db)
	for _, c := range waiting {
		if c.CheckDecide(by) == nil && c.CheckSubject(db, by) == nil {
			n++
		}
	}
	return n, err
}
