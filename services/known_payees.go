package services

import (
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// PayeeAnswers are the details of a known payee, for the form of a maker who has
// typed them or paid to them before. Nobody else gets to see them this way (I24).
func (s *Payouts) PayeeAnswers(ctx context.Context, by models.Person, id models.PayeeVersionID) (models.PayeeVersion, map[string]string, error) {
	db := s.Store.Read(ctx)
	version, err := models.FindPayeeVersion(db, id)
	if err != nil {
		return version, nil, err
	}
	known, err := models.KnowsPayee(db, id, by.ID)
	if err != nil {
		return version, nil, err
	}
	if !known || !by.May(models.VerbDraft) {
		return version, nil, models.Refuse(models.Missing, "payee.missing")
	}
	fields, err := s.payeeFields(version)
	return version, maps.Clone(map[string]string(fields)), err
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
