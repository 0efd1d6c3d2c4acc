package services

import (
	"context"
	"time"

	"gorm.io/gorm"

	"countersign/models"
)

// Delegate names who stands in for somebody, for a while. Nobody does it for another.
func (s *People) Delegate(ctx context.Context, by models.Person, d models.Delegation) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		to, err := models.FindPerson(tx, d.DelegateID)
		if err != nil {
			return models.Refuse(models.Invalid, "delegation.to_whom").On("to")
		}
		d.PersonID = by.ID
		if err := d.CheckDelegate(by, to); err != nil {
			return err
		}
		if err := d.CheckDates(s.Now()); err != nil {
			return err
		}
		if err := models.AddDelegation(tx, &d, s.Now()); err != nil {
			return err
		}
		return s.noteDelegation(tx, by.As(models.VerbSignIn), "delegated", d, by, to)
	})
}

func (s *People) noteDelegation(tx *gorm.DB, by models.Actor, verb string, d models.Delegation, from, to models.Person) error {
	return s.note(tx, by, verb, from.ID, models.Details{
		"name": from.Name, "to": to.Name, "as": string(d.Role), "from": d.FromAt.UTC().Format(time.RFC3339), "until": d.UntilAt.UTC().Format(time.RFC3339),
	})
}

// EndDelegation ends one before its time, by either of the two.
func (s *People) EndDelegation(ctx context.Context, by models.Person, id int64) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		d, err := models.FindDelegation(tx, id)
		if err != nil {
			return err
		}
		if err := d.CheckEnd(by.ID, s.Now()); err != nil {
			return err
		}
		return s.endDelegation(tx, by.As(models.VerbSignIn), d)
	})
}

func (s *People) endDelegation(tx *gorm.DB, by models.Actor, d models.Delegation) error {
	from, err := models.FindPerson(tx, d.PersonID)
	if err != nil {
		return err
	}
	to, err := models.FindPerson(tx, d.DelegateID)
	if err != nil {
		return err
	}
	if err := d.End(tx, by.ID, s.Now()); err != nil {
		return err
	}
	return s.noteDelegation(tx, by, "delegation_ended", d, from, to)
}

// endDelegations ends those of somebody who is gone, and gives orders that were left to
// them back to those who did.
func (s *People) endDelegations(tx *gorm.DB, by models.Actor, gone models.PersonID) error {
	people, err := models.People(tx)
	if err != nil {
		return err
	}
	all, err := models.StandIns(tx, people, s.Now())
	if err != nil {
		return err
	}
	for _, own := range models.StandInsOf(all, gone) {
		if err := s.endDelegation(tx, by, own.Delegation); err != nil {
			return err
		}
	}
	return models.TakeBackFrom(tx, gone)
}

// HandOn leaves an order that waits to another who may sign it: it moves from the one's
// list to the other's, and signs nothing.
func (s *Payouts) HandOn(ctx context.Context, by models.Person, orderNo string, to models.PersonID, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, &by, orderNo, func(tx *gorm.DB, p *models.Payout) error {
		other, err := models.FindPerson(tx, to)
		if err != nil {
			return models.Refuse(models.Invalid, "hand.to_whom").On("to")
		}
		signed, err := models.Approvers(tx, *p)
		if err != nil {
			return err
		}
		if err := p.CheckHandOn(by, other, signed); err != nil {
			return err
		}
		if err := models.KeepHandOn(tx, models.HandOn{PayoutID: p.ID, Version: p.Version, FromID: by.ID, ToID: to, At: s.Now()}); err != nil {
			return err
		}
		return models.Remark(tx, *p, "handed_on", by.As(models.VerbApprove), s.Now(), models.Details{"to": other.Name, "reason_text": reason})
	})
}
