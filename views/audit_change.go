package views

import (
	"context"
	"slices"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// change is what the act made of its object, in two short texts; both are "" where
// it changed nothing.
func (a Act) change(ctx context.Context) (before, after string) {
	switch {
	case a.Verb == "person_added":
		return "", roleIDWords(ctx, a.Details["roles"])
	case len(a.Lines) > 0:
		return a.lines(func(l ChangeLine) string { return l.Before }), a.lines(func(l ChangeLine) string { return l.After })
	case a.Verb == "cord_pulled" && a.Details["before"] != "":
		return i18n.T(ctx, a.Details["before"]), i18n.T(ctx, a.Details["why"])
	case a.Subject == "settings" && a.SubjectID == models.SettingFactor:
		return demandWords(ctx, a.Details["before"]), demandWords(ctx, a.Details["after"])
	case a.After == "":
		return a.Details["before"], a.Details["after"]
	}
	was, wrong := models.ReadState(a.Before)
	is, alsoWrong := models.ReadState(a.After)
	if wrong != nil || alsoWrong != nil {
		return a.Before, a.After
	}
	if a.Before != "" {
		before = StateWords(ctx, was)
	}
	if after = StateWords(ctx, is); after == before {
		return "", ""
	}
	return before, after
}

// lines write one side of what changed: Roles: Maker; Currencies: TWD.
func (a Act) lines(side func(ChangeLine) string) string {
	words := make([]string, len(a.Lines))
	for i, line := range a.Lines {
		words[i] = line.Name + ": " + side(line)
	}
	return strings.Join(words, "; ")
}

// demandWords say of whom a second factor is demanded.
func demandWords(ctx context.Context, setting string) string {
	return i18n.T(ctx, either(setting == "", "audit.factor_whoever", "audit.factor_everyone"))
}

// roleIDWords say roles that the log lists by their ids.
func roleIDWords(ctx context.Context, list string) string {
	var roles []models.Role
	for id := range strings.SplitSeq(list, ", ") {
		if slices.Contains(models.Roles, models.Role(id)) {
			roles = append(roles, models.Role(id))
		}
	}
	return RoleWords(ctx, roles)
}
