package demo

import (
	"context"
	"slices"
	"time"

	"countersign/models"
	"countersign/services"
)

// bandsOfToday are the policy's since its second version: very large sums want
// more people than one would think of when somebody leaves.
var bandsOfToday = append(slices.Clone(models.DefaultBands),
	models.Band{Currency: "CNY", FromMinor: 600_000_00, Need: models.Anybody(5)},
	models.Band{Currency: "TWD", FromMinor: 3_000_000_00, Need: models.Anybody(5)},
)

// policyOfToday is when the newest policy came into force, before the present: what
// waits for signatures today was submitted under it.
const policyOfToday = 90 * time.Minute

// newestPolicy adds up what one account gets, and asks for a controller where money is
// most often lost.
func newestPolicy() models.Policy {
	return models.Policy{Bands: bandsOfToday, Rules: models.Rules{
		Sums: []models.Cumulation{models.ToAccount},
		Conditions: []models.Condition{
			{When: models.ChangedDetails, Add: models.Step{Count: 1, Role: models.Controller}},
			{When: models.TwinOverride, Add: models.Step{Count: 1, Role: models.Controller}},
		},
	}}
}

// planHouse plans what people do about the house, not about orders.
func (s *story) planHouse() {
	s.plan(s.ago(30*day), func(ctx context.Context) error {
		_, err := s.policy.Set(ctx, models.Machine("countersign policy"), models.Policy{Bands: bandsOfToday},
			"Five signatures from 3,000,000.00 TWD or 600,000.00 CNY up, as the board asked")
		return err
	})
	s.planLimits()
	s.plan(s.ago(12*time.Minute), s.standIn) // she has just left
	s.plan(s.ago(policyOfToday), func(ctx context.Context) error {
		_, err := s.policy.Set(ctx, models.Machine("countersign policy"), newestPolicy(),
			"What one account gets in a day counts together. A controller looks at changed details and at what is much like another order")
		return err
	})
	for _, ago := range []time.Duration{36 * day, 15 * day, 4 * day} {
		s.plan(s.ago(ago), func(ctx context.Context) error {
			_, err := s.sender.TestAccount(ctx, s.people[huang], s.desks[atLima].ID)
			return err
		})
	}
	s.plan(s.ago(wuLeaves), func(ctx context.Context) error {
		return s.staff.Deactivate(ctx, s.people[flores].As(models.VerbPeople), s.people[wu].ID, services.Heirs{}, s.stepUp.Click(s.people[flores]))
	})
	s.planGrants()
	s.planWatch()
	s.planMaintenance(s.night(19))
	for _, ago := range []int{23, 9, 2} {
		s.plan(s.night(ago).Add(5*time.Hour), func(ctx context.Context) error {
			_, err := s.proof.Verify(ctx, s.people[quispe])
			return err
		})
	}
	s.plan(s.ago(7*time.Hour), s.hurry)
	s.planHours()
}

// standIn lets somebody who is away for two days be stood in for: what waits for her is told
// to another, and the queue says so.
func (s *story) standIn(ctx context.Context) error {
	year, month, date := s.ends.In(zoneOf(lima)).Date()
	return s.staff.Delegate(ctx, s.people[ortega], models.Delegation{
		DelegateID: s.people[zhao].ID, Role: models.Resolver, FromAt: s.clock.now(), UntilAt: time.Date(year, month, date+3, 0, 0, 0, 0, zoneOf(lima)),
	})
}
