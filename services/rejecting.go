package services

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
)

// Reject ends an order that waits for approval, as the person has just signed that they
// saw it; the maker reads why.
func (s *Payouts) Reject(ctx context.Context, by models.Person, orderNo string, why models.Rejection, digest []byte, signed Signed) error {
	if err := CheckRejection(why); err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := checkApproval(tx, *p, by, digest); err != nil {
			return err
		}
		signature, err := signed.take(tx, by.ID, p.Act(models.ActReject, digest), s.Now())
		if err != nil {
			return err
		}
		return models.Record(tx, p, models.MoveReject, models.Effect{}, by.As(models.VerbApprove), s.Now(), signature.Note(models.Details{
			models.RejectedFor: string(why.For), "reason_text": strings.TrimSpace(why.Text), "digest": fmt.Sprintf("%x", p.Digest),
		}))
	})
}

// CheckRejection refuses one that does not say why, with all that is missing.
func CheckRejection(why models.Rejection) error {
	if missing := append(refusalsOf(why.Check()), refusalsOf(CheckReason(why.Text))...); len(missing) > 0 {
		return missing
	}
	return nil
}
