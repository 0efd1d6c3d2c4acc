package services

import (
	"encoding/json"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"countersign/models"
)

// roleChanges are changes of what a person may do. The subject is the person, the content
// a models.Grant.
type roleChanges struct{ *Core }

// Subject is the person, who may neither propose nor decide it themselves.
func (k roleChanges) Subject(db *gorm.DB, subject string) (string, *models.PersonID, error) {
	p, err := subjectPerson(db, subject)
	return p.Name, &p.ID, err
}

// SignedAs is the person by their login: who is being added has no number yet, and of two
// people who are added at the same moment neither signature is about the other.
func (k roleChanges) SignedAs(db *gorm.DB, subject string) (string, error) {
	p, err := subjectPerson(db, subject)
	return "of " + p.Login, err
}

func subjectPerson(db *gorm.DB, subject string) (models.Person, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return models.Person{}, models.Refuse(models.Missing, "person.missing")
	}
	return models.FindPerson(db, models.PersonID(id))
}

// PersonSubject names a person as the subject of a change.
func PersonSubject(id models.PersonID) string { return strconv.FormatInt(int64(id), 10) }

// Now is what the person may do now.
func (k roleChanges) Now(tx *gorm.DB, subject string) (any, error) {
	p, err := subjectPerson(tx, subject)
	return models.GrantOf(p), err
}

// Check refuses roles that nobody can hold.
func (k roleChanges) Check(tx *gorm.DB, c models.Change) error {
	before, after, err := grantsOf(c)
	if err != nil {
		return err
	}
	if err := after.Check(); err != nil {
		return err
	}
	if err := checkAccounts(tx, after.Scope); err != nil {
		return err
	}
	return after.CheckApart(before, k.Core.Now())
}

// grantsOf are what stood and what is to stand.
func grantsOf(c models.Change) (before, after models.Grant, err error) {
	if before, err = readGrant(c.Before); err != nil {
		return before, after, err
	}
	after, err = readGrant(c.Content)
	return before, after, err
}

func readGrant(text string) (g models.Grant, err error) {
	if err = json.Unmarshal([]byte(text), &g); err != nil {
		err = fmt.Errorf("read a grant: %w", err)
	}
	return g, err
}

// Apply gives the roles.
func (k roleChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	p, err := subjectPerson(tx, c.Subject)
	if err != nil {
		return err
	}
	grant, err := readGrant(c.Content)
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	people := &People{Core: k.Core}
	return people.give(tx, by, p, grant, models.Details{"proposed_by": proposer.Name, "reason_text": c.Reason})
}

// Lines are the roles, and whether the person signs in at all.
func (k roleChanges) Lines(db *gorm.DB, c models.Change) (lines []models.ChangeLine, err error) {
	before, after, err := grantsOf(c)
	if err != nil {
		return nil, err
	}
	if before.Active != after.Active {
		lines = append(lines, models.ChangeLine{Name: "person.state", Before: standingOf(before), After: standingOf(after)})
	}
	lines = append(lines, models.ChangeLine{Name: "person.roles", Before: before.Roles, After: after.Roles})
	scope, err := scopeLines(db, before.Scope, after.Scope)
	if err != nil {
		return nil, err
	}
	lines = append(lines, scope...)
	if after.Until != 0 {
		lines = append(lines, models.ChangeLine{Name: "apart.exception", After: models.FromMillis(after.Until)})
	}
	return lines, nil
}

func standingOf(g models.Grant) models.Word {
	if g.Active {
		return "person.active"
	}
	return "person.inactive"
}
