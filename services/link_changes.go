package services

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
)

// linkChanges let somebody in by a link and its code, who then choose their password
// (decision 17). The subject is the person, the content an entry. The link itself is no
// part of it: it belongs to the change, and whoever confirms never sees it.
type linkChanges struct{ *Core }

// entry is how a person comes in: what must not change while it waits, and whether they
// are let in by a link.
type entry struct {
	Login  string `json:"login"`
	Chosen int64  `json:"chosen"` // when they chose their password, in milliseconds; 0: they have none
	Factor bool   `json:"factor"`
	Link   bool   `json:"link"`
}

func entryOf(db *gorm.DB, p models.Person) (entry, error) {
	factors, err := models.FactorsOf(db, p.ID)
	e := entry{Login: p.Login, Factor: factors.Any()}
	if p.PasswordHash != "" {
		e.Chosen = max(1, models.Millis(p.PasswordChangedAt)) // 1: somebody else chose it
	}
	return e, err
}

// Subject is the person, who may neither propose nor decide it themselves.
func (k linkChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	return roleChanges(k).Subject(db, subject)
}

// Now is how the person comes in now.
func (k linkChanges) Now(tx *gorm.DB, subject string) (any, error) {
	p, err := subjectPerson(tx, subject)
	if err != nil {
		return nil, err
	}
	return entryOf(tx, p)
}

// Check refuses to let anybody in who signs in no more.
func (k linkChanges) Check(tx *gorm.DB, c models.Change) error {
	p, err := subjectPerson(tx, c.Subject)
	if err == nil && !p.Active {
		err = models.Refuse(models.Conflict, "invitation.inactive")
	}
	return err
}

// Apply says in the log that two people have agreed on it. What makes the link open is its
// code, which ConfirmLink alone gives.
func (k linkChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	p, err := subjectPerson(tx, c.Subject)
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	people := &People{Core: k.Core}
	return people.note(tx, by, "invited", p.ID, models.Details{"name": p.Name, "proposed_by": proposer.Name, "reason_text": c.Reason})
}

// Drop makes the link void that nobody confirmed.
func (k linkChanges) Drop(tx *gorm.DB, c models.Change) error {
	p, err := subjectPerson(tx, c.Subject)
	if err != nil {
		return err
	}
	return models.VoidInvitations(tx, &p.ID)
}

// Lines say who comes in, whether they have a password, and whether more is asked for
// after it.
func (k linkChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	var e entry
	if err := json.Unmarshal([]byte(c.Content), &e); err != nil {
		return nil, fmt.Errorf("read who is let in: %w", err)
	}
	had, factor := models.Word("link.no_password"), models.Word("link.no_factor")
	if e.Chosen != 0 {
		had = "link.password"
	}
	if e.Factor {
		factor = "link.factor"
	}
	return []models.ChangeLine{
		{Name: "person.login", Before: e.Login, After: e.Login},
		{Name: "link.line", Before: had, After: models.Word("link.chosen_anew")},
		{Name: "factor.title", Before: factor, After: factor},
	}, nil
}

// Code is the other half of a link, shown once, to whoever confirmed it.
type Code string

// newCode makes one of 80 bits, in groups that can be read out.
func newCode() Code {
	s := randomName()
	return Code(s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16])
}

// digest is of the code as it is meant: however it was typed.
func (c Code) digest() []byte {
	return linkDigest(strings.NewReplacer("-", "", " ", "", "0", "O", "1", "I", "8", "B").Replace(strings.ToUpper(string(c))))
}

// ConfirmLink confirms that somebody is let in by a link, and makes the code without which
// it opens nothing. Whoever confirms has the code alone, and whoever asked has the link
// alone: neither comes in as the person.
func (s *Changes) ConfirmLink(ctx context.Context, by models.Actor, id int64, seen []byte, signed Signed) (code Code, err error) {
	code = newCode()
	_, err = s.confirm(ctx, by, id, seen, signed, func(tx *gorm.DB, c models.Change) error {
		link, ok, err := models.InvitationOf(tx, c.ID)
		if err != nil || !ok {
			return orRefuse(err, models.Refuse(models.Conflict, "change.overtaken"))
		}
		return link.GiveCode(tx, code.digest(), s.Now().Add(InvitationLasts))
	})
	return code, err
}
