package views

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// ScopeBoxes are what a person's scope is chosen from, and what is chosen.
type ScopeBoxes struct {
	Accounts []models.GatewayAccount
	Scope    models.Scope
}

// currencies are those of the accounts, each once.
func (b ScopeBoxes) currencies() (all []string) {
	for _, a := range b.Accounts {
		if !slices.Contains(all, a.Currency) {
			all = append(all, a.Currency)
		}
	}
	slices.Sort(all)
	return all
}

func (b ScopeBoxes) hasAccount(a models.GatewayAccount) bool {
	return slices.Contains(b.Scope.Accounts, a.ID)
}

func (b ScopeBoxes) hasCurrency(c string) bool { return slices.Contains(b.Scope.Currencies, c) }

func accountValue(a models.GatewayAccount) string { return strconv.FormatInt(int64(a.ID), 10) }

// words say what is seen: every account and currency, or which.
func (b ScopeBoxes) words(ctx context.Context) string {
	if b.Scope.Whole() {
		return i18n.T(ctx, "scope.whole")
	}
	var parts []string
	for _, a := range b.Accounts {
		if b.hasAccount(a) {
			parts = append(parts, a.Name)
		}
	}
	words := strings.Join(parts, ", ")
	if len(b.Scope.Currencies) > 0 {
		words = strings.TrimPrefix(words+"; ", "; ") + strings.Join(b.Scope.Currencies, ", ")
	}
	return words
}
