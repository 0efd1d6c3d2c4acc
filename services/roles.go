package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// SetRoles changes what a person may do. What takes power away acts at once; what gives
// any waits for a controller (invariants.md 3), and waits is true. The commands on the
// machine act at once: where there is nobody yet there are no two people.
func (s *People) SetRoles(ctx context.Context, by models.Actor, id models.PersonID, roles []models.Role, reason string) (waits bool, err error) {
	return s.grant(ctx, by, id, reason, func(p models.Person) (models.Grant, error) {
		grant := models.GrantOf(p).With(roles)
		if by.ID != 0 && grant.Equal(models.GrantOf(p)) {
			return grant, models.Refuse(models.Invalid, "change.nothing").On("roles")
		}
		return grant, grant.Check()
	})
}

// Activate proposes that a person signs in again, with the roles that they had.
func (s *People) Activate(ctx context.Context, by models.Actor, id models.PersonID, reason string) error {
	_, err := s.grant(ctx, by, id, reason, func(p models.Person) (models.Grant, error) {
		if p.Active {
			return models.Grant{}, models.Refuse(models.Conflict, "person.already_so")
		}
		return models.Grant{Active: true, Roles: models.GrantOf(p).Roles}, nil
	})
	return err
}

func (s *People) grant(ctx context.Context, by models.Actor, id models.PersonID, reason string, wanted func(models.Person) (models.Grant, error)) (waits bool, err error) {
	err = s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		grant, err := wanted(p)
		if err != nil {
			return err
		}
		if by.ID != 0 {
			if reason, err = needReason(reason); err != nil {
				return err
			}
		}
		if waits = by.ID != 0 && !grant.Within(models.GrantOf(p)); !waits {
			return s.give(tx, by, p, grant, models.Details{"reason_text": reason})
		}
		return s.propose(tx, by, id, grant, reason)
	})
	return waits, err
}

func (s *People) propose(tx *gorm.DB, by models.Actor, id models.PersonID, grant models.Grant, reason string) error {
	_, err := (&Changes{s.Core}).ProposeIn(tx, by, models.ChangeRoles, PersonSubject(id), grant, reason)
	return err
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
	if err := models.EndSessionsOf(tx, p.ID, nil); err != nil {
		return err
	}
	details["name"], details["before"], details["after"] = p.Name, roleList(now.Roles), roleList(grant.Roles)
	if grant.Active == now.Active {
		return s.note(tx, by, "roles_changed", p.ID, details)
	}
	if err := models.SetActive(tx, p.ID, grant.Active); err != nil {
		return err
	}
	return s.note(tx, by, "person_activated", p.ID, details)
}
