package models

import (
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
)

// PersonID names a person.
type PersonID int64

// Person is somebody who signs in. What they may do follows from their roles.
type Person struct {
	ID                PersonID
	Login             string
	Name              string
	Zone              string // IANA name; clocks are shown in it
	PasswordHash      string
	PasswordChangedAt time.Time `gorm:"serializer:ms"`
	Active            bool
	CreatedAt         time.Time `gorm:"serializer:ms;autoCreateTime:false"`
	Roles             []Role    `gorm:"-"`
	Scope             Scope     `gorm:"-"`
}

// PersonRole is one role of one person.
type PersonRole struct {
	PersonID PersonID `gorm:"primaryKey"`
	Role     Role     `gorm:"primaryKey"`
}

// Has says whether the person holds the role.
func (p Person) Has(role Role) bool { return slices.Contains(p.Roles, role) }

// May says whether one of the person's roles allows the verb at all; rules about
// one order (own, not own, second person) stand with the order. What is about
// oneself needs no role.
func (p Person) May(v Verb) bool { return v == VerbSignIn || p.RoleFor(v) != "" }

// RoleFor is the first of the person's roles that allows the verb, or "".
func (p Person) RoleFor(v Verb) Role {
	for _, role := range p.Roles {
		if slices.Contains(permissions[v], role) {
			return role
		}
	}
	return ""
}

// As is the person acting with the role that allows the verb.
func (p Person) As(v Verb) Actor { return Actor{ID: p.ID, Name: p.Name, Role: p.RoleFor(v)} }

// Location is the person's zone, UTC if it is not known here.
func (p Person) Location() *time.Location {
	return zone(p.Zone)
}

// FindPerson reads one active or inactive person with their roles.
func FindPerson(db *gorm.DB, id PersonID) (Person, error) {
	return onePerson(db.Where("id = ?", id))
}

// FindPersonByLogin reads the person who signs in under this name.
func FindPersonByLogin(db *gorm.DB, login string) (Person, error) {
	return onePerson(db.Where("login = ?", login))
}

func onePerson(db *gorm.DB) (Person, error) {
	var found Person
	err := db.Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return found, Refuse(Missing, "person.missing")
	}
	if err != nil {
		return found, err
	}
	people := []Person{found}
	err = withRoles(db.Session(&gorm.Session{NewDB: true}), people)
	return people[0], err
}

// People lists everybody, by name.
func People(db *gorm.DB) ([]Person, error) {
	var all []Person
	if err := db.Order("name").Find(&all).Error; err != nil {
		return nil, err
	}
	return all, withRoles(db, all)
}

// withRoles fills in the roles, in the order of Roles, and the scopes.
func withRoles(db *gorm.DB, people []Person) error {
	var rows []PersonRole
	if err := db.Find(&rows).Error; err != nil {
		return err
	}
	for i := range people {
		for _, role := range Roles {
			if slices.Contains(rows, PersonRole{people[i].ID, role}) {
				people[i].Roles = append(people[i].Roles, role)
			}
		}
	}
	return withScopes(db, people)
}

// AddPerson stores a new person with their roles.
func AddPerson(tx *gorm.DB, p *Person) error {
	err := tx.Create(p).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Refuse(Conflict, "person.login_taken").On("login")
	}
	if err != nil {
		return err
	}
	return SetRoles(tx, p.ID, p.Roles)
}

// SetRoles replaces the person's roles.
func SetRoles(tx *gorm.DB, id PersonID, roles []Role) error {
	if err := tx.Where("person_id = ?", id).Delete(&PersonRole{}).Error; err != nil {
		return err
	}
	for _, role := range roles {
		if err := tx.Create(&PersonRole{id, role}).Error; err != nil {
			return err
		}
	}
	return nil
}

// SetActive lets a person sign in, or not.
func SetActive(tx *gorm.DB, id PersonID, active bool) error {
	return tx.Model(&Person{}).Where("id = ?", id).Update("active", active).Error
}

// SetPassword replaces the hash; a zero time says that somebody else chose the
// password, so that its owner has to choose another.
func SetPassword(tx *gorm.DB, id PersonID, hash string, at time.Time) error {
	return tx.Model(&Person{}).Where("id = ?", id).
		Updates(map[string]any{"password_hash": hash, "password_changed_at": Millis(at)}).Error
}

// SetZone chooses the zone in which the person is shown clocks.
func SetZone(tx *gorm.DB, id PersonID, zone string) error {
	return tx.Model(&Person{}).Where("id = ?", id).Update("zone", zone).Error
}
