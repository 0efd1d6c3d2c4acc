package demo

import (
	"context"
	"time"

	"countersign/models"
)

// limitsOfToday bound what may be released; one of them is new today.
var limitsOfToday = models.Limits{Zone: taipei, Limits: []models.Limit{
	{Scope: models.LimitOrder, Currency: "CNY", Minor: 210_000_00},
	{Scope: models.LimitDay, Currency: "CNY", Minor: 600_000_00},
	{Scope: models.LimitPayee, Currency: "CNY", Minor: 300_000_00},
	{Scope: models.LimitDay, Currency: "PEN", Minor: 25_000_00},
	{Scope: models.LimitMaker, Currency: "PEN", Minor: 15_000_00},
	{Scope: models.LimitPayee, Currency: "PEN", Minor: 4_000_00},
	{Scope: models.LimitOrder, Currency: "TWD", Minor: 4_000_000_00},
	{Scope: models.LimitDay, Currency: "TWD", Minor: 5_000_000_00},
	{Scope: models.LimitGateway, Currency: "TWD", Minor: 5_000_000_00},
}}

// planLimits sets the limits; today one for single payouts of CNY comes, and for the end
// of the month more of TWD.
func (s *story) planLimits() {
	before, today := limitsOfToday, limitsOfToday.Sorted()
	before.Limits = before.Limits[1:]
	today.Windows = []models.Window{{Currency: "CNY", Minor: 100_000_00, Minutes: 3}, {Currency: "TWD", Minor: 500_000_00, Minutes: 3}}
	for i := range today.Limits {
		if l := &today.Limits[i]; l.Scope == models.LimitDay && l.Currency == "TWD" {
			l.Raised, l.Until = 8_000_000_00, s.ends.AddDate(0, 0, 9).Format(time.DateOnly)
		}
	}
	s.planLimitsAt(20*time.Hour, before, "The insurer's cover for transfers by mistake")
	s.planLimitsAt(2*time.Hour, today, "The deposits of the tour season are returned this week; the board bounds single payouts of CNY, and large ones can be stopped")
}

func (s *story) planLimitsAt(ago time.Duration, limits models.Limits, note string) {
	s.plan(s.ago(ago), func(ctx context.Context) error {
		_, err := s.limits.Set(ctx, s.people[tsai].As(models.VerbPolicy), limits, note)
		return err
	})
}
