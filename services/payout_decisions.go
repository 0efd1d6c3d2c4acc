package services

import (
	"context"

	"gorm.io/gorm"

	"countersign/models"
)

// AskMaker puts a question to the maker without voiding anything.
func (s *Payouts) AskMaker(ctx context.Context, by models.Person, orderNo, question string) error {
	question, err := needReason(question)
	if err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		approvers, err := models.Approvers(tx, *p)
		if err != nil {
			return err
		}
		if err := p.CheckDecide(by, approvers); err != nil {
			return err
		}
		return models.Record(tx, p, models.MoveAskMaker, models.Effect{}, by.As(models.VerbApprove), s.Now(), models.Details{"reason_text": question})
	})
}

// Withdraw calls an order off before it is sent.
func (s *Payouts) Withdraw(ctx context.Context, by models.Person, orderNo, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckWithdraw(by); err != nil {
			return err
		}
		// Called off must mean that it never left, whatever the order is held for (I6).
		if left, err := models.HasLeft(tx, p.ID); left {
			return models.Refuse(models.Conflict, "payout.may_have_left")
		} else if err != nil {
			return err
		}
		p.NextActionAt, p.HeldWhy = never, ""
		return models.Record(tx, p, models.MoveWithdraw, models.Effect{}, by.As(models.VerbStop), s.Now(), models.Details{"reason_text": reason})
	})
}

// Hold stops an order before it is sent; it keeps its signatures. One that can still be
// called back is: a hold must not be the way around the chain.
func (s *Payouts) Hold(ctx context.Context, by models.Person, orderNo, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckHold(by); err != nil {
			return err
		}
		if p.InWindow(s.Now()) {
			return s.callBack(tx, p, by, models.Details{"reason_text": reason})
		}
		return hold(tx, p, by.As(models.VerbHold), s.Now(), models.HeldByPerson, models.Details{"reason_text": reason})
	})
}

// Stop calls a released order back while its window is open, by one click; the reason may
// follow as a note. Its signatures are void: the chain signs again (X24).
func (s *Payouts) Stop(ctx context.Context, by models.Person, orderNo string) error {
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckStop(by, s.Now()); err != nil {
			return err
		}
		return s.callBack(tx, p, by, models.Details{})
	})
}

func (s *Payouts) callBack(tx *gorm.DB, p *models.Payout, by models.Person, details models.Details) error {
	p.HeldWhy, p.NextActionAt, p.LeavesAt = models.HeldStopped, never, never
	p.LeasedBy, p.LeasedUntil = "", never
	return models.Record(tx, p, models.MoveStop, p.AskingAgain(), by.As(models.VerbHold), s.Now(), details)
}

// Resume lets a held order go on from where it was, as the person has just signed.
func (s *Payouts) Resume(ctx context.Context, by models.Person, orderNo, reason string, signed Signed) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		if err := p.CheckResume(by); err != nil {
			return err
		}
		if err := mayGoOn(tx, *p); err != nil {
			return err
		}
		signature, err := signed.take(tx, by.ID, p.Act(models.ActResume, p.Digest), s.Now())
		if err != nil {
			return err
		}
		if err := s.lift(tx, *p, by, reason); err != nil {
			return err
		}
		p.HeldWhy = ""
		if p.HeldFrom == models.Approved {
			p.NextActionAt = s.Now()
		}
		details := signature.Note(models.Details{"reason_text": reason})
		return models.Record(tx, p, models.MoveResume, models.Effect{}, by.As(models.VerbResume), s.Now(), details)
	})
}

// mayGoOn refuses a replacement while any order before it in the chain may have
// been paid.
func mayGoOn(tx *gorm.DB, p models.Payout) error {
	for p.ReplacesID != nil {
		old, err := models.FindPayout(tx, *p.ReplacesID)
		if err != nil {
			return err
		}
		if err := old.CheckSuccessor(); err != nil {
			return err
		}
		p = old
	}
	return nil
}
