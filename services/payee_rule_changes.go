package services

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// payeeRuleChanges are changes of what is asked of new and changed details, and of how
// long an order waits for signatures: the content is models.PayeeTerms.
type payeeRuleChanges struct{ *Core }

// Subject are the rules; they concern nobody more than others.
func (k payeeRuleChanges) Subject(*gorm.DB, string) (string, *models.PersonID, error) {
	return "", nil, nil
}

// Now are the rules in force.
func (k payeeRuleChanges) Now(tx *gorm.DB, _ string) (any, error) { return models.ReadPayeeTerms(tx) }

// Check refuses rules that cannot be kept.
func (k payeeRuleChanges) Check(_ *gorm.DB, c models.Change) error {
	terms, err := readPayeeTerms(c.Content)
	if err != nil {
		return err
	}
	return terms.Check()
}

func readPayeeTerms(text string) (t models.PayeeTerms, err error) {
	if err = json.Unmarshal([]byte(text), &t); err != nil {
		err = fmt.Errorf("read the payee rules: %w", err)
	}
	return t, err
}

// Apply puts them in force: for every order that has not left, from its next look on.
func (k payeeRuleChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	terms, err := readPayeeTerms(c.Content)
	if err != nil {
		return err
	}
	if err := models.WritePayeeRules(tx, terms.PayeeRules, by, k.Core.Now()); err != nil {
		return err
	}
	limits, err := models.CurrentLimits(tx)
	if err != nil || limits.Content.WaitsFor() == terms.ExpireDays {
		return err
	}
	limits.Content.ExpireDays = terms.ExpireDays
	_, err = (&Limits{Core: k.Core}).add(tx, by, limits.Content, c.Reason, unsigned)
	return err
}

// Lines are what differs.
func (k payeeRuleChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readPayeeTerms(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readPayeeTerms(c.Content)
	return models.DiffPayeeTerms(before, after), err
}

// ProposeRules asks another controller for these rules.
func (s *Payees) ProposeRules(ctx context.Context, by models.Actor, terms models.PayeeTerms, reason string, signed Signed) (models.Change, error) {
	terms = terms.InOrder()
	if err := terms.Check(); err != nil {
		return models.Change{}, err
	}
	return (&Changes{s.Core}).Propose(ctx, by, models.ChangePayeeRules, "", terms, reason, signed)
}
