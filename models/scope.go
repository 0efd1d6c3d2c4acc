package models

import (
	"cmp"
	"slices"

	"gorm.io/gorm"
)

// Scope is what a person sees and acts on: some gateway accounts, some currencies. None of
// the one is every one of it, so that the empty scope is everything.
type Scope struct {
	Accounts   []AccountID `json:"accounts,omitempty"`
	Currencies []string    `json:"currencies,omitempty"`
}

// Whole says whether nothing is left out.
func (s Scope) Whole() bool { return len(s.Accounts) == 0 && len(s.Currencies) == 0 }

// Holds says whether money of this currency through this account is within.
func (s Scope) Holds(account AccountID, currency string) bool {
	return s.HoldsAccount(account) && (len(s.Currencies) == 0 || slices.Contains(s.Currencies, currency))
}

// HoldsAccount says whether anything of the account may be within.
func (s Scope) HoldsAccount(account AccountID) bool {
	return len(s.Accounts) == 0 || slices.Contains(s.Accounts, account)
}

// Within says whether nothing of the scope goes beyond another.
func (s Scope) Within(other Scope) bool {
	return subset(s.Accounts, other.Accounts) && subset(s.Currencies, other.Currencies)
}

// check refuses what is no currency.
func (s Scope) check() error {
	for _, currency := range s.Currencies {
		if !isCurrency(currency) {
			return Refuse(Invalid, "scope.currency_unknown").On("currencies")
		}
	}
	return nil
}

// InOrder is the same scope, each part sorted and each once, so that equal scopes are
// written equally.
func (s Scope) InOrder() Scope {
	return Scope{Accounts: sortedOnce(s.Accounts), Currencies: sortedOnce(s.Currencies)}
}

func sortedOnce[T cmp.Ordered](some []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(some)))
}

// subset reads none as every one.
func subset[T comparable](some, of []T) bool {
	if len(of) == 0 {
		return true
	}
	return len(some) > 0 && !slices.ContainsFunc(some, func(one T) bool { return !slices.Contains(of, one) })
}

// CheckScope says whether the order is within the person's scope. One outside is answered
// as one that is not there (invariants.md 3).
func (p *Payout) CheckScope(by Person) error {
	if !by.Scope.Holds(p.AccountID, p.Currency) {
		return errNoPayout
	}
	return nil
}

// CheckScope says whether the account is within the person's scope.
func (a GatewayAccount) CheckScope(by Person) error {
	if !by.Scope.HoldsAccount(a.ID) || !by.Scope.Holds(a.ID, a.Currency) {
		return errNoAccount
	}
	return nil
}

// CheckWhole is asked by what concerns everything: it is for those who see everything.
func (p Person) CheckWhole() error {
	if !p.Scope.Whole() {
		return Refuse(Forbidden, "scope.whole_needed")
	}
	return nil
}

// PersonAccount is one account of a person's scope.
type PersonAccount struct {
	PersonID  PersonID  `gorm:"primaryKey"`
	AccountID AccountID `gorm:"primaryKey"`
}

// PersonCurrency is one currency of a person's scope.
type PersonCurrency struct {
	PersonID PersonID `gorm:"primaryKey"`
	Currency string   `gorm:"primaryKey"`
}

// SetScope replaces the person's scope.
func SetScope(tx *gorm.DB, id PersonID, s Scope) error {
	for _, table := range []any{&PersonAccount{}, &PersonCurrency{}} {
		if err := tx.Where("person_id = ?", id).Delete(table).Error; err != nil {
			return err
		}
	}
	for _, account := range s.Accounts {
		if err := tx.Create(&PersonAccount{id, account}).Error; err != nil {
			return err
		}
	}
	for _, currency := range s.Currencies {
		if err := tx.Create(&PersonCurrency{id, currency}).Error; err != nil {
			return err
		}
	}
	return nil
}

// withScopes fills in the scopes, in order.
func withScopes(db *gorm.DB, people []Person) error {
	var accounts []PersonAccount
	if err := db.Order("person_id, account_id").Find(&accounts).Error; err != nil {
		return err
	}
	var currencies []PersonCurrency
	if err := db.Order("person_id, currency").Find(&currencies).Error; err != nil {
		return err
	}
	for i := range people {
		for _, row := range accounts {
			if row.PersonID == people[i].ID {
				people[i].Scope.Accounts = append(people[i].Scope.Accounts, row.AccountID)
			}
		}
		for _, row := range currencies {
			if row.PersonID == people[i].ID {
				people[i].Scope.Currencies = append(people[i].Scope.Currencies, row.Currency)
			}
		}
	}
	return nil
}
