package views

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"countersign/models"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// RoleWords lists roles as a reader says them: Maker, resolver.
func RoleWords(ctx context.Context, roles []models.Role) string {
	var words []string
	for i, role := range roles {
		word := i18n.T(ctx, "role."+string(role))
		if i > 0 {
			word = strings.ToLower(word)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// rolesHeld are the words for what somebody may do, where that may be nothing yet.
func rolesHeld(ctx context.Context, roles []models.Role) string {
	if len(roles) == 0 {
		return i18n.T(ctx, "people.no_role")
	}
	return RoleWords(ctx, roles)
}

func personColumns(ctx context.Context) []ui.Column {
	return []ui.Column{
		{Text: i18n.T(ctx, "person.name")}, {Text: i18n.T(ctx, "person.roles")}, {Text: i18n.T(ctx, "person.login"), Class: "mid-only"},
		{Text: i18n.T(ctx, "person.state")}, {Text: i18n.T(ctx, "person.since"), Class: "num mid-only"},
	}
}

func personState(ctx context.Context, p models.Person) string {
	switch {
	case !p.Active:
		return i18n.T(ctx, "person.inactive")
	case p.PasswordChangedAt.IsZero():
		return i18n.T(ctx, "person.not_yet")
	}
	return i18n.T(ctx, "person.active")
}

func holds(held []models.Role, role models.Role) bool { return slices.Contains(held, role) }

// roleBoxID gives the first box the id that the error summary leads to.
func roleBoxID(i int) templ.Attributes {
	if i == 0 {
		return templ.Attributes{"id": "roles"}
	}
	return templ.Attributes{"id": "roles-" + strconv.Itoa(i)}
}
