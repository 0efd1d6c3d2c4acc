package services

import (
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

// SignAs puts an order on another rail, digest and signatures with it, as if that had
// been submitted and signed.
func SignAs(tx *gorm.DB, s *Payouts, id models.PayoutID, rail string) error {
	p, err := models.FindPayout(tx, id)
	if err != nil {
		return err
	}
	version, err := models.FindPayeeVersion(tx, p.PayeeVersionID)
	if err != nil {
		return err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return err
	}
	p.Rail = rail
	signed, err := s.content(p, payee)
	if err != nil {
		return err
	}
	digest := signed.Digest()
	if err := tx.Exec("DROP TRIGGER approvals_keep").Error; err != nil {
		return err
	}
	if err := tx.Exec("UPDATE approvals SET digest = ? WHERE payout_id = ?", digest, id).Error; err != nil {
		return err
	}
	return tx.Exec("UPDATE payouts SET rail = ?, digest = ? WHERE id = ?", rail, digest, id).Error
}

// HearWorking lets a question be answered by "working".
func HearWorking(tx *gorm.DB, id models.PayoutID, at time.Time) error {
	p, err := models.FindPayout(tx, id)
	if err != nil {
		return err
	}
	account, err := models.FindAccount(tx, p.AccountID)
	if err != nil {
		return err
	}
	_, err = hear(tx, &p, account, word{outcome: gateway.Working, source: "query", grade: models.E3, details: models.Details{}}, at)
	return err
}

// AsBefore gives an order the digest that it would have had before there were marks.
func AsBefore(tx *gorm.DB, s *Payouts, id models.PayoutID) error {
	p, err := models.FindPayout(tx, id)
	if err != nil {
		return err
	}
	version, err := models.FindPayeeVersion(tx, p.PayeeVersionID)
	if err != nil {
		return err
	}
	payee, err := s.payeeFields(version)
	if err != nil {
		return err
	}
	return tx.Exec("UPDATE payouts SET sealed_salt = NULL, digest = ? WHERE id = ?", plainContent(p, payee).Digest(), id).Error
}

// TakeCode is takeCode.
func TakeCode(c *Core, tx *gorm.DB, p models.Person, code string) (models.FactorKind, error) {
	return c.takeCode(tx, p, code)
}
