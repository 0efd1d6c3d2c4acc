package services

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Sent are the exact bytes of an attempt, field by field as people may see them.
type Sent struct {
	Lines []gateway.WireLine
	Text  string // the whole body, masked, where it has no fields to list
	Whole bool   // the bytes still fit the digest that was put on record before they left
}

// Sent opens what an attempt sent and masks it. The plain bytes never leave here. Of an
// attempt that was put on record again from the journal there are none (I27).
func (s *Payouts) Sent(ctx context.Context, p models.Payout, a models.Attempt) (Sent, error) {
	if a.Restored {
		return Sent{Whole: true}, nil
	}
	db := s.Store.Read(ctx)
	body, err := s.Vault.Open("request "+p.OrderNo, a.SealedRequest)
	if err != nil {
		return Sent{}, fmt.Errorf("what attempt %d sent: %w", a.ID, err)
	}
	stored, err := models.FindAccount(db, a.AccountID)
	if err != nil {
		return Sent{}, err
	}
	account, family, err := s.Accounts.openToSend(db, stored)
	if err != nil {
		return Sent{}, err
	}
	digest := sha256.Sum256(body)
	sent := Sent{Whole: bytes.Equal(digest[:], a.RequestDigest), Text: gateway.MaskedBody(body, family.Secrets())}
	object, err := gateway.ReadObject(body)
	if err != nil {
		return sent, nil
	}
	sent.Lines = gateway.Lines(object, family.Secrets())
	annotate(sent.Lines, s.plainWords(db, account, family, p, a))
	return sent, nil
}

// plainWords are the lines of the same request as the family explains them, for
// their notes. Without them the bytes still stand for themselves.
func (s *Payouts) plainWords(db *gorm.DB, account gateway.Account, family gateway.Family, p models.Payout, a models.Attempt) []gateway.WireLine {
	version, err := models.FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return nil
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return nil
	}
	request, err := family.Create(account, order(p, payee), a.StartedAt, randomName())
	if err != nil {
		return nil
	}
	return request.Lines
}

// annotate takes over the note of a line that says the same.
func annotate(lines, explained []gateway.WireLine) {
	for i, line := range lines {
		for _, known := range explained {
			if known.Name == line.Name && known.Value == line.Value {
				lines[i].Note, lines[i].Mark = known.Note, known.Mark
			}
		}
	}
}
