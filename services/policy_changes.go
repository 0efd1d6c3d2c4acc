package services

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"countersign/models"
)

// policyChanges are changes of the one policy: the content is its models.PolicyTerms.
type policyChanges struct{ *Core }

// Subject is the policy; it concerns nobody more than others.
func (k policyChanges) Subject(*gorm.DB, string) (string, *models.PersonID, error) {
	return "", nil, nil
}

// Now is what the policy in force says.
func (k policyChanges) Now(tx *gorm.DB, _ string) (any, error) {
	p, err := models.CurrentPolicy(tx)
	return p.Content(), err
}

// Check refuses a policy that cannot be obeyed, or under which nobody could sign some
// sums that somebody can sign now (E9).
func (k policyChanges) Check(tx *gorm.DB, c models.Change) error {
	terms, err := readTerms(c.Content)
	if err != nil {
		return err
	}
	if err := terms.Policy().Check(); err != nil {
		return err
	}
	house, err := models.ReadHouse(tx)
	if err != nil {
		return err
	}
	stuck := house.Newly(house.Under(terms.Policy()))
	if len(stuck) == 0 {
		return nil
	}
	return models.Refuse(models.Invalid, "policy.deadlock", "Sum", stuck[0].Band.From(), "Others", len(stuck)-1)
}

func readTerms(text string) (t models.PolicyTerms, err error) {
	if err = json.Unmarshal([]byte(text), &t); err != nil {
		err = fmt.Errorf("read a policy: %w", err)
	}
	return t, err
}

// Apply puts the next version in force, for what is submitted from now on (E13).
func (k policyChanges) Apply(tx *gorm.DB, c models.Change, by models.Actor) error {
	terms, err := readTerms(c.Content)
	if err != nil {
		return err
	}
	proposer, err := models.FindPerson(tx, c.ProposedBy)
	if err != nil {
		return err
	}
	p := terms.Policy()
	p.Note, p.CreatedBy, p.ConfirmedBy, p.CreatedAt = c.Reason, proposer.Name, by.Name, k.Core.Now()
	return (&Policy{Core: k.Core}).add(tx, by, &p)
}

// Lines are what differs.
func (k policyChanges) Lines(_ *gorm.DB, c models.Change) ([]models.ChangeLine, error) {
	before, err := readTerms(c.Before)
	if err != nil {
		return nil, err
	}
	after, err := readTerms(c.Content)
	return models.DiffPolicies(before, after), err
}

// Propose asks another controller for this policy. Until one confirms, the one in force
// stays.
func (s *Policy) Propose(ctx context.Context, by models.Actor, terms models.PolicyTerms, reason string, signed Signed) (models.Change, error) {
	return (&Changes{s.Core}).Propose(ctx, by, models.ChangePolicy, "", terms.Policy().Content(), reason, signed)
}
