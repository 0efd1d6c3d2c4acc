package demo

import (
	"context"
	"time"

	"countersign/models"
	"countersign/services"
)

// planGrants plans what becomes of roles after Wu has left: one proposal is refused, one
// waits for a controller.
func (s *story) planGrants() {
	s.plan(s.ago(6*day), func(ctx context.Context) error {
		if err := s.propose(ctx, ramos, "Knows the bank in Lima and could look after its unclear orders", models.Maker, models.Resolver); err != nil {
			return err
		}
		waiting, err := models.WaitingChanges(s.core.Store.Read(ctx))
		if err != nil {
			return err
		}
		_, err = (&services.Changes{Core: s.core}).Refuse(ctx, s.people[tsai].As(models.VerbGrant), waiting[0].ID, "Julio makes nearly all orders of Lima, so hardly one of its cases could be his")
		return err
	})
	s.plan(s.ago(27*time.Hour), func(ctx context.Context) error {
		_, err := s.staff.SetRoles(ctx, s.people[flores].As(models.VerbPeople), s.people[wang].ID, services.Wanted{
			Roles: s.people[wang].Roles, Scope: models.Scope{Accounts: []models.AccountID{s.desks[atShanghai].ID}}, Reason: "Works for the desk in Shanghai alone",
		}, s.stepUp.Click(s.people[flores]))
		return err
	})
	s.plan(s.ago(26*time.Hour), func(ctx context.Context) error {
		return s.propose(ctx, zhao, "Wu has left; a third approver, who makes no orders", models.Resolver, models.Approver)
	})
}

func (s *story) propose(ctx context.Context, whom, reason string, roles ...models.Role) error {
	_, err := s.staff.SetRoles(ctx, s.people[flores].As(models.VerbPeople), s.people[whom].ID, services.Wanted{Roles: roles, Reason: reason}, s.stepUp.Click(s.people[flores]))
	return err
}
