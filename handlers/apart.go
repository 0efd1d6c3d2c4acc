package handlers

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"

	"countersign/models"
	"countersign/views"
)

// lastDay reads the last day of an exception as the reader means it: it is over when the
// next day begins in their zone. Zero is none.
func lastDay(c *gin.Context, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, person(c).Location())
	if err != nil {
		return day, models.Refuse(models.Invalid, "apart.no_day").On("until")
	}
	return day.AddDate(0, 0, 1), nil
}

// apartPage is the matrix of roles that are kept apart, and who holds two of them.
func (h *Handlers) apartPage(db *gorm.DB, people []models.Person) (p views.ApartPage, err error) {
	for _, one := range models.Roles {
		row := views.ApartRow{Role: one}
		for _, other := range models.Roles {
			row.Cells = append(row.Cells, views.ApartCell{Same: one == other, Why: models.KeptApart(one, other), Both: holdBoth(people, one, other)})
		}
		p.Rows = append(p.Rows, row)
	}
	standing, err := models.Exceptions(db)
	if err != nil {
		return p, err
	}
	for _, somebody := range people {
		p.Exceptions = append(p.Exceptions, exceptionsAmong(standing, somebody)...)
	}
	return p, nil
}

// holdBoth counts the active people who hold both roles.
func holdBoth(people []models.Person, one, other models.Role) (n int) {
	for _, p := range people {
		if p.Active && one != other && p.Has(one) && p.Has(other) {
			n++
		}
	}
	return n
}

// exceptionsAmong are the roles that are kept apart and that a person holds, with the
// exception that allows it, if one does.
func exceptionsAmong(standing []models.RoleException, p models.Person) (found []views.HeldApart) {
	for _, pair := range models.Conflicts(p.Roles) {
		one := views.HeldApart{Person: p, Apart: pair}
		at := slices.IndexFunc(standing, func(e models.RoleException) bool { return e.Covers(p.ID, pair) })
		if at >= 0 {
			one.Until, one.Later, one.Reason = standing[at].UntilAt, standing[at].Later, standing[at].Reason
		}
		found = append(found, one)
	}
	return found
}

func exceptionsOf(db *gorm.DB, id models.PersonID) ([]views.HeldApart, error) {
	standing, err := models.Exceptions(db)
	if err != nil {
		return nil, err
	}
	p, err := models.FindPerson(db, id)
	return exceptionsAmong(standing, p), err
}
