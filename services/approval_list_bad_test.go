package services_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/servicestest"
)

// The known-bad variant: a list that goes with a signature and was not what was signed. One
// order too many is found by whoever computes its digest again.
func TestS5_VerifyFindsAnOrderThatTheSignedListLeftOut(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(s *models.Signature, orders []models.Payout){
		"more on record than was signed": func(s *models.Signature, orders []models.Payout) {
			s.List = append(s.List, orders[2].Digest...)
		},
		"another number of orders": func(s *models.Signature, orders []models.Payout) {
			s.SubjectID = "3"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := servicestest.New(t)
			orders := town.Quiet("apay.taiwan", 3)
			s := models.SignatureOver(listOf(orders[:2]...).Act(), town.Approver.ID, models.FactorDemo, town.Now(), make([]byte, 16))
			s.MadeAt = town.Now().UTC().Truncate(time.Millisecond)
			tamper(&s, orders)
			town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
				_, err := models.KeepSignature(tx, &s)
				return err
			}))
			found(t, town, "the list that goes with the signature is not the list that was signed")
		})
	}
}

// found fails unless the check of the past finds this.
func found(t *testing.T, town *servicestest.Town, what string) {
	t.Helper()
	report, err := models.Verify(town.Store.Read(t.Context()))
	town.Must(err)
	for _, f := range report.Findings {
		if f.What == what {
			return
		}
	}
	t.Errorf("the check finds %v", report.Findings)
}

// The known-bad variant: an approval under a signature that does not name its content.
func TestS5_VerifyFindsAnApprovalThatTheSignatureDoesNotName(t *testing.T) {
	t.Parallel()
	town := servicestest.New(t)
	orders := town.Quiet("apay.taiwan", 3)
	town.Must(approveList(town, town.Approver, listOf(orders[:2]...)))
	town.Must(town.Store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Exec("DROP TRIGGER approvals_signed").Error; err != nil {
			return err
		}
		return tx.Exec("INSERT INTO approvals (payout_id, version, person_id, digest, policy_version, roles, signature_id, at) SELECT ?, 1, person_id, ?, policy_version, roles, signature_id, at FROM approvals WHERE payout_id = ?",
			orders[2].ID, orders[2].Digest, orders[0].ID).Error
	}))
	found(t, town, "what was signed is not the content that was approved")
}
