package handlers

import (
	"context"
	"slices"
	"strconv"

	"countersign/models"
	"countersign/services/gateway/sandbox"
	"countersign/views"
	"countersign/views/i18n"
	"countersign/views/ui"
)

// sandboxForm is the form as it stands: what was chosen, or the usual.
func (h *Handlers) sandboxForm(ctx context.Context, accounts []models.GatewayAccount, choice sandboxChoice, whole bool) views.SandboxForm {
	state := h.Sandbox.State()
	form := views.SandboxForm{
		Account: choice.Account, Count: choice.Count, Speed: choice.Speed, Scenario: choice.Scenario, Whole: whole,
		Groups: scenarioGroups(h.Sandbox.Scenarios(), whole),
	}
	if form.Speed == "" {
		form.Count, form.Speed = strconv.Itoa(sandboxCounts[2]), strconv.Itoa(state.Speed)
	}
	for _, a := range accounts {
		if m, plays := playedBy(state, a); plays {
			form.Accounts = append(form.Accounts, ui.Option{Value: strconv.FormatInt(int64(a.ID), 10), Text: a.Name})
			if m.Remaining > 0 {
				form.Standing = append(form.Standing, views.StandingChoice{Account: a.Name, Key: m.Next.Key, Left: m.Remaining})
			}
		}
	}
	form.Counts, form.Speeds = sandboxOptions(ctx, state.Speed)
	for _, rule := range sandbox.ByAmount() {
		form.Rules = append(form.Rules, views.AmountRule{Cents: rule.Cents, Key: rule.Scenario.Key})
	}
	return form
}

// playedBy is the sandbox's merchant behind an account of ours.
func playedBy(state sandbox.State, a models.GatewayAccount) (sandbox.MerchantState, bool) {
	at := slices.IndexFunc(state.Merchants, func(m sandbox.MerchantState) bool {
		return m.Family == a.Family && m.MerchantID == a.MerchantID
	})
	if at < 0 {
		return sandbox.MerchantState{}, false
	}
	return state.Merchants[at], true
}

func sandboxOptions(ctx context.Context, speed int) (counts, speeds []ui.Option) {
	for _, n := range sandboxCounts {
		text := i18n.N(ctx, "control.orders_count", n)
		if n == 0 {
			text = i18n.T(ctx, "control.no_orders_count")
		}
		counts = append(counts, ui.Option{Value: strconv.Itoa(n), Text: text})
	}
	offered := slices.Clone(sandboxSpeeds)
	if !slices.Contains(offered, speed) {
		offered = append(offered, speed)
		slices.Sort(offered)
	}
	for _, n := range offered {
		text := i18n.T(ctx, "control.speed_is", "Times", i18n.Number(n))
		if n == 1 {
			text = i18n.T(ctx, "control.speed_real")
		}
		speeds = append(speeds, ui.Option{Value: strconv.Itoa(n), Text: text})
	}
	return counts, speeds
}

// scenarioGroups lists the usual scenarios, and all others behind them on the
// sandbox's own page.
func scenarioGroups(all []sandbox.Scenario, whole bool) (groups []views.ScenarioGroup) {
	order := []sandbox.Group{sandbox.Usual, sandbox.Replies, sandbox.Queries, sandbox.Notices}
	if !whole {
		order = order[:1]
	}
	for _, name := range order {
		group := views.ScenarioGroup{Key: name.Key()}
		for _, s := range all {
			if s.Group == name {
				group.Scenarios = append(group.Scenarios, views.Scenario{ID: s.ID, Key: s.Key, HintKey: s.HintKey})
			}
		}
		groups = append(groups, group)
	}
	return groups
}
