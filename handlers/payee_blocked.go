package handlers

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/vault"
)

// notLeft are the stages in which a payee on the block list still stops an order.
var notLeft = []models.Stage{models.Draft, models.AwaitingApproval, models.Approved, models.Held}

// whyBlocked is why nothing is paid to these details, nil if they are not on the block
// list. Details that cannot be opened are told of elsewhere.
func (h *Handlers) whyBlocked(db *gorm.DB, id models.PayeeVersionID) (no error, err error) {
	err = h.Payees.CheckPaying(db, id)
	var refusal models.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal, nil
	case errors.Is(err, vault.ErrSealBroken):
		return nil, nil
	}
	return nil, err
}

// onListWords are the same for a page about an order; "" once it has left.
func (h *Handlers) onListWords(ctx context.Context, db *gorm.DB, p models.Payout) (string, error) {
	if !slices.Contains(notLeft, p.Stage) {
		return "", nil
	}
	no, err := h.whyBlocked(db, p.PayeeVersionID)
	return refusalText(ctx, no), err
}

// readBlocked reads it with everything else about the order.
func (h *Handlers) readBlocked(db *gorm.DB, r *payoutRows) (err error) {
	if slices.Contains(notLeft, r.payout.Stage) {
		r.blocked, err = h.whyBlocked(db, r.payout.PayeeVersionID)
	}
	return err
}

// ownPayout is why the reader may not sign an order to an account of their own; "" where
// it is none.
func (h *Handlers) ownPayout(ctx context.Context, p models.Payout, by models.Person) (string, error) {
	err := models.CheckOwnPayout(h.Store.Read(ctx), p, by, h.Now())
	var refusal models.Refusal
	if errors.As(err, &refusal) {
		return refusalText(ctx, refusal), nil
	}
	return "", err
}
