package services

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// ProposeReset asks a controller to take somebody's lost factors away. Until then
// everything stays as it is.
func (s *People) ProposeReset(ctx context.Context, by models.Actor, id models.PersonID, reason string, signed Signed) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		admin, p, err := s.two(tx, by, id)
		if err != nil {
			return err
		}
		factors, err := models.FactorsOf(tx, id)
		if err != nil {
			return err
		}
		if err := factors.CheckReset(p, admin); err != nil {
			return err
		}
		signature, err := s.sign(tx, by, p, models.ActProposeReset, reason, signed)
		if err != nil {
			return err
		}
		if err := models.ProposeReset(tx, &models.FactorReset{
			PersonID: id, Reason: reason, State: models.ResetProposed, ProposedBy: by.ID, ProposedAt: s.Now(),
		}); err != nil {
			return err
		}
		return s.note(tx, by, "factor_reset_proposed", id, signature.Note(models.Details{"name": p.Name, "reason_text": reason}))
	})
}

// ConfirmReset takes the factors away and ends the person's sessions: they sign in with
// the password alone, and add a factor anew.
func (s *People) ConfirmReset(ctx context.Context, by models.Actor, id models.PersonID, signed Signed) error {
	return s.decideReset(ctx, by, id, models.ResetConfirmed, func(tx *gorm.DB, r models.FactorReset, name string) (models.Signature, error) {
		signature, err := signed.over(tx, by.ID, Deed{Act: r.Act(), Name: name, Reason: r.Reason}, s.Now())
		if err != nil {
			return signature, err
		}
		if err := models.DropFactors(tx, id); err != nil {
			return signature, err
		}
		return signature, models.EndSessionsOf(tx, id, nil)
	})
}

// RefuseReset leaves the factors as they are.
func (s *People) RefuseReset(ctx context.Context, by models.Actor, id models.PersonID) error {
	return s.decideReset(ctx, by, id, models.ResetRefused, func(*gorm.DB, models.FactorReset, string) (models.Signature, error) { return unsigned, nil })
}

func (s *People) decideReset(ctx context.Context, by models.Actor, id models.PersonID, state models.ResetState, act func(*gorm.DB, models.FactorReset, string) (models.Signature, error)) error {
	return s.Store.Write(ctx, func(tx *gorm.DB) error {
		controller, p, err := s.two(tx, by, id)
		if err != nil {
			return err
		}
		reset, err := models.OpenReset(tx, id)
		if err != nil {
			return err
		}
		if err := reset.CheckDecision(controller); err != nil {
			return err
		}
		proposer, err := models.FindPerson(tx, reset.ProposedBy)
		if err != nil {
			return err
		}
		if err := models.DecideReset(tx, reset, state, by.ID, s.Now()); err != nil {
			return err
		}
		signature, err := act(tx, reset, p.Name)
		if err != nil {
			return err
		}
		details := models.Details{"name": p.Name, "reason_text": reset.Reason, "proposed_by": proposer.Name}
		return s.note(tx, by, "factor_reset_"+string(state), id, signature.Note(details))
	})
}

// two reads who acts and about whom, as they are now (S19).
func (s *People) two(tx *gorm.DB, by models.Actor, id models.PersonID) (acting, about models.Person, err error) {
	if acting, err = activePerson(tx, by.ID); err != nil {
		return acting, about, err
	}
	about, err = models.FindPerson(tx, id)
	return acting, about, err
}

// activePerson reads somebody who acts.
func activePerson(tx *gorm.DB, id models.PersonID) (models.Person, error) {
	p, err := models.FindPerson(tx, id)
	if err != nil {
		return p, fmt.Errorf("who acts: %w", err)
	}
	if !p.Active {
		return p, models.Refuse(models.Forbidden, "role.changed")
	}
	return p, nil
}
