package handlers

import (
	"net/http"
	"strings"
	"testing"

	"countersign/models"
	"countersign/services"
	"countersign/services/servicestest"
)

// rawMarks are what no reader of the audit is to meet where it says what changed: JSON, keys
// of the catalogue, values of the program.
var rawMarks = []string{`{"`, `":`, "null", "rules.", "policy.line", "limits.line", "change.line", "scope: ", "map["}

// The acts of every setting, as the page of the audit and its file say them.
func TestM2_WhatASettingChangedStandsInWordsInTheAudit(t *testing.T) {
	t.Parallel()
	a := newTown(t)
	controller, second, auditor, people := a.as(models.Controller), a.as(models.Controller), a.as(models.Auditor), a.as(models.PeopleAdmin)
	ctx := t.Context()
	click := func(by *browser) services.Signed { return servicestest.Click(a.Core, by.person) }
	confirm := func(c models.Change, err error) {
		t.Helper()
		must(t, err)
		_, err = a.changes.Confirm(ctx, second.person.As(c.Kind.Confirming()), c.ID, c.Digest, click(second))
		must(t, err)
	}
	terms, err := models.ReadPayeeTerms(a.Store.Read(ctx))
	must(t, err)
	terms.Calls, terms.Starter = true, map[string]int64{"TWD": 150_00}
	confirm(a.Payees.ProposeRules(ctx, controller.person.As(models.VerbSetPolicy), terms, "tighter", click(controller)))
	policy, err := models.CurrentPolicy(a.Store.Read(ctx))
	must(t, err)
	content := policy.Content()
	content.Rules.Conditions = append(content.Rules.Conditions, models.Condition{When: models.NoFile, Next: true})
	confirm(a.Policy.Propose(ctx, controller.person.As(models.VerbSetPolicy), content, "papers", click(controller)))
	_, err = a.Limits.Change(ctx, controller.person.As(models.VerbLimits), "day TWD", models.LimitPart{Minor: 500_00}, "the first limit", click(controller))
	must(t, err)
	grant := models.Grant{Active: true, Roles: []models.Role{models.Maker, models.Resolver}, Scope: models.Scope{Accounts: []models.AccountID{a.account("apay.taiwan").ID}}}
	confirm(a.changes.Propose(ctx, people.person.As(models.VerbPeople), models.ChangeRoles, services.PersonSubject(a.town.Maker.ID), grant, "moves", click(people)))
	for _, demanded := range []bool{true, false} {
		must(t, a.Policy.DemandFactor(ctx, models.Machine("countersign policy"), demanded))
	}

	page := auditor.get("/audit?size=200").is(http.StatusOK)
	page.says("Most before a first payout: 150.00 TWD", "Roles: Maker, resolver; Gateway accounts: APAY Taipei", "Demanded of everyone", "in TWD: Limit: 500.00")
	for _, cell := range cellsOf(page.body, "<del>", "</del>", "<ins>", "</ins>") {
		for _, raw := range rawMarks {
			if strings.Contains(cell, raw) {
				t.Errorf("the audit says %q", cell)
			}
		}
	}
}

// cellsOf are the texts between each pair of marks.
func cellsOf(body string, marks ...string) (found []string) {
	for i := 0; i < len(marks); i += 2 {
		for rest := body; ; {
			_, after, there := strings.Cut(rest, marks[i])
			if !there {
				break
			}
			text, next, _ := strings.Cut(after, marks[i+1])
			found, rest = append(found, text), next
		}
	}
	return found
}

// The known-bad variant: the same marks find what the log itself holds.
func TestM2_TheMarksFindWhatIsRaw(t *testing.T) {
	for _, raw := range []string{`{"calls":true,"second_call":null}`, "stands: rules.yes", "roles: maker; scope: accounts 2"} {
		found := false
		for _, mark := range rawMarks {
			found = found || strings.Contains(raw, mark)
		}
		if !found {
			t.Errorf("%s is taken for words", raw)
		}
	}
}
