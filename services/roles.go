package services

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Wanted is what a person is to be able to do.
type Wanted struct {
	Roles  []models.Role
	Scope  models.Scope
	Until  time.Time // the end of an exception for roles that are kept apart; zero without one
	Reason string
}

// SetRoles changes what a person may do. What takes power away acts at once; what gives
// any waits for a controller (invariants.md 3), and waits is true. The commands on the
// machine act at once: where there is nobody yet there are no two people.
func (s *People) SetRoles(ctx context.Context, by models.Actor, id models.PersonID, w Wanted, signed Signed) (waits bool, err error) {
	return s.grant(ctx, by, id, w.Reason, signed, func(p models.Person) (models.Grant, error) {
		grant := w.over(models.GrantOf(p))
		if by.ID != 0 && grant.Equal(models.GrantOf(p)) {
			return grant, models.Refuse(models.Invalid, "change.nothing").On("roles")
		}
		return grant, grant.Check()
	})
}

// over is what stands with what is wanted in its place.
func (w Wanted) over(now models.Grant) models.Grant {
	grant := now.With(w.Roles)
	grant.Scope = w.Scope.InOrder()
	if !w.Until.IsZero() {
		grant.Until = models.Millis(w.Until)
	}
	return grant
}

// Activate proposes that a person signs in again, with the roles that they had.
func (s *People) Activate(ctx context.Context, by models.Actor, id models.PersonID, reason string, signed Signed) error {
	_, err := s.grant(ctx, by, id, reason, signed, func(p models.Person) (models.Grant, error) {
		if p.Active {
			return models.Grant{}, models.Refuse(models.Conflict, "person.already_so")
		}
		grant := models.GrantOf(p)
		grant.Active = true
		return grant, nil
	})
	return err
}

func (s *People) grant(ctx context.Context, by models.Actor, id models.PersonID, reason string, signed Signed, wanted func(models.Person) (models.Grant, error)) (waits bool, err error) {
	err = s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		grant, err := wanted(p)
		if err != nil {
			return err
		}
		if err := checkAccounts(tx, grant.Scope); err != nil {
			return err
		}
		if by.ID != 0 {
			if reason, err = needReason(reason); err != nil {
				return err
			}
		}
		if waits = by.ID != 0 && !grant.Within(models.GrantOf(p)); !waits {
			return s.takeAway(tx, by, p, grant, reason, signed)
		}
		return s.propose(tx, by, id, grant, reason, signed)
	})
	return waits, err
}

func (s *People) propose(tx *gorm.DB, by models.Actor, id models.PersonID, grant models.Grant, reason string, signed Signed) error {
	_, err := (&Changes{s.Core}).ProposeIn(tx, by, models.ChangeRoles, PersonSubject(id), grant, reason, signed)
	return err
}

// takeAway lets a person do less at once, as the admin has just signed. What the machine
// does nobody signs.
func (s *People) takeAway(tx *gorm.DB, by models.Actor, p models.Person, grant models.Grant, reason string, signed Signed) (err error) {
	signature := unsigned
	if by.ID != 0 {
		signature, err = (&Changes{s.Core}).Alone(tx, by, models.ChangeRoles, PersonSubject(p.ID), grant, reason, signed)
	}
	if err != nil {
		return err
	}
	return s.give(tx, by, p, grant, signature.Note(models.Details{"reason_text": reason}))
}

// give writes down what the person may do from now on. Their sessions end, so that nothing
// goes on under what they could do before (I22, S19).
func (s *People) give(tx *gorm.DB, by models.Actor, p models.Person, grant models.Grant, details models.Details) error {
	now := models.GrantOf(p)
	if grant.Equal(now) {
		return nil
	}
	if err := models.SetRoles(tx, p.ID, grant.Roles); err != nil {
		return err
	}
	if err := models.SetScope(tx, p.ID, grant.Scope); err != nil {
		return err
	}
	if err := models.EndSessionsOf(tx, p.ID, nil); err != nil {
		return err
	}
	if err := s.except(tx, p, grant, details["reason_text"]); err != nil {
		return err
	}
	details["name"], details["before"], details["after"] = p.Name, roleList(now.Roles), roleList(grant.Roles)
	if before, after := grantScope(now.Scope), grantScope(grant.Scope); before != after {
		details["before"] += "; " + before
		details["after"] += "; " + after
	}
	if pairs := grant.Conflicts(now); len(pairs) > 0 {
		details["kept_apart"] = pairList(pairs)
	}
	if grant.Active == now.Active {
		return s.note(tx, by, "roles_changed", p.ID, details)
	}
	if err := models.SetActive(tx, p.ID, grant.Active); err != nil {
		return err
	}
	return s.note(tx, by, "person_activated", p.ID, details)
}

// except writes down the exceptions that the grant brings, and ends those of roles that go.
func (s *People) except(tx *gorm.DB, p models.Person, grant models.Grant, reason string) error {
	if err := models.EndExceptions(tx, p.ID, grant.Roles, s.Now()); err != nil || grant.Until == 0 {
		return err
	}
	for _, pair := range grant.Conflicts(models.GrantOf(p)) {
		later, earlier := pair.Later(p.Roles)
		if err := models.AddException(tx, &models.RoleException{
			PersonID: p.ID, Later: later, Earlier: earlier, Reason: reason, GivenAt: s.Now(), UntilAt: models.FromMillis(grant.Until),
		}); err != nil {
			return err
		}
	}
	return nil
}

func pairList(pairs []models.Apart) (list string) {
	for i, pair := range pairs {
		if i > 0 {
			list += ", "
		}
		list += fmt.Sprintf("%s+%s", pair.One, pair.Other)
	}
	return list
}

// EndExceptions takes the later role away from everybody whose exception is over. It acts,
// so that a clock that is set back gives nothing back (I20).
func (s *People) EndExceptions(ctx context.Context) error {
	standing, err := models.Exceptions(s.Store.Read(ctx))
	if err != nil || len(standing) == 0 || standing[0].UntilAt.After(s.Now()) {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		for _, e := range standing {
			if e.UntilAt.After(s.Now()) {
				continue
			}
			if err := s.endException(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *People) endException(tx *gorm.DB, e models.RoleException) error {
	p, err := models.FindPerson(tx, e.PersonID)
	if err != nil {
		return err
	}
	grant := models.GrantOf(p).Without(e.Later)
	return s.give(tx, models.Machine("countersign"), p, grant, models.Details{"why": "apart.ended"})
}
