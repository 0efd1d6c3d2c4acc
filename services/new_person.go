package services

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"countersign/models"
)

// NewPerson is who is to be added. Where a person adds them there is no password: they
// choose it by an invitation, and hold no role until a controller has confirmed it.
type NewPerson struct {
	Login    string
	Name     string
	Zone     string // IANA name; "" is UTC
	Password string
	Roles    []models.Role
	Scope    models.Scope
	Until    time.Time // the end of an exception for roles that are kept apart
	Reason   string    // why they are to hold the roles
}

// check tells every mistake at once, in the order of the form.
func (n NewPerson) check(invited bool, at time.Time) (errs models.Refusals) {
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
	add(models.Grant{Roles: n.Roles}.Check())
	if invited {
		_, err := needReason(n.Reason)
		add(err)
		add(Wanted{Roles: n.Roles, Until: n.Until}.over(models.Grant{}).CheckApart(models.Grant{}, at))
	}
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
