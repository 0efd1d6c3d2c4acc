package services

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// NewPayee are the answers with which a maker asks for somebody to be entered in the book.
type NewPayee struct {
	Rail   string
	Values map[string]string
	Seen   bool // the maker has seen what is odd about them, and stands by it
	Reason string
}

// Enter asks for somebody to be entered in the book before there is a payout to them;
// another person calls them and confirms it (D1 to D3). Until then the book has nobody to
// pay.
func (s *Payees) Enter(ctx context.Context, by models.Person, n NewPayee, signed Signed) (c models.Change, err error) {
	_, rail, known := families.Rail(n.Rail)
	if !known {
		return c, models.Refuse(models.Missing, "rail.missing")
	}
	payee, details, err := s.entered(rail, n)
	if err != nil {
		return c, err
	}
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbPayee); err != nil {
			return err
		}
		if err := s.checkEntering(tx, by, rail, payee, details, n.Seen); err != nil {
			return err
		}
		changes := &Changes{Core: s.Core}
		c, err = changes.ProposeIn(tx, by.As(models.VerbPayee), models.ChangeNewPayee, models.NewPayeeSubject(details), details, n.Reason, signed)
		return err
	})
	return c, err
}

// entered reads the answers against the rail, as the form of a payout does.
func (s *Payees) entered(rail gateway.Rail, n NewPayee) (payee models.Fields, d models.PayeeDetails, err error) {
	payee, wrong := payeeAnswers(rail, models.Fields{}, n.Values)
	if wrong = append(wrong, refusalsOf(CheckReason(n.Reason))...); len(wrong) > 0 {
		return nil, d, wrong
	}
	made, err := s.versionOf(rail, payee)
	if err != nil {
		return nil, d, fmt.Errorf("enter a payee: %w", err)
	}
	return payee, made.Details(), nil
}

// checkEntering asks what a proposal alone does not: whether the rail is within the
// person's scope, whether the account is their own, and whether they know what is odd.
func (s *Payees) checkEntering(tx *gorm.DB, by models.Person, rail gateway.Rail, payee models.Fields, d models.PayeeDetails, seen bool) error {
	if err := models.CheckRail(tx, rail.ID, by); err != nil {
		return err
	}
	if err := models.CheckOwnEntry(tx, d, by.ID, s.Now()); err != nil {
		return err
	}
	if err := models.CheckNewPayee(tx, d); err != nil {
		return err
	}
	odd, err := oddEntry(tx, rail, payee, d)
	if err != nil || seen || len(odd) == 0 {
		return err
	}
	return odd
}

// oddEntry is what is odd about somebody who is to be entered and yet may be right.
func oddEntry(db *gorm.DB, rail gateway.Rail, payee models.Fields, d models.PayeeDetails) (odd models.Refusals, err error) {
	for _, e := range rail.Validate(rail.Min, payee) {
		if field, ok := rail.Field(e.Field); ok && field.Payee && e.Warning {
			odd = append(odd, models.Refuse(models.Invalid, e.Key, e.Args...).On("seen"))
		}
	}
	like, err := models.Resembling(db, d)
	return append(odd, like...), err
}

// Odd is what whoever confirms a new payee has to know: what is odd about them, and which
// of our own people has declared their account.
func (s *Payees) Odd(db *gorm.DB, c models.Change) (odd models.Refusals, err error) {
	if c.Kind != models.ChangeNewPayee || !c.Waits() {
		return nil, nil
	}
	rail, _, payee, err := s.bothAnswers(db, c)
	if err != nil {
		return nil, err
	}
	d, err := models.ReadPayeeDetails(c.Content)
	if err != nil {
		return nil, err
	}
	if odd, err = oddEntry(db, rail, payee, d); err != nil {
		return nil, err
	}
	colleague, err := models.ColleagueWith(db, d, s.Now())
	return append(odd, colleague...), err
}
