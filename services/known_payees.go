package services

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
)

// Beginning are the answers of an order that another form begins with. Details that
// stand in the book stay there, where two people change them: the form points at
// them and shows no number. What a maker alone has typed so far comes back as typed.
func (s *Payouts) Beginning(ctx context.Context, by models.Person, p models.Payout) (PayoutForm, error) {
	form, err := s.Answers(ctx, by, p)
	if err != nil {
		return form, err
	}
	typed, err := s.typedAlone(s.Store.Read(ctx), by, p)
	if err != nil || typed {
		return form, err
	}
	_, rail, _ := families.Rail(p.Rail)
	form.PayeeVersion = p.PayeeVersionID
	maps.DeleteFunc(form.Values, func(name, _ string) bool {
		field, ok := rail.Field(name)
		return !ok || field.Payee
	})
	return form, nil
}

// typedAlone says whether the payee's details are nothing yet but what this person typed.
func (s *Payouts) typedAlone(db *gorm.DB, by models.Person, p models.Payout) (bool, error) {
	version, err := models.FindPayeeVersion(db, p.PayeeVersionID)
	if err != nil || version.CreatedBy != by.ID {
		return false, err
	}
	settled, err := models.Settled(db, p.PayeeID)
	return !settled, err
}

// pick takes the payee's answers from the book where the form names one. Details that
// others have taken the place of are not paid to any more.
func (s *Payouts) pick(db *gorm.DB, c *Checked) error {
	if c.Form.PayeeVersion == 0 {
		return nil
	}
	version, err := models.FindPayeeVersion(db, c.Form.PayeeVersion)
	if err != nil {
		return err
	}
	if version.Rail != c.Rail.ID {
		return models.Refuse(models.Missing, "payee.missing")
	}
	fields, err := s.payeeFields(version)
	if err != nil {
		return err
	}
	answers := maps.Clone(map[string]string(fields))
	for name, value := range c.Form.Values {
		if field, ok := c.Rail.Field(name); ok && !field.Payee {
			answers[name] = value
		}
	}
	c.Form.Values, c.Picked = answers, &version
	if _, changed, err := models.NewerVersion(db, version); err != nil || changed {
		c.Errors = append(c.Errors, models.Refuse(models.Invalid, "payee.changed_since").On("payee_version"))
		return err
	}
	return nil
}

// readBlocked tells a maker at once that nothing is paid there (D7); submission asks again.
func (c *Checked) readBlocked(db *gorm.DB, s *Payouts) error {
	err := models.CheckBlocked(db, s.marksOf(c.Rail, c.Payee[c.Rail.NameField], c.Payee))
	var no models.Refusal
	if !errors.As(err, &no) {
		return err
	}
	field := c.Rail.AccountField
	if c.Picked != nil {
		field = "payee_version"
	}
	c.Errors = append(c.Errors, no.On(field))
	return nil
}

// TwinsOf lists what an order on record resembles by now (B3).
func (s *Payouts) TwinsOf(ctx context.Context, p models.Payout) ([]models.Twin, error) {
	return s.twinsOf(s.Store.Read(ctx), p)
}

// twinsOf leaves out the order that this one replaces: it is proven to have failed.
func (s *Payouts) twinsOf(db *gorm.DB, p models.Payout) ([]models.Twin, error) {
	twins, err := models.FindTwins(db, models.TwinQuery{
		Self: p.ID, AccountHash: p.AccountHash, Amount: p.Amount(), Reference: p.Reference,
		Since: s.Now().Add(-twinDays * 24 * time.Hour),
	})
	return slices.DeleteFunc(twins, func(t models.Twin) bool { return p.ReplacesID != nil && t.ID == *p.ReplacesID }), err
}

// refuseDoubt stops an order while a twin of it is in doubt: settle that one first.
func (s *Payouts) refuseDoubt(tx *gorm.DB, p models.Payout) error {
	twins, err := s.twinsOf(tx, p)
	for _, twin := range twins {
		if twin.InDoubt() && twin.SameMoney {
			return models.Refuse(models.Conflict, "payout.twin_unclear", "Amount", twin.Amount(), "Last4", twin.Last4)
		}
	}
	return err
}

// pastShown is how many earlier orders a form shows beside an account number.
const pastShown = 5

// SentTo lists the last orders to an account number, as it was typed, that may have
// left us; self is the order being edited.
func (s *Payouts) SentTo(ctx context.Context, number, currency string, self models.PayoutID) ([]models.Payout, error) {
	return models.SentTo(s.Store.Read(ctx), s.hashAccount(number), currency, self, pastShown)
}
