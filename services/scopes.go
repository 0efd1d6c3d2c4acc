package services

import (
	"fmt"
	"slices"
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

// checkAccounts refuses accounts that do not exist.
func checkAccounts(tx *gorm.DB, s models.Scope) error {
	for _, id := range s.Accounts {
		if _, err := models.FindAccount(tx, id); err != nil {
			return models.Refuse(models.Invalid, "scope.account_unknown").On("accounts")
		}
	}
	return nil
}
