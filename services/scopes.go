package services

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
)

// scopeLines are what a change of scope changes: the accounts and the currencies.
func scopeLines(db *gorm.DB, before, after models.Scope) (lines []models.ChangeLine, err error) {
	accounts, err := models.Accounts(db)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(before.Accounts, after.Accounts) {
		lines = append(lines, models.ChangeLine{Name: "scope.accounts", Before: accountNames(accounts, before), After: accountNames(accounts, after)})
	}
	if !slices.Equal(before.Currencies, after.Currencies) {
		lines = append(lines, models.ChangeLine{Name: "scope.currencies", Before: orEvery(strings.Join(before.Currencies, ", ")), After: orEvery(strings.Join(after.Currencies, ", "))})
	}
	return lines, nil
}

func accountNames(accounts []models.GatewayAccount, s models.Scope) any {
	var names []string
	for _, a := range accounts {
		if slices.Contains(s.Accounts, a.ID) {
			names = append(names, a.Name)
		}
	}
	return orEvery(strings.Join(names, ", "))
}

// orEvery reads none as every one.
func orEvery(names string) any {
	if names == "" {
		return models.Word("scope.every")
	}
	return names
}

// grantScope writes a scope as the log keeps it.
func grantScope(s models.Scope) string {
	var accounts []string
	for _, id := range s.Accounts {
		accounts = append(accounts, fmt.Sprint(int64(id)))
	}
	if s.Whole() {
		return "scope: everything"
	}
	return "scope: accounts " + strings.Join(accounts, ", ") + " currencies " + strings.Join(s.Currencies, ", ")
}

// GrantLines are what differs between two grants as the log keeps them: roles, and after
// them the scope where that changed too.
func GrantLines(db *gorm.DB, before, after string) ([]models.ChangeLine, error) {
	was, wasScope := readGrantText(before)
	is, isScope := readGrantText(after)
	lines := []models.ChangeLine{{Name: "person.roles", Before: was, After: is}}
	scope, err := scopeLines(db, wasScope, isScope)
	return append(lines, scope...), err
}

// readGrantText reads what roleList and grantScope wrote.
func readGrantText(text string) (roles []models.Role, s models.Scope) {
	names, scope, _ := strings.Cut(text, "; scope: accounts ")
	names, _, _ = strings.Cut(names, "; ") // everything
	for name := range strings.SplitSeq(names, ", ") {
		if name != "" {
			roles = append(roles, models.Role(name))
		}
	}
	accounts, currencies, _ := strings.Cut(scope, " currencies ")
	for id := range strings.SplitSeq(accounts, ", ") {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			s.Accounts = append(s.Accounts, models.AccountID(n))
		}
	}
	if currencies != "" {
		s.Currencies = strings.Split(currencies, ", ")
	}
	return roles, s
}

// checkAccounts refuses accounts that do not exist.
func checkAccounts(tx *gorm.DB, s models.Scope) error {
	for _, id := range s.Accounts {
		if _, err := models.FindAccount(tx, id); err != nil {
			return models.Refuse(models.Invalid, "scope.account_unknown").On("accounts")
		}
	}
	return nil
}
