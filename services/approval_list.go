package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// ApproveList approves quiet orders by one signature over the list of their contents
// (features.md E11). It is all or nothing: the person has signed exactly this list and
// these sums, so that a part of it would be something that they did not sign.
func (s *Payouts) ApproveList(ctx context.Context, by models.Person, list models.List, signed Signed) error {
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		orders, err := list.Open(tx, by, s.Now())
		if err != nil {
			return err
		}
		signature, err := signed.take(tx, by.ID, list.Act(), s.Now())
		if err != nil {
			return err
		}
		for i := range orders {
			if err := s.approve(tx, &orders[i], by, signed, signature); err != nil {
				return err
			}
		}
		s.reach(PointActing)
		return nil
	})
	s.reach(PointActed)
	return err
}
