package services

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
)

// People are the verbs of the people admin, and of everybody about themselves.
type People struct {
	*Core
	Passwords *Passwords
}

// NewPerson is who is to be added. Where a person adds them there is no password: they
// choose it by an invitation.
type NewPerson struct {
	Login    string
	Name     string
	Zone     string // IANA name; "" is UTC
	Password string
	Roles    []models.Role
}

// Add stores a person. One whom the machine's own command adds signs in with the password
// that was given there; one whom a colleague adds has none, and is invited.
func (s *People) Add(ctx context.Context, by models.Actor, n NewPerson) (models.Person, error) {
	p, err := s.prepare(ctx, by, n)
	if err != nil {
		return p, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := stillMay(tx, by, models.VerbPeople); err != nil {
			return err
		}
		return s.add(tx, by, &p)
	})
	return p, err
}

// prepare checks who is to be added, and hashes the password if there is to be one.
func (s *People) prepare(ctx context.Context, by models.Actor, n NewPerson) (p models.Person, err error) {
	n.Login, n.Name = strings.TrimSpace(n.Login), strings.TrimSpace(n.Name)
	if n.Zone == "" {
		n.Zone = "UTC"
	}
	if errs := n.check(by.ID != 0); len(errs) > 0 {
		return p, errs
	}
	p = models.Person{Login: n.Login, Name: n.Name, Zone: n.Zone, Active: true, CreatedAt: s.Now(), Roles: n.Roles}
	if by.ID != 0 {
		return p, nil
	}
	p.PasswordChangedAt = s.Now()
	p.PasswordHash, err = s.Passwords.hash(ctx, n.Password)
	return p, err
}

func (s *People) add(tx *gorm.DB, by models.Actor, p *models.Person) error {
	if err := models.AddPerson(tx, p); err != nil {
		return err
	}
	return s.note(tx, by, "person_added", p.ID, models.Details{"login": p.Login, "name": p.Name, "roles": roleList(p.Roles)})
}

// check tells every mistake at once, in the order of the form.
func (n NewPerson) check(invited bool) (errs models.Refusals) {
	add := func(err error) {
		if refusal, ok := err.(models.Refusal); ok {
			errs = append(errs, refusal)
		}
	}
	add(checkName(n.Name))
	add(checkLogin(n.Login))
	add(checkZone(n.Zone))
	if !invited {
		add(checkPassword(n.Password, n.Login, n.Name))
	}
	add(checkRoles(n.Roles))
	return errs
}

func checkLogin(login string) error {
	fits := func(r rune) bool {
		return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-@+", r))
	}
	if len(login) < 2 || len(login) > 64 || strings.IndexFunc(login, func(r rune) bool { return !fits(r) }) >= 0 {
		return models.Refuse(models.Invalid, "person.login_shape").On("login")
	}
	return nil
}

func checkName(name string) error {
	n := utf8.RuneCountInString(name)
	if n < 2 || n > 80 || strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
		return models.Refuse(models.Invalid, "person.name_shape").On("name")
	}
	return nil
}

func checkZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return models.Refuse(models.Invalid, "person.zone_unknown").On("zone")
	}
	return nil
}

func checkRoles(roles []models.Role) error {
	if len(roles) == 0 {
		return models.Refuse(models.Invalid, "person.roles_missing").On("roles")
	}
	for i, role := range roles {
		if !slices.Contains(models.Roles, role) || slices.Contains(roles[:i], role) {
			return models.Refuse(models.Invalid, "person.role_unknown").On("roles")
		}
	}
	return nil
}

// SetRoles gives a person other roles. Their sessions end, so that nothing goes
// on under the old ones (I22, S19). Nobody changes their own.
func (s *People) SetRoles(ctx context.Context, by models.Actor, id models.PersonID, roles []models.Role) error {
	if err := checkRoles(roles); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		if slices.Equal(roleSet(roles), roleSet(p.Roles)) {
			return nil
		}
		if err := models.SetRoles(tx, id, roles); err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, id, nil); err != nil {
			return err
		}
		return s.note(tx, by, "roles_changed", id, models.Details{"name": p.Name, "before": roleList(p.Roles), "after": roleList(roles)})
	})
}

// Deactivate ends a person's sessions and lets them sign in no more. Links to them are
// void, and the cases that they took on are everybody's again.
func (s *People) Deactivate(ctx context.Context, by models.Actor, id models.PersonID) error {
	return s.setActive(ctx, by, id, false, "person_deactivated")
}

// handBack lets others take on the cases that the person had.
func (s *People) handBack(tx *gorm.DB, by models.Actor, id models.PersonID) error {
	cases, err := models.CasesOf(tx, id)
	if err != nil {
		return err
	}
	for _, p := range cases {
		p.OwnerID = 0
		if err := p.Keep(tx); err != nil {
			return err
		}
		if err := models.Remark(tx, p, "handed_back", by, s.Now(), nil); err != nil {
			return err
		}
	}
	return nil
}

// Activate lets a person sign in again.
func (s *People) Activate(ctx context.Context, by models.Actor, id models.PersonID) error {
	return s.setActive(ctx, by, id, true, "person_activated")
}

func (s *People) setActive(ctx context.Context, by models.Actor, id models.PersonID, active bool, verb string) error {
	return s.change(ctx, by, id, func(tx *gorm.DB, p models.Person) error {
		if p.Active == active {
			return models.Refuse(models.Conflict, "person.already_so")
		}
		if err := models.SetActive(tx, id, active); err != nil {
			return err
		}
		if err := models.EndSessionsOf(tx, id, nil); err != nil {
			return err
		}
		if err := models.VoidInvitations(tx, &id); err != nil {
			return err
		}
		if err := s.handBack(tx, by, id); err != nil {
			return err
		}
		return s.note(tx, by, verb, id, models.Details{"name": p.Name})
	})
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

func roleSet(roles []models.Role) []models.Role {
	sorted := slices.Clone(roles)
	slices.Sort(sorted)
	return sorted
}

func roleList(roles []models.Role) string {
	var names []string
	for _, role := range roleSet(roles) {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}
