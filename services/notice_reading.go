package services

import (
	"context"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// Reading is a kept notice as people may see it: secrets and account numbers
// masked.
type Reading struct {
	Lines []gateway.WireLine // field by field, if it has fields to list
	Text  string             // the whole body
	// WordKey and WordArgs say in words what the gateway's status means; "" where
	// nobody documented it.
	WordKey  string
	WordArgs []any
}

// Reading opens a notice for a page.
func (s *Notices) Reading(ctx context.Context, n models.Notice) (Reading, error) {
	db := s.Store.Read(ctx)
	account, err := models.FindAccount(db, n.AccountID)
	if err != nil {
		return Reading{}, err
	}
	family, ok := families.Find(account.Family)
	if !ok {
		return Reading{Text: gateway.MaskedBody(n.Body, nil)}, nil
	}
	reading := Reading{Text: gateway.MaskedBody(n.Body, family.Secrets())}
	reading.WordKey, reading.WordArgs = family.Explain(n.Word)
	opened, _, err := s.Accounts.open(account)
	if err != nil {
		return reading, nil // without keys the text still stands for itself
	}
	read := family.ReadNotice(opened, gateway.Order{Algorithm: n.Algorithm}, readHeaders(n.Headers), n.Body)
	if read.Lines != nil {
		reading.Lines = read.Lines()
	}
	return reading, nil
}
