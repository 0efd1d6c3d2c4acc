package services

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// Note adds a sentence, and files, to the timeline.
func (s *Payouts) Note(ctx context.Context, by models.Person, orderNo, text string, files []Upload) error {
	text = strings.TrimSpace(text)
	if text == "" && len(files) == 0 {
		return models.Refuse(models.Invalid, "note.empty").On("text")
	}
	if utf8.RuneCountInString(text) > maxReason {
		return models.Refuse(models.Invalid, "text.too_long", "Length", utf8.RuneCountInString(text), "Limit", maxReason).On("text")
	}
	checked, refused := checkUploads(files)
	if len(refused) > 0 {
		return refused
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckNote(by); err != nil {
			return err
		}
		if err := s.attach(tx, *p, by, nil, checked); err != nil || text == "" {
			return err
		}
		return models.Remark(tx, *p, "noted", by.As(models.VerbNote), s.Now(), models.Details{"text": text})
	})
}

// Claim takes an unclear case on, so that two people do not work on it at once.
func (s *Payouts) Claim(ctx context.Context, by models.Person, orderNo string) error {
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckClaim(by); err != nil {
			return err
		}
		p.OwnerID = by.ID
		if err := p.Keep(tx); err != nil {
			return err
		}
		return models.Remark(tx, *p, "claimed", by.As(models.VerbVerdict), s.Now(), nil)
	})
}

// Reveal opens the payee's details of an order; that it was done is on record
// before anything is shown (I24).
func (s *Payouts) Reveal(ctx context.Context, by models.Person, orderNo string) (models.Fields, error) {
	var fields models.Fields
	err := s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckReveal(by); err != nil {
			return err
		}
		version, err := models.FindPayeeVersion(tx, p.PayeeVersionID)
		if err != nil {
			return err
		}
		if fields, err = s.payeeFields(version); err != nil {
			return err
		}
		return models.Remark(tx, *p, "revealed", by.As(models.VerbReveal), s.Now(), models.Details{"last4": p.Last4})
	})
	if err != nil {
		return nil, err
	}
	return fields, nil
}

// Answers are the form's values of an order, for its maker to edit or copy.
func (s *Payouts) Answers(ctx context.Context, by models.Person, p models.Payout) (PayoutForm, error) {
	if by.ID != p.Drafter() {
		return PayoutForm{}, models.Refuse(models.Forbidden, "payout.not_yours")
	}
	version, err := models.FindPayeeVersion(s.Store.Read(ctx), p.PayeeVersionID)
	if err != nil {
		return PayoutForm{}, err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return PayoutForm{}, err
	}
	return PayoutForm{
		AccountID: p.AccountID, Rail: p.Rail, Amount: p.Amount().Decimal(), Values: order(p, payee).Fields,
		Reference: p.Reference, Purpose: p.Purpose, TwinReason: p.TwinReason, WarningReason: p.WarningReason,
	}, nil
}

// Preview is the exact request that sending the order would make, secrets
// masked in its lines; only time and random parts will differ.
func (s *Payouts) Preview(ctx context.Context, p models.Payout) (gateway.Request, error) {
	return s.render(s.Store.Read(ctx), p, nil)
}

// render writes the create request of an order. It refuses content that is not
// what the digest on record was made of.
func (s *Payouts) render(db *gorm.DB, p models.Payout, account *gateway.Account) (gateway.Request, error) {
	stored, err := models.FindAccount(db, p.AccountID)
	if err != nil {
		return gateway.Request{}, err
	}
	opened, family, err := s.Accounts.openToSend(db, stored)
	if err != nil {
		return gateway.Request{}, err
	}
	version, err := models.FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil {
		return gateway.Request{}, err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return gateway.Request{}, stuck{models.HeldPayee, err}
	}
	if err := s.checkContent(p, payee); err != nil {
		return gateway.Request{}, stuck{models.HeldContent, fmt.Errorf("payout %s: %w", p.OrderNo, err)}
	}
	if account != nil {
		*account = opened
	}
	request, err := family.Create(opened, order(p, payee), s.Now(), randomName())
	return request, unwritable(err)
}
