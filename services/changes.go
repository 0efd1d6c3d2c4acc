package services

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// Changes are what two people change about this installation: one proposes, another
// confirms (invariants.md 3). What kind of thing it is, a Kind knows.
type Changes struct{ *Core }

// Kind is what one kind of change knows of itself.
type Kind interface {
	// Subject is what the subject is called, and the person whom a change of it concerns,
	// who may neither propose nor decide it; nil for nobody.
	Subject(db *gorm.DB, subject string) (name string, about *models.PersonID, err error)
	// Now is the content as it stands, in the very form in which it is proposed.
	Now(tx *gorm.DB, subject string) (content any, err error)
	// Check refuses content that could never be carried out, or not any more; asked at
	// proposing and again at confirming.
	Check(tx *gorm.DB, c models.Change) error
	// Apply carries a confirmed change out and appends the kind's own event.
	Apply(tx *gorm.DB, c models.Change, by models.Actor) error
	// Lines are what differs between what stood and what is to stand.
	Lines(db *gorm.DB, c models.Change) ([]models.ChangeLine, error)
}

// A dropper is a kind that keeps something beside the change, and forgets it where the
// change ends otherwise than confirmed.
type dropper interface {
	Drop(tx *gorm.DB, c models.Change) error
}

// knownOtherwise is a kind whose subjects have numbers that nobody knows before they are
// there.
type knownOtherwise interface {
	SignedAs(db *gorm.DB, subject string) (string, error)
}

// kinds make every kind of change; models.ChangeKinds lists the same.
var kinds = map[models.ChangeKind]func(*Core) Kind{
	models.ChangePayee:      func(c *Core) Kind { return payeeChanges{c} },
	models.ChangeRoles:      func(c *Core) Kind { return roleChanges{c} },
	models.ChangeLink:       func(c *Core) Kind { return linkChanges{c} },
	models.ChangePolicy:     func(c *Core) Kind { return policyChanges{c} },
	models.ChangeKeys:       func(c *Core) Kind { return keyChanges{c} },
	models.ChangeAccount:    func(c *Core) Kind { return accountChanges{c} },
	models.ChangeAddress:    func(c *Core) Kind { return addressChanges{c} },
	models.ChangeLimits:     func(c *Core) Kind { return limitChanges{c} },
	models.ChangeRests:      func(c *Core) Kind { return payeeReleases{c} },
	models.ChangePayeeRules: func(c *Core) Kind { return payeeRuleChanges{c} },
	models.ChangeNewPayee:   func(c *Core) Kind { return newPayees{c} },
	models.ChangeUnblock:    func(c *Core) Kind { return unblocks{c} },
	models.ChangeOwnAccount: func(c *Core) Kind { return ownEnds{c} },
	models.ChangeSending:    func(c *Core) Kind { return sendingChanges{c} },
	models.ChangeCalendar:   func(c *Core) Kind { return calendarChanges{c} },
}

// Of is what a kind knows of itself.
func (s *Changes) Of(kind models.ChangeKind) Kind { return kinds[kind](s.Core) }

// Propose asks for a second person. Until one confirms, everything stays as it is.
func (s *Changes) Propose(ctx context.Context, by models.Actor, kind models.ChangeKind, subject string, content any, reason string, signed Signed) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) (err error) {
		c, err = s.ProposeIn(tx, by, kind, subject, content, reason, signed)
		return err
	})
	return c, err
}

// ProposeIn is Propose within a write that does more.
func (s *Changes) ProposeIn(tx *gorm.DB, by models.Actor, kind models.ChangeKind, subject string, content any, reason string, signed Signed) (models.Change, error) {
	c := models.Change{Kind: kind, Subject: subject, ProposedBy: by.ID, ProposedAt: s.Now()}
	proposer, err := activePerson(tx, by.ID)
	if err != nil {
		return c, err
	}
	if c.Reason, err = needReason(reason); err != nil {
		return c, err
	}
	name, about, err := s.Of(kind).Subject(tx, subject)
	if err != nil {
		return c, err
	}
	c.Concern(about)
	if err := c.CheckPropose(proposer); err != nil {
		return c, err
	}
	if err := s.write(tx, &c, content); err != nil {
		return c, err
	}
	if err := s.checkOpen(tx, c); err != nil {
		return c, err
	}
	signature, err := s.sign(tx, &c, models.ActProposeChange, name, signed)
	if err != nil {
		return c, err
	}
	if err := models.AddChange(tx, &c); err != nil {
		return c, err
	}
	return c, s.note(tx, proposer.As(kind.Proposing()), "change_proposed", c, "", signature)
}

// Alone takes the proof of somebody who takes power away, or holds money back: for that
// one person is enough. What is done then, the caller does.
func (s *Changes) Alone(tx *gorm.DB, by models.Actor, kind models.ChangeKind, subject string, content any, reason string, signed Signed) (signature models.Signature, err error) {
	c := models.Change{Kind: kind, Subject: subject, ProposedBy: by.ID, Reason: reason}
	name, _, err := s.Of(kind).Subject(tx, subject)
	if err != nil {
		return signature, err
	}
	if err := s.write(tx, &c, content); err != nil {
		return signature, err
	}
	return s.sign(tx, &c, models.ActChangeAlone, name, signed)
}

// sign takes a person's proof for a change as it is written.
func (s *Changes) sign(tx *gorm.DB, c *models.Change, verb models.ActVerb, name string, signed Signed) (signature models.Signature, err error) {
	deed := Deed{Kind: c.Kind, Name: name, Reason: c.Reason}
	of, err := s.signedAs(tx, *c)
	if err != nil {
		return signature, err
	}
	if deed.Act, err = c.Act(verb, of, name); err != nil {
		return signature, err
	}
	if deed.Lines, err = s.Of(c.Kind).Lines(tx, *c); err != nil {
		return signature, err
	}
	signature, err = signed.over(tx, c.ProposedBy, deed, s.Now())
	c.ProposedAt = signature.MadeAt
	return signature, err
}

// signedAs is the subject as whoever signs knows it.
func (s *Changes) signedAs(tx *gorm.DB, c models.Change) (string, error) {
	if kind, known := s.Of(c.Kind).(knownOtherwise); known {
		return kind.SignedAs(tx, c.Subject)
	}
	return c.Subject, nil
}

// write puts the content and its ground on paper.
func (s *Changes) write(tx *gorm.DB, c *models.Change, content any) error {
	now, err := s.standing(tx, *c)
	if err != nil {
		return err
	}
	after, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("write a change of %s: %w", c.Kind, err)
	}
	if c.Before, c.Content = now, string(after); c.Before == c.Content {
		return models.Refuse(models.Conflict, "change.nothing")
	}
	return nil
}

// checkOpen says whether the change can be proposed: nothing else about it waits, and it
// could be carried out.
func (s *Changes) checkOpen(tx *gorm.DB, c models.Change) error {
	if _, waits, err := models.WaitingChange(tx, c.Kind, c.Subject); err != nil || waits {
		return orRefuse(err, models.Refuse(models.Conflict, "change.waits_already"))
	}
	return s.Of(c.Kind).Check(tx, c)
}

// standing is the content as it stands, on paper.
func (s *Changes) standing(tx *gorm.DB, c models.Change) (string, error) {
	now, err := s.Of(c.Kind).Now(tx, c.Subject)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(now)
	return string(text), err
}
