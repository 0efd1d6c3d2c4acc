package services

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
)

// People are the verbs of the people admin, and of everybody about themselves.
type People struct {
	*Core
	Passwords *Passwords
}

// Add stores a person. One whom the machine's own command adds signs in with the password
// that was given there and holds the roles at once. One whom a colleague adds has no
// password and no role: they are invited, and a controller confirms the roles.
func (s *People) Add(ctx context.Context, by models.Actor, n NewPerson, signed Signed) (models.Person, error) {
	p, err := s.prepare(ctx, by, n)
	if err != nil {
		return p, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbPeople); err != nil {
			return err
		}
		if err := s.add(tx, by, &p); err != nil || by.ID == 0 {
			return err
		}
		return s.propose(tx, by, p.ID, Wanted{Roles: n.Roles, Scope: n.Scope, Until: n.Until}.over(models.GrantOf(p)), n.Reason, signed)
	})
	return p, err
}

// prepare checks who is to be added, and hashes the password if there is to be one.
func (s *People) prepare(ctx context.Context, by models.Actor, n NewPerson) (p models.Person, err error) {
	n.Login, n.Name = strings.TrimSpace(n.Login), strings.TrimSpace(n.Name)
	if n.Zone == "" {
		n.Zone = "UTC"
	}
	if errs := n.check(by.ID != 0, s.Now()); len(errs) > 0 {
		return p, errs
	}
	p = models.Person{Login: n.Login, Name: n.Name, Zone: n.Zone, Active: true, CreatedAt: s.Now()}
	if by.ID != 0 {
		return p, nil
	}
	p.Roles, p.PasswordChangedAt = n.Roles, s.Now()
	p.PasswordHash, err = s.Passwords.hash(ctx, n.Password)
	return p, err
}

func (s *People) add(tx *gorm.DB, by models.Actor, p *models.Person) error {
	if err := models.AddPerson(tx, p); err != nil {
		return err
	}
	return s.note(tx, by, "person_added", p.ID, models.Details{"login": p.Login, "name": p.Name, "roles": roleList(p.Roles)})
}

// Deactivate ends a person's sessions and lets them sign in no more, at once: that takes
// power away. Links to them are void, what waited for them has another owner, and changes
// that they proposed or that concern them are over.
func (s *People) Deactivate(ctx context.Context, by models.Actor, id models.PersonID, to Heirs, signed Signed) error {
	return s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		if !p.Active {
			return models.Refuse(models.Conflict, "person.already_so")
		}
		details, err := s.signLeaving(tx, by, p, to, signed)
		if err != nil {
			return err
		}
		if err := models.SetActive(tx, id, false); err != nil {
			return err
		}
		if err := s.note(tx, by, "person_deactivated", id, details); err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, id, nil); err != nil {
			return err
		}
		if err := models.VoidInvitations(tx, &id); err != nil {
			return err
		}
		if err := (&Changes{s.Core}).overtake(tx, by, id); err != nil {
			return err
		}
		return s.leave(tx, by, p, to)
	})
}

// sign takes an admin's proof for a deed on a person as they stand; the machine signs
// nothing.
func (s *People) sign(tx *gorm.DB, by models.Actor, p models.Person, verb models.ActVerb, reason string, signed Signed) (models.Signature, error) {
	if by.ID == 0 {
		return unsigned, nil
	}
	act, err := p.Act(verb)
	if err != nil {
		return unsigned, err
	}
	return signed.over(tx, by.ID, Deed{Act: act, Name: p.Name, Lines: personLines(p), Reason: reason}, s.Now())
}

func personLines(p models.Person) []models.ChangeLine {
	return []models.ChangeLine{{Name: "person.login", After: p.Login}, {Name: "person.roles", After: p.Roles}}
}

// change is one act of a people admin on somebody else.
func (s *People) change(ctx context.Context, by models.Actor, id models.PersonID, act func(tx *gorm.DB, p models.Person) error) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbPeople); err != nil {
			return err
		}
		p, err := models.FindPerson(tx, id)
		if err != nil {
			return err
		}
		if p.ID == by.ID {
			return models.Refuse(models.Forbidden, "person.own_roles")
		}
		return act(tx, p)
	})
}

func (s *People) note(tx *gorm.DB, by models.Actor, verb string, id models.PersonID, d models.Details) error {
	return models.Append(tx, models.Event{
		At: s.Now(), Verb: verb, ActorID: by.ID, Actor: by.Name, Role: string(by.Role),
		Subject: "person", SubjectID: fmt.Sprint(id), Details: d,
	})
}

// stillMay reads the person again inside the write: roles may have changed since
// the page was opened (S19). The machine has no row and may.
func stillMay(tx *gorm.DB, by models.Actor, v models.Verb) error {
	if by.ID == 0 {
		return nil
	}
	p, err := models.FindPerson(tx, by.ID)
	if err != nil {
		return err
	}
	if !p.Active || !p.May(v) {
		return models.Refuse(models.Forbidden, "role.changed")
	}
	return nil
}
