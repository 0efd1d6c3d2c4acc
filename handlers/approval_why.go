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

// askedFor is what an order needs and why, in words.
type askedFor struct{ models.Asked }

func askPolicy(db *gorm.DB, policy models.Policy, p models.Payout) (askedFor, error) {
	asked, err := models.AskedOf(db, policy, p)
	return askedFor{asked}, err
}

// whyWords say what the band asks for, and each condition that holds.
func (a askedFor) whyWords(ctx context.Context, maker string, accounts map[models.AccountID]models.GatewayAccount) (words []string) {
	at, bands := a.Policy.BandOf(a.Facts.Sum)
	if at < 0 {
		return []string{i18n.T(ctx, "why.in_all", "Need", views.NeedWords(ctx, a.Answer.Need))}
	}
	switch band := views.BandWords(ctx, bands, max(a.Answer.Reached, a.cumulated())); a.Answer.By {
	case models.ToAccount:
		words = append(words, i18n.T(ctx, "why.to_account", "Sum", a.Answer.Sum, "Band", band))
	case models.ByMaker:
		words = append(words, i18n.T(ctx, "why.by_maker", "Sum", a.Answer.Sum, "Band", band, "Name", maker))
	default:
		words = append(words, band+".")
	}
	for _, c := range a.Answer.Met {
		words = append(words, views.MetWords(ctx, c, named(ctx, c, accounts)))
	}
	if len(a.Answer.Met) > 0 {
		words = append(words, i18n.T(ctx, "why.in_all", "Need", views.NeedWords(ctx, a.Answer.Need)))
	}
	return words
}

// cumulated is the band of the sum that counts.
func (a askedFor) cumulated() int {
	at, _ := a.Policy.BandOf(a.Answer.Sum)
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
	if a.Answer.By == models.OwnSum {
		return nil, nil
	}
	orders, err := models.Earlier(db, p, a.Answer.By, p.SubmittedAt, chainMost)
	if err != nil {
		return nil, err
	}
	chain := &views.DayChain{Sum: a.Answer.Sum, By: a.Answer.By}
	for _, other := range slices.Backward(orders) {
		chain.Orders = append(chain.Orders, twinLine(models.Twin{Payout: other}))
	}
	return chain, nil
}

// joinedWords are sentences one after the other.
func joinedWords(words []string, more ...string) string {
	return strings.TrimSpace(strings.Join(append(words, more...), " "))
}
