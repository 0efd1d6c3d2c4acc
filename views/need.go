package views

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"countersign/models"
	"countersign/views/i18n"
)

// NeedWords say whose signatures are needed: one approver and one controller, or 3 signatures.
func NeedWords(ctx context.Context, need models.Need) string {
	var ways []string
	for _, way := range need {
		ways = append(ways, WayWords(ctx, way))
	}
	return strings.Join(ways, ", "+i18n.T(ctx, "role.or")+" ")
}

// WayWords say it of steps that all have to be signed.
func WayWords(ctx context.Context, way models.Way) string {
	var steps []string
	for _, step := range way {
		steps = append(steps, stepWords(ctx, step))
	}
	return strings.Join(steps, " "+i18n.T(ctx, "need.and")+" ")
}

func stepWords(ctx context.Context, step models.Step) string {
	switch step.Role {
	case models.Approver:
		return i18n.N(ctx, "need.approver", step.Count)
	case models.Controller:
		return i18n.N(ctx, "need.controller", step.Count)
	}
	return i18n.N(ctx, "need.anyone", step.Count)
}

// BandWords say for which sums a band asks for what: From 1,500.00 PEN: 2 signatures.
func BandWords(ctx context.Context, bands models.Bands, i int) string {
	band := bands[i]
	need := NeedWords(ctx, band.Need)
	switch {
	case i > 0:
		return i18n.T(ctx, "draft.band_from", "Need", need, "From", band.From())
	case len(bands) > 1:
		return i18n.T(ctx, "draft.band_below", "Need", need, "Next", bands[1].From())
	}
	return i18n.T(ctx, "draft.band_all", "Need", need, "Currency", band.Currency)
}

// RuleWords say what a policy asks beyond its bands, a sentence each; of names what a
// condition on a gateway or a rail is about.
func RuleWords(ctx context.Context, r models.Rules, of func(models.Condition) string) (lines []string) {
	for _, by := range models.Cumulations {
		key := "policy.sums_apart."
		if slices.Contains(r.Sums, by) {
			key = "policy.sums_together."
		}
		lines = append(lines, i18n.T(ctx, key+string(by)))
	}
	if h := r.Hours; h != (models.Hours{}) {
		lines = append(lines, HoursWords(ctx, h)+".")
	}
	for _, c := range r.Conditions {
		about := c.Of
		if of != nil {
			about = of(c)
		}
		lines = append(lines, ConditionWords(ctx, c, about)+".")
	}
	return lines
}

func clockHour(hour int) string { return fmt.Sprintf("%02d:00", hour) }

// MetWords say that a condition of the policy holds, and what it asks for more.
func MetWords(ctx context.Context, c models.Condition, of string) string {
	return i18n.T(ctx, "condition.met."+string(c.When), "Of", of) + ": " + MoreWords(ctx, c) + "."
}

// MoreWords say what a condition adds.
func MoreWords(ctx context.Context, c models.Condition) string {
	if c.Next {
		return i18n.T(ctx, "condition.next_band")
	}
	return i18n.T(ctx, "condition.more", "Step", stepWords(ctx, c.Add))
}
