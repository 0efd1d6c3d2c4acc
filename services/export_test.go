package services

import (
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
)

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
