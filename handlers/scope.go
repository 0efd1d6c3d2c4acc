package handlers

import (
	"strconv"

	"countersign/models"
)

// scopeOf reads the boxes of a scope as they were ticked; none is everything. An account
// that is no number is one that nobody has.
func scopeOf(accounts, currencies []string) (s models.Scope) {
	for _, text := range accounts {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			id = -1
		}
		s.Accounts = append(s.Accounts, models.AccountID(id))
	}
	s.Currencies = currencies
	return s.InOrder()
}

// accountTexts are the boxes of a scope as they are ticked.
func accountTexts(s models.Scope) (texts []string) {
	for _, id := range s.Accounts {
		texts = append(texts, strconv.FormatInt(int64(id), 10))
	}
	return texts
}
