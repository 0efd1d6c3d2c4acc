package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway/families"
	"countersign/views"
	"countersign/views/i18n"
)

// askedFor is what an order needs and why, from the facts that were frozen when it was
// submitted.
type askedFor struct {
	answer models.Answer
	policy models.Policy
	facts  models.Facts
}

// askPolicy asks the policy again what its submission asked for. Orders submitted before
// facts were kept are held to their band alone.
func askPolicy(db *gorm.DB, policy models.Policy, p models.Payout) (a askedFor, err error) {
	a.policy = policy
	submission, _, err := models.LastMove(db, p.ID, models.MoveSubmit)
	if err != nil {
		return a, err
	}
	var known bool
	if a.facts, known = models.ReadFacts(submission); !known {
		a.facts = models.Facts{Sum: p.Amount()}
		a.policy.Rules = models.Rules{}
	}
	if at, _ := a.policy.BandOf(a.facts.Sum); at < 0 {
		a.answer.Need = p.Asks()
		return a, nil
	}
	a.answer, err = a.policy.Need(a.facts)
	return a, err
}

// whyWords say what the band asks for, and each condition that holds.
func (a askedFor) whyWords(ctx context.Context, maker string, accounts map[models.AccountID]models.GatewayAccount) (words []string) {
	at, bands := a.policy.BandOf(a.facts.Sum)
	if at < 0 {
		return []string{i18n.T(ctx, "why.in_all", "Need", views.NeedWords(ctx, a.answer.Need))}
	}
	switch band := views.BandWords(ctx, bands, max(a.answer.Reached, a.cumulated())); a.answer.By {
	case models.ToAccount:
		words = append(words, i18n.T(ctx, "why.to_account", "Sum", a.answer.Sum, "Band", band))
	case models.ByMaker:
		words = append(words, i18n.T(ctx, "why.by_maker", "Sum", a.answer.Sum, "Band", band, "Name", maker))
	default:
		words = append(words, band+".")
	}
	for _, c := range a.answer.Met {
		words = append(words, views.MetWords(ctx, c, named(ctx, c, accounts)))
	}
	if len(a.answer.Met) > 0 {
		words = append(words, i18n.T(ctx, "why.in_all", "Need", views.NeedWords(ctx, a.answer.Need)))
	}
	return words
}

// cumulated is the band of the sum that counts.
func (a askedFor) cumulated() int {
	at, _ := a.policy.BandOf(a.answer.Sum)
	return at
}

// named is what a condition on a gateway or a rail is about.
func named(ctx context.Context, c models.Condition, accounts map[models.AccountID]models.GatewayAccount) string {
	switch c.When {
	case models.ThroughGateway:
		for id, account := range accounts {
			if fmt.Sprint(id) == c.Of {
				return account.Name
			}
		}
	case models.OnRail:
		if _, rail, known := families.Rail(c.Of); known {
			return i18n.T(ctx, rail.Key)
		}
	}
	return c.Of
}

// chainMost is how many orders of a day are listed; the sum counts all.
const chainMost = 20

// chain are the other orders whose sum chose the band (features.md X10).
func (a askedFor) chain(ctx context.Context, db *gorm.DB, p models.Payout) (*views.DayChain, error) {
	if a.answer.By == models.OwnSum {
		return nil, nil
	}
	orders, err := models.Earlier(db, p, a.answer.By, p.SubmittedAt, chainMost)
	if err != nil {
		return nil, err
	}
	chain := &views.DayChain{Sum: a.answer.Sum, By: a.answer.By}
	for _, other := range slices.Backward(orders) {
		chain.Orders = append(chain.Orders, twinLine(models.Twin{Payout: other}))
	}
	return chain, nil
}

// joinedWords are sentences one after the other.
func joinedWords(words []string, more ...string) string {
	return strings.TrimSpace(strings.Join(append(words, more...), " "))
}
