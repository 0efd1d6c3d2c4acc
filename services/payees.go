package services

import (
	"context"
	"maps"

	"gorm.io/gorm"

	"countersign/models"
	"countersign/services/gateway"
	"countersign/services/gateway/families"
)

// Payees are the verbs of the payee book.
type Payees struct{ *Core }

// FoldNames makes names searchable and comparable that were stored before they were.
func (c *Core) FoldNames(ctx context.Context) error {
	last := models.PayeeID(0)
	for {
		err := c.Store.Write(ctx, func(tx *gorm.DB) (err error) {
			last, err = models.FoldNames(tx, last, c.Now())
			return err
		})
		if err != nil || last == 0 {
			return err
		}
	}
}

// HashAccount is the keyed hash by which a list finds an account number.
func (s *Payees) HashAccount(number string) []byte { return s.hashAccount(number) }

// Reveal opens one version of a payee's details; that it was done is on record before
// anything is shown (D8, I24).
func (s *Payees) Reveal(ctx context.Context, by models.Person, id models.PayeeVersionID) (models.Fields, error) {
	var fields models.Fields
	err := s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := asNow(tx, &by); err != nil {
			return err
		}
		version, err := models.FindPayeeVersion(tx, id)
		if err != nil {
			return err
		}
		if err := models.CheckPayeeScope(tx, version.PayeeID, by); err != nil {
			return err
		}
		if err := version.CheckReveal(by); err != nil {
			return err
		}
		if fields, err = s.payeeFields(version); err != nil {
			return err
		}
		return models.Append(tx, version.Event("payee_revealed", by.As(models.VerbReveal), s.Now(), nil))
	})
	return maps.Clone(fields), err
}

// NewDetails are the answers with which a maker asks for a change. A secret answer that
// is left empty stays as it is.
type NewDetails struct {
	Values map[string]string
	Reason string
}

// Change asks for other details of a payee; another person confirms them (D2).
func (s *Payees) Change(ctx context.Context, by models.Person, id models.PayeeID, n NewDetails, signed Signed) (c models.Change, err error) {
	err = s.Store.Write(ctx, func(tx *gorm.DB) error {
		if err := mayNow(tx, &by, models.VerbPayee); err != nil {
			return err
		}
		if err := models.CheckPayeeScope(tx, id, by); err != nil {
			return err
		}
		version, err := models.LatestVersion(tx, id)
		if err != nil {
			return err
		}
		details, wrong, err := s.details(version, n.Values)
		if err != nil {
			return err
		}
		reason, err := needReason(n.Reason)
		if wrong = append(wrong, refusalsOf(err)...); len(wrong) > 0 {
			return wrong
		}
		changes := &Changes{Core: s.Core}
		c, err = changes.ProposeIn(tx, by.As(models.VerbPayee), models.ChangePayee, id.Value(), details, reason, signed)
		return err
	})
	return c, err
}

// details reads the answers against the rail, on the ground of those in use.
func (s *Payees) details(v models.PayeeVersion, values map[string]string) (d models.PayeeDetails, wrong models.Refusals, err error) {
	_, rail, known := families.Rail(v.Rail)
	if !known {
		return d, nil, models.Refuse(models.Missing, "rail.missing")
	}
	before, err := s.payeeFields(v)
	if err != nil {
		return d, nil, err
	}
	payee, wrong := payeeAnswers(rail, before, values)
	if len(wrong) > 0 {
		return d, wrong, nil
	}
	made, err := s.versionOf(rail, payee)
	return made.Details(), nil, err
}

// payeeAnswers are the payee's clean answers, and what is wrong with them.
func payeeAnswers(rail gateway.Rail, before models.Fields, values map[string]string) (payee models.Fields, wrong models.Refusals) {
	typed := map[string]string{}
	for _, field := range rail.Fields {
		value, sent := values[field.Name]
		if field.Payee && field.Secret && value == "" || !sent {
			value = before[field.Name]
		}
		if field.Payee {
			typed[field.Name] = value
		}
	}
	clean := rail.Clean(typed)
	for _, e := range rail.Validate(rail.Min, clean) {
		if field, ok := rail.Field(e.Field); ok && field.Payee && !e.Warning {
			wrong = append(wrong, models.Refuse(models.Invalid, e.Key, e.Args...).On(e.Field))
		}
	}
	return clean, wrong
}
